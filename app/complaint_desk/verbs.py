"""The acts of this desk: each with its form, what it does, and what the log calls it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from app.complaint_desk import forms
from app.complaint_desk.colleagues import colleague
from app.complaints import acts, dividing, kinds, queue
from app.complaints.acting import ActError, By
from app.complaints.models import OPEN, Complaint, Outcome, State
from app.language import Later, later
from app.staff.session import current_member, scope

Run = Callable[[Complaint, Any, By, datetime], None]
EVERY = tuple(State)
BEGUN = (State.RECEIVED, State.ASSIGNED, State.WORKING)


class Verb(NamedTuple):
    """`states` are those in which it is offered."""

    name: Later
    form: type[forms.ActForm]
    run: Run
    log: str
    states: tuple[State, ...]
    done: Later


def mine(one: Complaint, form: forms.ActForm, by: By, now: datetime) -> None:
    give_to(one, current_member().reference, form, by, now)


def assign(one: Complaint, form: forms.AssignForm, by: By, now: datetime) -> None:
    give_to(one, form.member.data, form, by, now)


def give_to(one: Complaint, reference: str, form: forms.ActForm, by: By, now: datetime) -> None:
    to = colleague(reference, one.office)
    if to is None:
        raise ActError("not of this office")
    acts.assign(one, to, by, now, form.seen)


def start(one: Complaint, form: forms.ActForm, by: By, now: datetime) -> None:
    acts.start(one, by, now, form.seen)


def move(one: Complaint, form: forms.MoveForm, by: By, now: datetime) -> None:
    acts.move(one, form.office.data, by, now, form.seen)


def ask(one: Complaint, form: forms.AskForm, by: By, now: datetime) -> None:
    acts.ask(one, form.text.data, by, now, form.seen)


def give(one: Complaint, form: forms.GiveForm, by: By, now: datetime) -> None:
    acts.give(one, form.text.data, by, now)


def extend(one: Complaint, form: forms.ExtendForm, by: By, now: datetime) -> None:
    acts.extend(one, form.text.data, by, now, form.seen)


def say(one: Complaint, form: forms.SayForm, by: By, now: datetime) -> None:
    acts.say(one, form.text.data, by, now)


def note(one: Complaint, form: forms.NoteForm, by: By, now: datetime) -> None:
    acts.note(one, form.text.data, by, now)


def transfer(one: Complaint, form: forms.TransferForm, by: By, now: datetime) -> None:
    acts.transfer(one, form.where.data, form.text.data, by, now, form.seen)


def give_up(one: Complaint, form: forms.ReturnForm, by: By, now: datetime) -> None:
    acts.give_up(one, form.text.data, by, now, form.seen)


def merge(one: Complaint, form: forms.MergeForm, by: By, now: datetime) -> None:
    into = queue.scoped(form.number.data, scope())
    if into is None:
        raise ActError("no such complaint")
    acts.merge(one, into, by, now, form.seen)


def split(one: Complaint, form: forms.SplitForm, by: By, now: datetime) -> None:
    """The version is the form's key: sent twice it is split once."""
    key = f"split of {one.reference} {form.seen}"
    dividing.split(one, form.matter.data, form.text.data, key, by, now, form.seen)


def answer(one: Complaint, form: forms.AnswerForm, by: By, now: datetime) -> None:
    outcome = Outcome(form.outcome.data)
    acts.close(one, outcome, form.text.data, by, now, form.seen)


def release(one: Complaint, form: forms.ReleaseForm, by: By, now: datetime) -> None:
    kind = kinds.types().get(one.type)
    if form.text.data and not (kind and kind.public):
        raise ActError("never public")
    acts.release(one, form.text.data, by, now, form.seen, form.photos.data)


def redact(one: Complaint, form: forms.RedactForm, by: By, now: datetime) -> None:
    wanted = {"text": bool(form.what.data), "photos": form.photos.data}
    acts.redact(one, form.text.data, by, now, form.seen, **wanted)


