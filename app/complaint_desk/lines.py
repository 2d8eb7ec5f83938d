"""What a line of the queue says, and how the queue is narrowed by its address."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from app import words
from app.complaints import kinds, progress, queue
from app.complaints.labels import CHANNELS, STATES
from app.complaints.models import OPEN, Channel, Complaint, State
from app.complaints.progress import Badge
from app.complaints.queue import Wanted
from app.language import _, later
from app.staff.models import Member
from app.staff.sign_ins import SignedIn
from app.supply.offices import offices

WHOSE = {"": later("모두"), "mine": later("내 것"), "nobody": later("담당자 없음")}
DUE = {"": later("모두"), "late": later("기한 지남"), "soon": later("지났거나 곧 기한")}


class Filter(NamedTuple):
    """How the queue is narrowed; nothing is everything."""

    office: str = ""
    type: str = ""
    state: str = ""
    whose: str = ""
    due: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Filter":
        """What an address says; what cannot be is left out."""
        known: dict[str, Any] = {
            "office": offices(),
            "type": kinds.types(),
            "state": OPEN,
            "whose": WHOSE,
            "due": DUE,
        }
        return cls(*(value if (value := given.get(n, "")) in known[n] else "" for n in cls._fields))

    @property
    def query(self) -> str:
        return urlencode({name: value for name, value in self._asdict().items() if value})

    def wanted(self, member_id: int) -> Wanted:
        return Wanted(
            type=self.type,
            state=self.state,
            assigned_to=member_id if self.whose == "mine" else None,
            unassigned=self.whose == "nobody",
            soon=self.due == "soon",
            late=self.due == "late",
        )

    def offices(self, allowed: Sequence[str]) -> list[str]:
        return [code for code in allowed if self.office in ("", code)]


class Line(NamedTuple):
    """One complaint in a list. `css`, `shape` and `word` say how near its date is."""

    reference: str
    version: int
    kind: str
    place: str
    badge: Badge
    due: str
    css: str
    shape: str
    word: str
    who: str
    channel: str
    received: str
    office: str
    again: bool


def where(one: Complaint) -> str:
    """The exact place of what is in the street; of homes no more than the dong."""
    kind = kinds.types().get(one.type)
    if kind is not None and kind.place == "street":
        return progress.place(one)
    return f"{one.district} {one.dong}".strip()


def nearness(one: Complaint, now: datetime) -> tuple[str, str, str]:
    if queue.is_late(one, now):
        return "late", "▲", _("지남")
    if queue.is_soon(one, now):
        return "soon", "◆", _("곧")
    return "", "", ""


def due_of(one: Complaint) -> str:
    if one.closed_at:
        return _("%(when)s 끝남", when=words.moment(one.closed_at))
    return words.moment(one.due_at) if one.due_at else _("멈춤")


def lines(found: Sequence[Complaint], now: datetime) -> list[Line]:
    ids = {one.assigned_to_id for one in found} - {None}
    names = {one.get_id(): one.name for one in Member.select().where(Member.id.in_(ids))}
    return [line(one, names, now) for one in found]


def line(one: Complaint, names: Mapping[int | None, str], now: datetime) -> Line:
    css, shape, word = nearness(one, now)
    return Line(
        one.reference,
        one.version,
        kinds.name(one.type),
        where(one),
        progress.badge(one.state),
        due_of(one),
        css,
        shape,
        word,
        names.get(one.assigned_to_id, ""),
        str(CHANNELS[Channel(one.channel)]),
        words.moment(one.received_at),
        offices()[one.office].shown,
        bool(one.reopened),
    )


def choices(allowed: Sequence[str]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(name, label, options) of the filter's fields in their order."""
    every = ("", _("모두"))
    mine = [(code, offices()[code].shown) for code in allowed]
    states = [(state.value, str(STATES[State(state)])) for state in OPEN]
    types = [(code, kind.name) for code, kind in kinds.types().items()]
    found = [
        ("type", _("종류"), [every, *types]),
        ("state", _("상태"), [every, *states]),
        ("whose", _("담당자"), [(code, str(label)) for code, label in WHOSE.items()]),
        ("due", _("기한"), [(code, str(label)) for code, label in DUE.items()]),
    ]
    return [("office", _("사업소"), [every, *mine]), *found] if len(mine) > 1 else found


def board(
    member: SignedIn, allowed: Sequence[str], chosen: Filter, now: datetime, after: str = ""
) -> dict[str, Any]:
    """A page of the queue; `after` is the reference of the last line of the page before."""
    last = queue.scoped(after, allowed) if after else None
    found = queue.page(chosen.offices(allowed), chosen.wanted(member.id), now, last)
    shown = found[: queue.SIZE]
    return {
        "lines": lines(shown, now),
        "next": shown[-1].reference if len(found) > queue.SIZE else "",
        "chosen": chosen,
        "choices": choices(allowed),
        "several_offices": len(allowed) > 1,
    }
