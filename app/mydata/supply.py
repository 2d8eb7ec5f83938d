"""What is held about a person's homes: links, who is on file, bills, readings, use, documents."""

import re
from datetime import datetime
from typing import Any, cast

from app import masks, words
from app.accounts.models import Account
from app.bills.seen import IN_TIME, VIEWER
from app.db import as_day, as_instant, rows
from app.documents.models import Document
from app.documents.views import TITLES
from app.homes import events, models, texts
from app.homes.models import HomeEvent, Link, What
from app.language import current, later
from app.mydata.values import Row, Word, word
from app.patterns import models as patterns
from app.supply.models import Occupancy, Premises, ReadingKind, Reduction
from app.tariff.active import table as tariff

SIDES = {"user": later("사용자"), "owner": later("소유자")}
PROOFS = {
    "bill": later("고지서로 확인"),
    "contact": later("등록된 연락처로 확인"),
    "day": later("담당자가 확인"),
}
HAPPENED = {
    What.LINKED: later("집을 연결함"),
    What.RAISED: later("더 확실하게 확인함"),
    What.ENDED: later("연결을 끊음"),
    What.MOVED_OUT: later("이사로 볼 수 있는 기간이 바뀜"),
}
SELF, ANOTHER, OFFICE = later("본인"), later("같은 집의 다른 사람"), later("담당자")
READINGS = {
    ReadingKind.REGULAR: later("정기 검침"),
    ReadingKind.SELF: later("자가 검침"),
    ReadingKind.REMOTE: later("원격 검침"),
    ReadingKind.FINAL: later("정산 검침"),
    ReadingKind.ESTIMATED: later("인정 검침"),
}
BILLS = f"""
SELECT h.name, h.role, p.number, b.month, b.revision, b.from_on, b.to_on, b.usage_m3, b.water,
    b.sewer, b.levy, b.discount, b.late_fee, b.total, b.arrears, b.due_on, b.issued_on, b.paid_at,
    b.paid_before, b.revision < max(b.revision) OVER (PARTITION BY h.id, b.month)
{IN_TIME} JOIN premises p ON p.id = h.premises_id WHERE h.account_id = ?
ORDER BY b.month DESC, h.id, b.revision DESC
"""
READ = """
SELECT h.name, r.read_on, r.reading_m3, r.kind FROM homes h
JOIN readings r ON r.premises_id = h.premises_id
    AND r.read_on >= h.since_on AND (h.until_on IS NULL OR r.read_on <= h.until_on)
WHERE h.account_id = ? ORDER BY r.read_on DESC, h.id
"""


def homes(of: Account, now: datetime) -> list[Row]:
    return [
        {
            "home": link.name,
            "number": link.number,
            "address": link.address,
            "role": word(link.role, texts.ROLE_NAMES),
            "side": word(link.tenancy, SIDES),
            "first_on": link.first_on,
            "last_on": link.until_on,
            "proof": Word(str(link.level), str(texts.PROOFS[link.level])),
        }
        for link in models.mine(of)
    ]


def managed(of: Account) -> list[Link]:
    """The homes whose holder this is, proved better than by paper."""
    return [link for link in models.mine(of) if link.manages]


def premises(of: Account, now: datetime) -> list[Row]:
    """What the office knows of the homes themselves; not for who may only look."""
    known = {link.number: link for link in models.mine(of) if link.role != VIEWER}
    found = Premises.select().where(Premises.number.in_(list(known))).order_by(Premises.number)
    return [
        {
            "home": known[one.number].name,
            "number": one.number,
            "lot_address": one.lot_address,
            "households": one.households,
            "meter_place": one.meter_place,
        }
        for one in found
    ]


def on_file(of: Account, now: datetime) -> list[Row]:
    """Who the office knows as user or owner in the time of a link; only for its holder."""
    found: list[Row] = []
    for link in managed(of):
        mine = (Occupancy.premises == link.premises_id) & (Occupancy.role == link.tenancy)
        mine &= Occupancy.ended_on.is_null() | (Occupancy.ended_on > link.since_on)
        if link.until_on:
            mine &= Occupancy.started_on <= link.until_on
        found += [
            {
                "home": link.name,
                "side": word(one.role, SIDES),
                "name": one.name,
                "billing_address": one.billing_address,
                "email": one.email,
                "phone": one.phone,
                "started_on": one.started_on,
                "ended_on": one.ended_on,
            }
            for one in Occupancy.select().where(mine).order_by(Occupancy.started_on)
        ]
    return found


