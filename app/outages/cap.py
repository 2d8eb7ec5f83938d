"""An outage as a message of the Common Alerting Protocol 1.2; the schema fixes the order."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from app.clock import SEOUL
from app.feed import add, xml
from app.outages import phrases
from app.outages.record import DRY, OVER, Kind, Outage, Phase, State, Update

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA = "application/cap+xml"
MARGIN = timedelta(hours=6)
AFTER = timedelta(hours=24)
MANY = 10_000
HOUR = timedelta(hours=1)
DESCRIBED = 50
"""Signs of an area's description; large readers cut off more."""


def stamp(moment: datetime) -> str:
    """Whole seconds with a numeric offset: `Z` is not allowed."""
    return moment.astimezone(SEOUL).isoformat(timespec="seconds")


def expires(one: Outage) -> datetime:
    """Until when a message counts: an end that is put off is told before."""
    if one.state is State.CANCELLED:
        return max(one.to_at + MARGIN, one.updated_at + AFTER)
    if one.state in OVER:
        return one.updated_at + AFTER
    return one.to_at + MARGIN


def is_active(one: Outage, now: datetime) -> bool:
    return one.phase(now) is not Phase.HIDDEN and now < expires(one)


def host(base: str) -> str:
    return urlsplit(base).hostname or "localhost"


def identifier(one: Outage, update: Update, base: str) -> str:
    """By the time of a change: its number is another's when an editor takes a line back."""
    return f"{host(base)}.outage.{one.id}.{update.at.astimezone(SEOUL):%Y%m%d%H%M%S}"


def message_type(one: Outage) -> str:
    if one.state is State.CANCELLED:
        return "Cancel"
    return "Alert" if one.revision == 1 else "Update"


def response(one: Outage) -> str:
    if one.state in OVER:
        return "AllClear"
    if one.kind in (Kind.TURBID, Kind.LOW_PRESSURE) or one.state is State.EXTENDED:
        return "Monitor"
    return "Avoid" if one.kind is Kind.QUALITY else "Prepare"


def urgency(one: Outage) -> str:
    """As of the moment at which the message was sent."""
    if one.state in OVER:
        return "Past"
    left = one.from_at - one.updated_at
    if left <= timedelta(0):
        return "Immediate"
    return "Expected" if left <= HOUR else "Future"


def severity(one: Outage) -> str:
    if one.state in OVER or not one.is_urgent:
        return "Minor"
    return "Severe" if one.area.city or one.households >= MANY else "Moderate"


def certainty(one: Outage) -> str:
    if one.state in OVER or one.is_urgent:
        return "Observed"
    return "Likely" if one.kind in DRY else "Possible"


def alert(one: Outage, base: str, sender_name: str, contact: str, actual: bool) -> bytes:
    sender = f"outage@{host(base)}"
    root = ET.Element("alert", {"xmlns": NAMESPACE})
    add(root, "identifier", identifier(one, one.updates[-1], base))
    add(root, "sender", sender)
    add(root, "sent", stamp(one.updated_at))
    add(root, "status", "Actual" if actual else "Test")
    add(root, "msgType", message_type(one))
    add(root, "scope", "Public")
    if one.state is State.CANCELLED:
        add(root, "note", one.updates[-1].text)
    earlier = [
        f"{sender},{identifier(one, update, base)},{stamp(update.at)}"
        for update in one.updates[:-1]
    ]
    if earlier:
        add(root, "references", " ".join(earlier))
    add(root, "incidents", one.id)
    info(root, one, f"{base}{one.path}", sender_name, contact)
    return xml(root)


def info(root: ET.Element, one: Outage, web: str, sender_name: str, contact: str) -> None:
    found = add(root, "info")
    add(found, "language", "ko-KR")
    add(found, "category", "Infra")
    add(found, "event", phrases.kind_name(one.kind))
    add(found, "responseType", response(one))
    add(found, "urgency", urgency(one))
    add(found, "severity", severity(one))
    add(found, "certainty", certainty(one))
    add(found, "effective", stamp(one.updated_at))
    add(found, "onset", stamp(one.begins_at))
    add(found, "expires", stamp(expires(one)))
    add(found, "senderName", sender_name)
    add(found, "headline", f"{one.title} ({phrases.short_where(one.area)})")
    add(found, "description", " ".join((one.updates[-1].text, one.cause, phrases.when(one))))
    phase = Phase.PAST if one.state in OVER else Phase.PLANNED
    add(found, "instruction", " ".join(phrases.advice(one.kind, phase)))
    add(found, "web", web)
    add(found, "contact", contact)
    parameters = {"plannedOrEmergency": one.kind.value, "state": one.state.value}
    if one.households:
        parameters["householdsAffected"] = str(one.households)
    for name, value in parameters.items():
        named(found, "parameter", name, value)
    areas(found, one)


def named(parent: ET.Element, element: str, name: str, value: str) -> None:
    made = add(parent, element)
    add(made, "valueName", name)
    add(made, "value", value)


def areas(found: ET.Element, one: Outage) -> None:
    """One area for each district, with its dongs as codes of our own."""
    for district in ["서울특별시"] if one.area.city else one.area.named():
        dongs = one.area.parts_of(district)
        made = add(found, "area")
        described = f"{district} {', '.join(dongs)}".strip()
        add(made, "areaDesc", described[:DESCRIBED])
        for value in [f"{district} {dong}" for dong in dongs] or [district]:
            named(made, "geocode", "KR:ADDRESS", value)
