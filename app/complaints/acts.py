"""The verbs of complaints: what somebody can do with one, and in which states."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from app.complaints import kinds, words
from app.complaints.acting import ActError, By, act, locked
from app.complaints.models import OPEN, Complaint, ComplaintEvent, Outcome, State, What
from app.complaints.records import ComplaintPhoto
from app.db import writing
from app.staff.models import Member

EXTENSIONS = 1
STILL = timedelta(days=60)
"""So long after the end somebody may say that it is not over."""


def assign(one: Complaint, to: Member, by: By, now: datetime, version: int | None = None) -> None:
    """담당자 지정: from now on the applicant knows unit and telephone of who handles it."""
    data = {"unit": to.unit, "phone": to.phone}
    state = State.ASSIGNED if one.state == State.RECEIVED else one.state
    act(
        one,
        What.ASSIGNED,
        by,
        now,
        version=version,
        data=data,
        changes={"assigned_to": to, "state": state},
    )


def start(one: Complaint, by: By, now: datetime, version: int | None = None) -> None:
    """처리중."""
    states = (State.RECEIVED, State.ASSIGNED)
    changes = {"state": State.WORKING}
    act(one, What.STARTED, by, now, states=states, version=version, changes=changes)


def move(one: Complaint, office: str, by: By, now: datetime, version: int | None = None) -> None:
    """부서 이송: another office of ours handles it; whoever had it has not any more. What the
    applicant was asked for is still waited for.
    """
    data = {"from": one.office, "to": office}
    state = State.WAITING if one.state == State.WAITING else State.RECEIVED
    changes = {"office": office, "assigned_to": None, "state": state}
    act(one, What.MOVED, by, now, version=version, data=data, changes=changes)


def ask(one: Complaint, text: str, by: By, now: datetime, version: int | None = None) -> None:
    """보완요구: something is missing; the clock stops until it comes."""
    states = (State.RECEIVED, State.ASSIGNED, State.WORKING)
    changes = {"state": State.WAITING}
    act(one, What.ASKED, by, now, states=states, version=version, text=text, changes=changes)


def give(one: Complaint, text: str, by: By, now: datetime) -> None:
    """What was missing has come: the clock goes on."""
    states, changes = (State.WAITING,), {"state": State.WORKING}
    act(one, What.GIVEN, by, now, states=states, text=text, promise=True, changes=changes)


def extend(one: Complaint, reason: str, by: By, now: datetime, version: int | None = None) -> None:
    """연장: once, by as long as the period (art. 21)."""
    states = (State.RECEIVED, State.ASSIGNED, State.WORKING)
    if not reason.strip():
        raise ActError("no reason")
    with writing():
        extensions = locked(one.id).extensions + 1
        if extensions > EXTENSIONS:
            raise ActError("extended")
        act(
            one, What.EXTENDED, by, now, states=states, version=version, text=reason, promise=True,
            changes={"extensions": extensions},
        )  # fmt: skip


def say(one: Complaint, text: str, by: By, now: datetime) -> None:
    """A message, either way; of an applicant who was asked for something, it is that."""
    if one.state == State.WAITING and by.kind == "applicant":
        give(one, text, by, now)
        return
    act(one, What.SAID, by, now, states=tuple(State), text=text)


def add_photos(one: Complaint, count: int, by: By, now: datetime, shown: bool = True) -> None:
    """Photos have come, whose rows are there; of who was asked for something, they are that. Staff
    add some at any time, also for the office alone.
    """
    if one.state == State.WAITING and by.kind == "applicant":
        give(one, "", by, now)
    states = tuple(State) if by.is_staff else OPEN
    act(one, What.PHOTO, by, now, states=states, data={"count": count}, shown=shown)


def note(one: Complaint, text: str, by: By, now: datetime) -> None:
    """Something for the office alone."""
    act(one, What.NOTE, by, now, states=tuple(State), text=text, shown=False)


def close(
    one: Complaint,
    outcome: Outcome,
    text: str,
    by: By,
    now: datetime,
    version: int | None = None,
) -> None:
    """처리완료, with the answer; a refusal says why and what can be done against it."""
    if not text.strip():
        raise ActError("no answer")
    changes = {"state": State.DONE, "closed_at": now, "outcome": outcome}
    data = {"outcome": outcome.value}
    act(one, What.CLOSED, by, now, version=version, text=text, data=data, changes=changes)


def transfer(one: Complaint, where: str, text: str, by: By, now: datetime, version: int) -> None:
    """이송: another authority handles it."""
    changes = {"state": State.TRANSFERRED, "closed_at": now, "outcome": Outcome.NOT_OURS}
    data = {"to": where}
    act(one, What.TRANSFERRED, by, now, version=version, text=text, data=data, changes=changes)


def give_up(one: Complaint, text: str, by: By, now: datetime, version: int) -> None:
    """반려: what was asked for never came."""
    changes = {"state": State.RETURNED, "closed_at": now}
    act(
        one,
        What.RETURNED,
        by,
        now,
        states=(State.WAITING,),
        version=version,
        text=text,
        changes=changes,
    )


def withdraw(one: Complaint, by: By, now: datetime) -> None:
    """취하: the applicant does not want it any more."""
    act(one, What.WITHDRAWN, by, now, changes={"state": State.WITHDRAWN, "closed_at": now})


def reopen(one: Complaint, text: str, by: By, now: datetime) -> None:
    """아직 그대로예요: it begins anew, and so does the clock."""
    changes = {
        "state": State.ASSIGNED if one.assigned_to_id else State.RECEIVED,
        "closed_at": None,
        "outcome": "",
        "begun_at": now,
        "extensions": 0,
        "reopened": one.reopened + 1,
        "rating": None,
    }
    if one.closed_at and now - one.closed_at > STILL:
        raise ActError("too late")
    act(one, What.REOPENED, by, now, states=(State.DONE,), text=text, promise=True, changes=changes)


def rate(one: Complaint, stars: int, text: str, by: By, now: datetime) -> None:
    """How content the applicant is; once, after the end."""
    data = {"rating": stars}
    with writing():
        if locked(one.id).rating is not None:
            raise ActError("rated")
        act(
            one, What.RATED, by, now, states=(State.DONE,), text=text, data=data,
            changes={"rating": stars},
        )  # fmt: skip


def object_to(one: Complaint, text: str, by: By, now: datetime) -> None:
    """이의: the answer is not accepted; the office looks at it anew."""
    with writing():
        reopen(one, text, by, now)
        act(one, What.OBJECTED, by, now)


def merge(one: Complaint, into: Complaint, by: By, now: datetime, version: int) -> None:
    """The same thing was reported before: this one follows the other."""
    if into.id == one.id or not into.is_open:
        raise ActError("not open")
    changes = {"state": State.MERGED, "closed_at": now, "merged_into": into}
    data = {"into": into.reference}
    with writing():
        act(one, What.MERGED, by, now, version=version, data=data, changes=changes)
        act(into, What.NOTE, by, now, text=one.reference, shown=False)


def redact(
    one: Complaint,
    reason: str,
    by: By,
    now: datetime,
    version: int,
    *,
    text: bool = True,
    photos: Sequence[str] = (),
) -> None:
    """Take out what the applicant wrote, or photos; they are told why, unless they never saw it.
    The photos' files are removed by who asked for it, once this is committed.
    """
    with writing():
        changes = without_words(one) if text else {}
        mine = (ComplaintPhoto.complaint == one.id) & ComplaintPhoto.name.in_(photos)
        seen = text or ComplaintPhoto.of(one.id).where(mine).exists()
        hidden = ComplaintPhoto.update(hidden_at=now, released_at=None).where(mine).execute()
        data = {"text": text, "photos": hidden}
        act(
            one, What.REDACTED, by, now, states=tuple(State), version=version, text=reason,
            data=data, changes=changes, shown=seen,
        )  # fmt: skip
        if text:
            words.index(one.id, one.reference, one.district, one.dong, one.place)


def without_words(one: Complaint) -> dict[str, Any]:
    """Empty what the applicant wrote in events; the columns that lose their words."""
    wrote = (ComplaintEvent.complaint == one.id) & (ComplaintEvent.actor_kind == "applicant")
    ComplaintEvent.update(text="").where(wrote).execute()
    kind = kinds.types().get(one.type)
    chosen = {each.code for each in kind.questions if each.kind != "text"} if kind else set()
    answers = {
        code: said for code, said in json.loads(one.answers or "{}").items() if code in chosen
    }
    kept = json.dumps(answers, ensure_ascii=False)
    return {"body": "", "answers": kept, "public_text": "", "released_at": None}


def release(
    one: Complaint, text: str, by: By, now: datetime, version: int, photos: Sequence[str] = ()
) -> None:
    """Let it be shown in public, with words and photos that say nothing about a person; without
    words it is public no more.
    """
    changes = {"released_at": now if text else None, "public_text": text[:400]}
    with writing():
        mine = ComplaintPhoto.complaint == one.id
        ComplaintPhoto.update(released_at=None).where(mine).execute()
        if text:
            there = ComplaintPhoto.hidden_at.is_null() & ComplaintPhoto.shown
            chosen = mine & ComplaintPhoto.name.in_(photos) & there
            ComplaintPhoto.update(released_at=now).where(chosen).execute()
        act(
            one, What.RELEASED, by, now, states=tuple(State), version=version, shown=False,
            text=text, changes=changes,
        )  # fmt: skip
