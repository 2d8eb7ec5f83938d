"""Which requests a program asks for, and what it is told of each: nothing about a person."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Self

from peewee import Expression, ModelSelect

from app.clock import SEOUL
from app.complaints import kinds, places, public
from app.complaints.labels import HAPPENED, STATES
from app.complaints.models import Complaint, ComplaintEvent, State, What
from app.language import _
from app.open311.services import offered
from app.open311.spark import Value
from app.open311.wrong import WrongError
from app.supply.offices import offices

LONGEST = timedelta(days=90)
MOST = 1000
STATUSES = {"open", "closed"}
PLUS = re.compile(r"(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?) (\d\d:\d\d)$")
"""A zone whose plus sign was sent as it is, and so arrived as a blank."""
DETAILED = {
    State.RECEIVED: "RECEIVED",
    State.ASSIGNED: "IN_PROCESS",
    State.WORKING: "IN_PROCESS",
    State.WAITING: "IN_PROCESS",
    State.DONE: "PROCESSED",
    State.TRANSFERRED: "PROCESSED",
    State.MERGED: "PROCESSED",
    State.WITHDRAWN: "REJECTED",
    State.RETURNED: "REJECTED",
}


class Span(NamedTuple):
    """From a moment to another, both counted."""

    since: datetime
    until: datetime

    @classmethod
    def of(cls, start: datetime | None, end: datetime | None, now: datetime) -> Self:
        """The bounds that were given, at most 90 days apart; the last 90 days without any."""
        if start and end and not timedelta(0) <= end - start <= LONGEST:
            raise WrongError(400, _("start_date와 end_date의 사이는 0일에서 90일까지입니다."))
        if start and not end:
            return cls(start, min(start + LONGEST, max(now, start)))
        last = end or now
        return cls(start or last - LONGEST, last)


def moment(given: Mapping[str, str], name: str) -> datetime | None:
    """A date-time of the question; raises WrongError for one that cannot be read or has no zone."""
    text = PLUS.sub(r"\1+\2", given.get(name, ""))
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None and 2000 <= found.year < 2200:
            return found
    except ValueError:
        pass
    said = {"name": name, "example": "2026-11-23T10:00:00+09:00"}
    raise WrongError(400, _("%(name)s을(를) 시간대와 함께 적어 주십시오. 예: %(example)s", **said))


def number(given: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = given.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
        raise WrongError(
            400, _("%(name)s은(는) 1에서 %(most)s까지입니다.", name=name, most=str(most))
        )
    return int(text)


def several(given: Mapping[str, str], name: str) -> list[str]:
    return [one.strip() for one in given.get(name, "").split(",") if one.strip()][:MOST]


def found(given: Mapping[str, str], now: datetime) -> list[Complaint]:
    """The requests that a program asks for, the newest first; raises WrongError."""
    known = Complaint.select().where(Complaint.type.in_(list(offered())))
    newest = known.order_by(Complaint.received_at.desc(), Complaint.id.desc())
    if references := several(given, "service_request_id"):
        return list(newest.where(Complaint.reference.in_(references)))
    size = number(given, "page_size", MOST, MOST)
    page = number(given, "page", 1, 10**6)
    return list(narrowed(newest, given, now).limit(size).offset((page - 1) * size))


def narrowed(
    chosen: "ModelSelect[Complaint]", given: Mapping[str, str], now: datetime
) -> "ModelSelect[Complaint]":
    span = Span.of(moment(given, "start_date"), moment(given, "end_date"), now)
    wanted: list[Expression] = [Complaint.received_at.between(span.since, span.until)]
    if codes := several(given, "service_code"):
        wanted.append(Complaint.type.in_(codes))
    statuses = set(several(given, "status"))
    if statuses - STATUSES:
        raise WrongError(400, _("status는 open 또는 closed입니다."))
    if len(statuses) == 1:
        wanted.append(Complaint.closed_at.is_null("open" in statuses))
    if after := moment(given, "updated_after"):
        wanted.append(Complaint.changed_at >= after)
    if before := moment(given, "updated_before"):
        wanted.append(Complaint.changed_at <= before)
    return chosen.where(*wanted)


def one(reference: str) -> Complaint:
    """The request of a number; raises WrongError."""
    found = Complaint.referred(reference)
    if found is None or found.type not in offered():
        raise WrongError(404, _("이 번호의 민원이 없습니다."))
    return found


def said(value: datetime | None) -> str | None:
    return value.astimezone(SEOUL).isoformat(timespec="seconds") if value else None


def record(one: Complaint, extended: bool) -> dict[str, Value]:
    """What everybody may know. Text and exact place come when a person has released them."""
    free = public.is_public(one)
    told: dict[str, Value] = {
        "service_request_id": one.reference,
        "status": "open" if one.is_open else "closed",
        "status_notes": str(STATES[State(one.state)]),
        "service_name": kinds.name(one.type),
        "service_code": one.type,
        "description": one.public_text if free and one.public_text else None,
        "agency_responsible": offices()[one.office].shown,
        "service_notice": None,
        "requested_datetime": said(one.received_at),
        "updated_datetime": said(one.changed_at if one.is_open else one.closed_at),
        "expected_datetime": said(one.promised_at),
        "address": f"서울특별시 {places.area(one, 'ko')}".strip(),
        "address_id": None,
        "zipcode": None,
        "lat": degrees(one.latitude) if free else None,
        "long": degrees(one.longitude) if free else None,
        "media_url": None,
    }
    if extended:
        told["extended_attributes"] = {"detailed_status": DETAILED[State(one.state)]}
        told["notes"] = notes(one)
    return told


def degrees(millionths: int | None) -> float | None:
    return None if millionths is None else millionths / 1_000_000


def notes(one: Complaint) -> list[Value]:
    """What happened and when, in our words; what anybody wrote is left out."""
    events: Any = ComplaintEvent.of(one.id).where(ComplaintEvent.shown)
    return [
        {
            "datetime": said(event.at),
            "description": str(HAPPENED[What(event.kind)]),
            "type": event.kind,
        }
        for event in events
    ]
