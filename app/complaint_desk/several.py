"""Several complaints at once: each by itself, so that one that has changed stops no other."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from app.complaint_desk.colleagues import colleague
from app.complaint_desk.desk import about, me
from app.complaints import acts, queue
from app.complaints.acting import ActError, By, ConflictError
from app.complaints.models import Complaint
from app.db import writing
from app.language import _, later
from app.staff.models import Member
from app.staff.session import audit
from app.staff.sign_ins import SignedIn
from app.supply.offices import offices

VERBS = {
    "mine": later("나에게 지정했습니다"),
    "assign": later("동료에게 지정했습니다"),
    "start": later("처리를 시작했습니다"),
    "move": later("다른 사업소로 보냈습니다"),
}
CHOOSE = later("민원을 고르고, 무엇을 할지 고르십시오. 동료나 사업소도 골라야 합니다.")


class Order(NamedTuple):
    """What to do with each, and what the log calls it."""

    verb: str
    action: str
    run: Callable[[Complaint, By, datetime, int], None]


def order(given: Mapping[str, str], member: SignedIn, allowed: Sequence[str]) -> Order | None:
    """What was asked for; None for what is nothing."""
    verb = given.get("act", "")
    if verb == "start":
        return Order(verb, "complaint.started", acts.start)
    if verb in ("mine", "assign"):
        reference = member.reference if verb == "mine" else given.get("colleague", "")
        return Order(verb, "complaint.assigned", assigning(reference)) if reference else None
    office = given.get("to_office", "")
    if verb == "move" and office in offices():
        return Order(verb, "complaint.moved", moving(office))
    return None


def assigning(reference: str) -> Callable[[Complaint, By, datetime, int], None]:
    def run(one: Complaint, by: By, now: datetime, version: int) -> None:
        to: Member | None = colleague(reference, one.office)
        if to is None:
            raise ActError("not of this office")
        acts.assign(one, to, by, now, version)

    return run


def moving(office: str) -> Callable[[Complaint, By, datetime, int], None]:
    def run(one: Complaint, by: By, now: datetime, version: int) -> None:
        if one.office == office:
            raise ActError("there already")
        acts.move(one, office, by, now, version)

    return run


def carry_out(
    wanted: Order, picks: Sequence[str], allowed: Sequence[str], now: datetime
) -> tuple[int, list[str]]:
    """How many were done, and the numbers of those that were not."""
    done, missed = 0, []
    for pick in picks:
        reference, _dot, version = pick.partition(".")
        one = queue.scoped(reference, allowed)
        if one is None or not (version.isascii() and version.isdigit()):
            continue
        try:
            with writing():
                wanted.run(one, me(), now, int(version[:9]))
                audit(wanted.action, about(one), complaint=reference)
            done += 1
        except (ConflictError, ActError):
            missed.append(reference)
    return done, missed


def told(given: Mapping[str, str]) -> dict[str, object] | None:
    """What the page says after it, by its address."""
    verb, count = given.get("did", ""), given.get("count", "")
    if verb not in VERBS or not (count.isascii() and count.isdigit()):
        return None
    missed = [part for part in given.get("missed", "")[:700].split(",") if part.isalnum()]
    return {"what": str(VERBS[verb]), "count": _("%(count)s건", count=count), "missed": missed}