def people(of: Account, now: datetime) -> list[Row]:
    """Who else sees the homes that somebody holds, as the home's own page shows them."""
    return [
        {
            "home": link.name,
            "name": person.name,
            "role": word(person.role, texts.ROLE_NAMES),
            "linked_at": person.linked_at,
        }
        for link in managed(of)
        for person in models.people(link)
        if not person.own
    ]


def through(actor: str, of: Account) -> Word:
    """Who did something to a link."""
    if re.match(rf"{re.escape(events.by(of))}(,|$)", actor):
        return Word("self", str(SELF))
    return Word(
        *("other", str(ANOTHER)) if actor.startswith("account ") else ("office", str(OFFICE))
    )


def home_record(of: Account, now: datetime) -> list[Row]:
    found = HomeEvent.select(HomeEvent, Premises).join(Premises)
    found = found.where(HomeEvent.account == of).order_by(HomeEvent.id.desc())
    record: list[Row] = []
    for one in found:
        proof = events.PROVED.search(one.actor)
        record.append(
            {
                "at": one.at,
                "number": masks.digits(one.premises.number),
                "what": word(one.what, HAPPENED),
                "by": through(one.actor, of),
                "proof": word(proof[1], PROOFS) if proof else None,
            }
        )
    return record


BILL_COLUMNS = (
    "home", "number", "month", "revision", "from_on", "to_on", "usage_m3", "water", "sewer", "levy",
    "discount", "late_fee", "total", "arrears", "due_on", "issued_on", "paid_at",
)  # fmt: skip
PAID = {"nothing": later("낼 것 없음"), "unpaid": later("내지 않음")}
REPLACED, CORRECTION = later("고친 고지서로 바뀜"), later("고친 고지서")
BILL_DAYS = ("from_on", "to_on", "due_on", "issued_on")


def bill(row: tuple[Any, ...]) -> Row:
    """A row of BILLS; who may only look gets the end of the number."""
    name, role, number, *rest, before, replaced = row
    known = masks.digits(number) if role == VIEWER else number
    found: Row = dict(zip(BILL_COLUMNS, (name, known, *rest), strict=True))
    days: Row = {key: as_day(found[key]) for key in BILL_DAYS}
    paid_at = found["paid_at"]
    found |= {**days, "paid_at": None if paid_at is None else as_instant(paid_at)}
    return {**found, "standing": standing(found, before, bool(replaced))}


def standing(one: Row, before: int, replaced: bool) -> Word:
    """Whether a bill is paid, and whether it replaces another one or is replaced itself."""
    total, paid_at = cast(int, one["total"]), one["paid_at"]
    code = "paid" if paid_at else "nothing" if total <= before else "unpaid"
    said = words.moment(paid_at) if isinstance(paid_at, datetime) else str(PAID[code])
    if replaced:
        return Word("replaced", f"{REPLACED}, {said}" if paid_at else str(REPLACED))
    return Word(code, f"{CORRECTION}, {said}" if one["revision"] else said)


def bills(of: Account, now: datetime) -> list[Row]:
    return [bill(row) for row in rows(BILLS, (of.id,))]


def readings(of: Account, now: datetime) -> list[Row]:
    return [
        {"home": home, "read_on": as_day(day), "reading_m3": m3, "kind": word(kind, READINGS)}
        for home, day, m3, kind in rows(READ, (of.id,))
    ]


def reductions(of: Account, now: datetime) -> list[Row]:
    """What the homes that somebody holds were granted in their time."""
    found: list[Row] = []
    names = {code: one.name[current()] for code, one in tariff().reductions.items()}
    for link in managed(of):
        mine = Reduction.premises == link.premises_id
        mine &= Reduction.ended_on.is_null() | (Reduction.ended_on > link.since_on)
        if link.until_on:
            mine &= Reduction.started_on <= link.until_on
        found += [
            {
                "home": link.name,
                "reduction": word(one.code, names),
                "started_on": one.started_on,
                "ended_on": one.ended_on,
            }
            for one in Reduction.select().where(mine).order_by(Reduction.started_on)
        ]
    return found


def uses(of: Account, now: datetime) -> list[Row]:
    """Each day that a remote meter told of, newest first."""
    found: list[Row] = []
    for link in models.mine(of):
        seen = patterns.home(of, link.reference, now.date())
        known = seen and patterns.span(seen)
        if seen and known:
            found += [
                {"home": seen.name, "day": one.day, "litres": one.litres, "night": one.night}
                for one in reversed(patterns.days(seen, *known))
            ]
    return found


def documents(of: Account, now: datetime) -> list[Row]:
    return [
        {
            "kind": word(one.kind, TITLES),
            "number": one.number,
            "issued_at": one.issued_at,
            "content": one.shown,
        }
        for one in Document.of(of)
    ]
