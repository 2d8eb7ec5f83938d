"""Looking at a person's data: written down each time, and an alarm when it is odd (S-54, S-56)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from flask import current_app

from app import clock
from app.audit import trail
from app.audit.trail import NOBODY, About, Value
from app.db import writing
from app.limits import HOUR, add, hidden, window_end
from app.observe import log
from app.staff import mails
from app.staff.models import ALL_OFFICES, Grant, Member, Unmasking
from app.staff.roles import giving
from app.staff.session import actor, audit, current_member
from app.staff.sign_ins import SignedIn

MINUTES_WHOLE = timedelta(minutes=10)


def looked(
    action: str,
    about: About,
    names: tuple[str, ...] = (),
    persons: Iterable[About] = (),
    **details: Value,
) -> None:
    """Note that the member sees somebody's data; without the note nothing is shown (S-36).

    `names` are those of the persons seen: one's own is an alarm. `persons` are all of a list.
    """
    member, now = current_member(), clock.now()
    with writing():
        audit(action, about, **details)
        if member.name in names:
            alarm("own name", member, now)
        new, all_now = count_persons(member, {about, *persons} - {NOBODY}, now)
        if all_now - new < current_app.config["LOOKS_ALARM"] <= all_now:
            alarm("many persons", member, now)


def count_persons(member: SignedIn, persons: set[About], now: datetime) -> tuple[int, int]:
    """How many of these the member has not seen in this hour yet, and how many with them."""
    key, ends = current_app.config["SECRET_KEY"], window_end(now, HOUR)
    hashes = [hidden(key, "look", f"{member.id} {one[0]} {one[1]}") for one in persons]
    new = sum(add("look", one, ends) == 1 for one in sorted(hashes))
    return new, add("looks", hidden(key, "looks", str(member.id)), ends, new) if new else 0


def alarm(what: str, member: SignedIn, now: datetime) -> None:
    """Tell the log, the audit log, and those who read it."""
    log.error("a look that should be asked about", extra={"fields": {"what": what}})
    trail.record(actor(), "alarm.looks", now=now, details={"what": what})
    for reader in readers(member):
        mails.alarm(reader, member.name, what, now)


def readers(member: SignedIn) -> list[Member]:
    """Who reads the log of all offices, or of one of the member's, but not the member."""
    roles = [*giving("audit.see")]
    held = {office for _, office in member.grants}
    there = Grant.ended_at.is_null() & Member.disabled_at.is_null() & (Member.id != member.id)
    where = Grant.role.in_(roles) & Grant.office.in_([ALL_OFFICES, *held])
    found = Member.select().join(Grant, on=Grant.member).where(there & where)
    return list(found.distinct())


def unmask(subject: str, about: About, reason: str) -> None:
    """Let the member see somebody whole for ten minutes; the reason is kept."""
    now = clock.now()
    member_id, ends = current_member().id, now + MINUTES_WHOLE
    with writing():
        Unmasking.delete().where(Unmasking.expires_at <= now).execute()
        mine = (Unmasking.member == member_id) & (Unmasking.subject == subject)
        Unmasking.delete().where(mine).execute()
        Unmasking.create(member=member_id, subject=subject, expires_at=ends)
        audit("customer.unmasked", about, reason=reason)


def is_whole(subject: str) -> bool:
    """Whether the member said lately why they must see this person whole."""
    mine = (Unmasking.member == current_member().id) & (Unmasking.subject == subject)
    return Unmasking.select().where(mine & (Unmasking.expires_at > clock.now())).exists()
