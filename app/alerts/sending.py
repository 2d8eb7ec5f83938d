"""Telling people of outages: a changed file is noticed, and a message queued for each of them.

The worker calls `watch` every few seconds. A revision is told in batches; each is one transaction
with the place that it has reached, so a kill loses nobody and tells nobody twice.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from peewee import DatabaseError, InterfaceError

from app import clock, destructions, health
from app.accounts import reach
from app.alerts.models import UNCONFIRMED, Alert
from app.alerts.seen import see
from app.alerts.told import Told, Writer, before, following, revisions, still
from app.db import instant, is_postgres, rows, writing
from app.language import _
from app.messages import channels
from app.messages.kinds import Kind, Priority, register
from app.messages.many import Addressed, queue_many
from app.messages.models import Channel
from app.messages.timetable import register as each
from app.observe import log
from app.outages.record import Change, Outage, change
from app.sealed import lookup_hash, seal

EVERY = timedelta(seconds=2)
LATE = timedelta(minutes=5)
BATCH = 2_000
WHO = 32
"""Signs of an address's hash in a message's key."""
WAYS = (Channel.PUSH, Channel.SMS, Channel.MAIL)
TOPIC = "outages"

PLANNED = register(
    Kind("outage", Priority.BULK, timedelta(days=2), topic=TOPIC, wanted=still, channels=WAYS)
)
URGENT = register(
    Kind(
        "outage_urgent", Priority.ALERT, timedelta(hours=12), topic=TOPIC, wanted=still,
        channels=WAYS,
    )
)  # fmt: skip
"""Goes before all bulk and at any hour; codes have a lane of their own and do not wait for it."""

STUCK = """
SELECT outage FROM outage_revisions WHERE told_at IS NULL AND seen_at < ? ORDER BY outage
"""
UNTOLD = (
    "SELECT outage, number FROM outage_revisions WHERE told_at IS NULL ORDER BY seen_at, number"
)
REACHED = """
SELECT reached FROM outage_revisions WHERE outage = ? AND number = ? AND told_at IS NULL
"""
MOVE = """
UPDATE outage_revisions SET reached = ?, queued = queued + ?, told_at = ?
WHERE outage = ? AND number = ? RETURNING queued
"""


Pending = tuple[str, int]


def untold() -> list[Pending]:
    """The revisions that are not told to the end: urgent ones first, each outage's in order."""
    found = [(str(outage), int(number)) for outage, number in rows(UNTOLD)]
    return sorted(found, key=lambda one: not revisions(one[0])[one[1]].is_urgent)


def address(told: Told, news: str, values: dict[str, str | int]) -> Addressed | None:
    """Where a message goes; None when its channel cannot be used now, and nothing stands in.

    The key is the news, the address and the channel: who chose two ways gets both, and no address
    gets the same twice, whichever of its places and accounts it is for.
    """
    person = told.language, told.account_id
    if told.account_id is None:
        key = f"{news}:{told.recipient_hash[:WHO]}"
        return Addressed(told.channel, told.recipient, values, key, *person)
    by_mail = f"{news}:{lookup_hash(told.email)[:WHO]}"
    follows = [(Channel.MAIL.value, told.email)], by_mail
    if told.channel == Channel.SMS and told.own:
        key = f"{news}:{told.phone_hash[:WHO]}"
        return Addressed(told.channel, told.own, values, key, *person, *follows)
    if told.channel == Channel.PUSH and reach.by_push(told.account_id):
        key, to = f"{news}:a{told.account_id}", seal(str(told.account_id))
        return Addressed(told.channel, to, values, key, *person, *follows)
    to = seal(told.email) if told.email else ""
    return Addressed(Channel.MAIL, to, values, by_mail, *person) if to else None


def tell(outage: str, number: int, writer: Writer, earlier: Outage | None, now: datetime) -> bool:
    """Queue for the next alerts of a revision, in one transaction; whether there may be more."""
    one, new = writer.outage, []
    kind = URGENT if one.is_urgent or (earlier and earlier.is_urgent) else PLANNED
    with writing():
        locked = f"{REACHED} FOR UPDATE" if is_postgres() else REACHED
        found = rows(locked, (outage, number))
        if not found:
            return False
        told = following(found[0][0], earlier, one, BATCH)
        for to in told:
            what = change(to.place, earlier, one)
            if what is Change.NOTHING or not usable(to):
                continue
            news = f"outage:{one.id}:{number}:{what.value}"
            addressed = address(to, news, writer.values(to, what))
            new += [addressed] if addressed else []
        queue_many(kind, new, now)
        over = len(told) < BATCH
        reached = told[-1].id if told else found[0][0]
        rows(MOVE, (reached, len(new), instant(now) if over else None, outage, number))
    return not over


def usable(told: Told) -> bool:
    """Whether the channel of somebody without an account is there; an account has its mail."""
    return told.account_id is not None or channels.is_on(told.channel, reach.app())


def watch(now: datetime) -> Iterator[int]:
    """Notice what was changed and tell of it, some at each step. An emergency that comes meanwhile
    goes first: half a million people are told of a planned one for a minute. What cannot be told
    is logged and keeps no other waiting; it is tried again the next time.
    """
    writers, failed, looked = dict[Pending, Writer](), set[Pending](), clock.now()
    see(now)
    while waiting := [one for one in untold() if one not in failed]:
        outage, number = waiting[0]
        try:
            known = revisions(outage)
            writer = writers.setdefault(waiting[0], Writer(known[number], number))
            more = tell(outage, number, writer, before(known, number), now)
        except (DatabaseError, InterfaceError):
            raise
        except Exception as error:
            failed.add(waiting[0])
            log.error("an outage is not told", exc_info=error, extra={"fields": {"outage": outage}})
            continue
        if more:
            yield number
            if clock.now() - looked >= EVERY:
                looked = clock.now()
                see(looked)


def sweep(now: datetime) -> None:
    """Forget wishes that nobody has confirmed."""
    with writing():
        count = Alert.forget(now - UNCONFIRMED)
        destructions.note("outage_alerts", "unconfirmed 2d", count, now)


def stuck(now: datetime) -> str | None:
    """For operators: a change that should have been told by now."""
    late = rows(STUCK, (instant(now - LATE),))
    named = ", ".join(outage for (outage,) in late)
    return _("아직 알리지 못했습니다: %(outages)s", outages=named) if late else None


health.register("outages", stuck)
each(EVERY, watch, "telling")
each(timedelta(hours=1), sweep)
