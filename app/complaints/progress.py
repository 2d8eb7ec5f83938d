"""What the page of a complaint shows: its state in words and shape, its dates, its time line."""

import json
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from app import clock, phones, words
from app.complaints import kinds
from app.complaints.acts import STILL
from app.complaints.labels import HAPPENED, OUTCOMES, STATES
from app.complaints.models import Complaint, ComplaintEvent, Outcome, State, What
from app.complaints.officer import office
from app.complaints.records import ComplaintPhoto
from app.language import _

SHAPES = {
    State.RECEIVED: ("open", "○"),
    State.ASSIGNED: ("open", "◔"),
    State.WORKING: ("open", "◑"),
    State.WAITING: ("late", "!"),
    State.DONE: ("paid", "●"),
    State.TRANSFERRED: ("paid", "→"),
    State.WITHDRAWN: ("paid", "×"),
    State.RETURNED: ("late", "×"),
    State.MERGED: ("paid", "="),
}
TWICE = timedelta(minutes=10)


class Badge(NamedTuple):
    css: str
    shape: str
    word: str


class Listed(NamedTuple):
    """A complaint in a list."""

    reference: str
    kind: str
    place: str
    badge: Badge
    received: str


class Step(NamedTuple):
    """One line of the time line."""

    what: str
    at: str
    who: str
    lines: list[str]


def badge(state: str) -> Badge:
    css, shape = SHAPES[State(state)]
    return Badge(css, shape, str(STATES[State(state)]))


def place(one: Complaint) -> str:
    """Where it is; an address of a home names its district itself."""
    named = one.district and one.district in one.place
    parts = (one.place,) if named else (one.district, one.dong, one.place)
    return " ".join(part for part in parts if part)


def listed(one: Complaint) -> Listed:
    received = words.moment(one.received_at)
    return Listed(one.reference, kinds.name(one.type), place(one), badge(one.state), received)


def steps(one: Complaint) -> list[Step]:
    """What the applicant may know, the newest first."""
    shown = [event for event in ComplaintEvent.of(one.id) if event.shown]
    return [step(event) for event in reversed(shown)]


def step(event: ComplaintEvent) -> Step:
    data = json.loads(event.data)
    who = _("신청인") if event.actor_kind == "applicant" else _("담당자")
    if event.kind == What.ASSIGNED:
        who = " ".join(part for part in (data.get("unit"), data.get("phone")) if part)
    elif event.kind == What.TRANSFERRED:
        who = str(data.get("to", ""))
    elif event.actor_kind == "system":
        who = ""
    what = str(HAPPENED[What(event.kind)])
    return Step(what, words.moment(event.at), who, event.text.splitlines())


def dates(one: Complaint) -> list[tuple[str, str]]:
    """When an answer is due by law, and what was promised when that is another moment."""
    if one.closed_at:
        return [(_("끝난 때"), words.moment(one.closed_at))]
    if one.due_at is None:
        return [(_("답변 기한"), _("보완하실 때까지 멈춰 있습니다"))]
    due = words.moment(one.due_at)
    if clock.now() > one.due_at:
        due += _(" (지났습니다. 죄송합니다. 전화로 재촉하실 수 있습니다)")
    found = [(_("법정 기한"), due)]
    if one.promised_at != one.due_at:
        found.append((_("약속한 때"), words.moment(one.promised_at)))
    return found


def page_of(one: Complaint) -> dict[str, Any]:
    """Everything that the page shows."""
    answers = json.loads(one.answers or "{}")
    said = [
        (_("곳"), place(one)),
        *kinds.answered(one.type, answers),
        (_("더 알릴 내용"), one.body),
    ]
    with_main = one.merged_into
    return {
        "one": one,
        "kind_name": kinds.name(one.type),
        "badge": badge(one.state),
        "changed": words.moment(one.changed_at),
        "dates": dates(one),
        "office": office(one),
        "outcome": str(OUTCOMES[Outcome(one.outcome)]) if one.outcome else "",
        "steps": steps(one),
        "said": [(name, text) for name, text in said if text],
        "phone": phones.shown_or(one.phone),
        "photos": list(ComplaintPhoto.of(one.id)),
        "main": badge(with_main.state) if with_main else None,
        "may_reopen": may_reopen(one),
        "may_rate": one.state == State.DONE and one.rating is None,
    }


def may_reopen(one: Complaint) -> bool:
    ended = one.closed_at
    return one.state == State.DONE and ended is not None and clock.now() - ended <= STILL


def was_said(one: Complaint, text: str, now: datetime) -> bool:
    """Whether the applicant wrote just that a moment ago: a form that was sent twice."""
    found = ComplaintEvent.of(one.id).where(
        (ComplaintEvent.actor_kind == "applicant") & (ComplaintEvent.at > now - TWICE)
    )
    return any(event.text == text for event in found)


def photo_count(one: Complaint) -> int:
    return int(ComplaintPhoto.of(one.id).count())