def photos(one: Complaint, form: forms.AddPhotosForm, by: By, now: datetime) -> None:
    acts.add_photos(one, form.added, by, now, form.is_shown)


SPLIT = Verb(
    later("둘로 나누기"), forms.SplitForm, split, "complaint.split", OPEN,
    later("민원을 둘로 나누었습니다."),
)  # fmt: skip
VERBS: dict[str, Verb] = {
    "mine": Verb(
        later("나에게 지정"), forms.ActForm, mine, "complaint.assigned", OPEN,
        later("담당자가 되었습니다."),
    ),
    "start": Verb(
        later("처리 시작"), forms.ActForm, start, "complaint.started",
        (State.RECEIVED, State.ASSIGNED), later("처리를 시작했습니다."),
    ),
    "ask": Verb(
        later("보완 요구"), forms.AskForm, ask, "complaint.asked", BEGUN,
        later("보완을 요구했습니다. 답이 올 때까지 기한이 멈춥니다."),
    ),
    "give": Verb(
        later("보완을 전화나 창구로 받음"), forms.GiveForm, give, "complaint.given",
        (State.WAITING,), later("보완을 받았습니다. 기한을 다시 셉니다."),
    ),
    "return": Verb(
        later("보완이 오지 않아 반려"), forms.ReturnForm, give_up, "complaint.returned",
        (State.WAITING,), later("반려하고 까닭을 알렸습니다."),
    ),
    "say": Verb(
        later("신청인에게 메시지"), forms.SayForm, say, "complaint.said", EVERY,
        later("메시지를 보냈습니다."),
    ),
    "note": Verb(
        later("내부 메모"), forms.NoteForm, note, "complaint.noted", EVERY,
        later("메모를 남겼습니다."),
    ),
    "assign": Verb(
        later("동료에게 지정"), forms.AssignForm, assign, "complaint.assigned", OPEN,
        later("담당자를 정했습니다."),
    ),
    "extend": Verb(
        later("기한 연장"), forms.ExtendForm, extend, "complaint.extended", BEGUN,
        later("기한을 늘리고 까닭을 알렸습니다."),
    ),
    "move": Verb(
        later("다른 사업소로 보내기"), forms.MoveForm, move, "complaint.moved", OPEN,
        later("다른 사업소로 보냈습니다."),
    ),
    "transfer": Verb(
        later("다른 기관으로 이송"), forms.TransferForm, transfer, "complaint.transferred", OPEN,
        later("이송하고 신청인에게 알렸습니다."),
    ),
    "merge": Verb(
        later("같은 민원과 병합"), forms.MergeForm, merge, "complaint.merged", OPEN,
        later("먼저 접수된 민원과 합쳤습니다."),
    ),
    "split": SPLIT,
}  # fmt: skip
ANSWER = Verb(
    later("답변하고 마치기"), forms.AnswerForm, answer, "complaint.answered", OPEN,
    later("답변을 보내고 마쳤습니다."),
)  # fmt: skip
RELEASE = Verb(
    later("공개"), forms.ReleaseForm, release, "complaint.released", EVERY,
    later("공개를 정했습니다."),
)  # fmt: skip
REDACT = Verb(
    later("글이나 사진 가리기"), forms.RedactForm, redact, "complaint.redacted", EVERY,
    later("가리고 까닭을 알렸습니다."),
)  # fmt: skip
PHOTOS = Verb(
    later("사진 붙이기"), forms.AddPhotosForm, photos, "complaint.photos_added", EVERY,
    later("사진을 붙였습니다."),
)  # fmt: skip
ALL = {**VERBS, "answer": ANSWER, "release": RELEASE, "redact": REDACT, "photos": PHOTOS}


def offered(one: Complaint, may: Callable[[str], bool]) -> dict[str, Verb]:
    """The acts of a complaint in its state, for who may do them."""
    found = {name: verb for name, verb in VERBS.items() if one.state in verb.states}
    if one.extensions >= acts.EXTENSIONS:
        found.pop("extend", None)
    return found if may("complaints.handle") else {}
