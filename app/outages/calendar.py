"""Outages as a calendar that phones subscribe to (RFC 5545 and 7986)."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from app.clock import SEOUL
from app.outages import phrases
from app.outages.record import Outage, State
from app.signs import visible

MEDIA = "text/calendar; charset=utf-8"
WIDEST = 75
"""Octets of a line; Hangul has three each."""
ZONE = (
    "BEGIN:VTIMEZONE", "TZID:Asia/Seoul", "BEGIN:STANDARD", "DTSTART:19881009T030000",
    "TZOFFSETFROM:+0900", "TZOFFSETTO:+0900", "TZNAME:KST", "END:STANDARD", "END:VTIMEZONE",
)  # fmt: skip


def text(value: str) -> str:
    """A text with its separators escaped, and without signs that would end its line."""
    for sign in "\\;,":
        value = value.replace(sign, f"\\{sign}")
    return visible(value).replace("\n", "\\n")


def folded(line: str) -> str:
    """A line in pieces of at most 75 octets, never within a sign."""
    pieces, piece, size = [], "", 0
    for sign in line:
        width = len(sign.encode())
        if size + width > WIDEST:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + sign, size + width
    return "\r\n".join([*pieces, piece])


def utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def local(moment: datetime) -> str:
    return f"{moment.astimezone(SEOUL):%Y%m%dT%H%M%S}"


def event(one: Outage, base: str, host: str) -> Iterator[str]:
    first = one.begins_at
    last = max(one.actual_to or one.to_at, first + timedelta(minutes=1))
    cancelled = one.state is State.CANCELLED
    yield "BEGIN:VEVENT"
    yield f"UID:{one.id}@{host}"
    yield f"DTSTAMP:{utc(one.updated_at)}"
    yield f"CREATED:{utc(one.published_at)}"
    yield f"LAST-MODIFIED:{utc(one.updated_at)}"
    yield f"SEQUENCE:{one.revision - 1}"
    yield f"DTSTART;TZID=Asia/Seoul:{local(first)}"
    yield f"DTEND;TZID=Asia/Seoul:{local(last)}"
    yield f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield f"SUMMARY:{text(phrases.title(one))}"
    said = [phrases.kind_name(one.kind), one.updates[-1].text, phrases.cause(one)]
    yield f"DESCRIPTION:{text(chr(10).join(said))}"
    yield f"LOCATION:{text(', '.join(phrases.where(one.area)))}"
    yield f"URL:{base}{one.path}"
    yield f"CATEGORIES:{one.kind.value.upper()}"
    yield "END:VEVENT"


def calendar(name: str, address: str, found: Iterable[Outage], base: str, host: str) -> bytes:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Arisu//Outages//KO",
        "METHOD:PUBLISH",
        f"NAME:{text(name)}",
        f"X-WR-CALNAME:{text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        f"SOURCE;VALUE=URI:{address}",
        *ZONE,
        *(line for one in found for line in event(one, base, host)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines).encode()
