"""Who must be told what of a revision: asked when it is queued, and again before it is sent."""

from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from app import clock, words
from app.db import rows
from app.language import _, speaking
from app.messages.kinds import Waiting
from app.messages.models import Channel
from app.outages import phrases, shelf
from app.outages.area import Place
from app.outages.record import OVER, Change, Outage, Phase, State, change
from app.sealed import lookup_hash, opened
from app.web import absolute

COLUMNS = """
SELECT s.id, s.reference, s.channel, coalesce(a.language, s.language), s.account_id,
    CASE WHEN s.channel = 'mail' THEN coalesce(a.email, '')
        WHEN s.channel = 'sms' AND a.phone_verified_at IS NOT NULL THEN a.phone ELSE '' END,
    s.recipient, s.recipient_hash, s.district, coalesce(p.dong, s.dong), s.road, s.number,
    p.road_address, coalesce(p.supply_block, ''), coalesce(a.email, ''),
    coalesce(a.phone_hash, '')
FROM outage_alerts s
LEFT JOIN accounts a ON a.id = s.account_id
LEFT JOIN premises p ON p.id = s.premises_id
WHERE s.confirmed_at IS NOT NULL AND (s.account_id IS NULL OR a.disabled_at IS NULL)
    AND (s.premises_id IS NULL OR EXISTS (SELECT 1 FROM homes h
        WHERE h.account_id = s.account_id AND h.premises_id = s.premises_id
            AND (h.until_on IS NULL OR h.until_on >= ?)))
"""
NEXT = (
    COLUMNS
    + """AND s.id > ? AND (CAST(? AS TEXT) = ''
    OR replace(CAST(? AS TEXT), ',' || s.district || ',', '') <> CAST(? AS TEXT))
ORDER BY s.id LIMIT ?"""
)
ONE = COLUMNS + "AND s.reference = ?"
OTHERS = COLUMNS + "AND s.channel = ? AND s.account_id IS NULL AND s.recipient_hash = ?"
OTHERS_OF_ACCOUNT = COLUMNS + "AND s.channel = ? AND s.account_id = ?"
KNOWN = """
SELECT number, record, withdrawn_at IS NOT NULL FROM outage_revisions
WHERE outage = ? ORDER BY number
"""


class Told(NamedTuple):
    """Somebody who is told, as a row has it: addresses are still sealed where they are."""

    id: int
    reference: str
    channel: str
    language: str
    account_id: int | None
    own: str
    """Of an account: its mail address, or its sealed verified phone."""
    recipient: str
    recipient_hash: str
    district: str
    dong: str
    road: str
    number: int
    road_address: str | None
    block: str
    email: str
    phone_hash: str

    @property
    def place(self) -> Place:
        if self.road_address is not None:
            return Place.at(self.district, self.dong, self.road_address, self.block)
        return Place(self.district, self.dong, self.road, self.number)

    def is_at(self, to: str) -> bool:
        """Whether a message to an address still goes to this person."""
        if self.account_id is None:
            return self.recipient_hash == lookup_hash(to)
        if self.channel == Channel.PUSH:
            return to in (str(self.account_id), self.email)
        if self.channel == Channel.SMS:
            return to == self.email or (bool(self.own) and opened(self.own) == to)
        return to == self.own


def following(after: int, before: Outage | None, outage: Outage, most: int) -> list[Told]:
    """The next alerts that a revision may concern, in their order."""
    cities = outage.area.city or (before is not None and before.area.city)
    named = {*outage.area.named(), *(before.area.named() if before else ())}
    districts = "" if cities else f",{','.join(sorted(named))},"
    day = clock.today().isoformat()
    return [Told._make(row) for row in rows(NEXT, (day, after, *[districts] * 3, most))]


@lru_cache(256)
def parsed(id: str, number: int, text: str) -> Outage:
    return shelf.remembered(id, text)


def revisions(id: str) -> dict[int, Outage]:
    """All revisions of an outage that were seen, in their order. One that was withdrawn counts as
    a draft; that something is over is news also when its file was cleared away.
    """
    found = {}
    for number, text, withdrawn in rows(KNOWN, (id,)):
        one = parsed(id, number, text)
        hidden = withdrawn and one.state not in OVER
        found[number] = one._replace(state=State.DRAFT) if hidden else one
    return found


def before(known: dict[int, Outage], number: int) -> Outage | None:
    earlier = [at for at in known if at < number]
    return known[max(earlier)] if earlier else None


def still(one: Waiting) -> bool:
    """Asked right before sending: whether this person is still to be told this, and there.

    One message stands for all of a person's wishes that the change touches: when the one that it
    names was ended, another is enough.
    """
    named = rows(ONE, (clock.today().isoformat(), one.values["alert"]))
    return any(concerns(Told._make(row), one) for row in named) or any(
        concerns(Told._make(row), one) for row in others(one)
    )


def others(one: Waiting) -> list[tuple[Any, ...]]:
    """All wishes of whom a message is for, by its channel."""
    day = clock.today().isoformat()
    if one.account_id is None:
        return rows(OTHERS, (day, one.channel, lookup_hash(one.to)))
    return rows(OTHERS_OF_ACCOUNT, (day, one.channel, one.account_id))


def concerns(told: Told, one: Waiting) -> bool:
    """Whether a message says what somebody is still to be told, and goes to them."""
    known = revisions(str(one.values["outage"]))
    number, what = int(one.values["revision"]), Change(one.values["change"])
    if number not in known or not told.is_at(one.to):
        return False
    if change(told.place, before(known, number), known[number]) is not what:
        return False
    return not is_overtaken(told.place, known, number, what, one.now)


def is_overtaken(
    place: Place, known: dict[int, Outage], number: int, what: Change, now: datetime
) -> bool:
    """Whether a later revision says something else to this place, or all is over or withdrawn."""
    for later in (at for at in known if at > number):
        if change(place, before(known, later), known[later]) is not Change.NOTHING:
            return True
    goes_on = what in (Change.ANNOUNCED, Change.CHANGED)
    phases = {known[at].phase(now) for at in (number, max(known))}
    return goes_on and not phases.isdisjoint((Phase.PAST, Phase.HIDDEN))


def headline(what: Change, place: str, one: Outage) -> str:
    """The whole news in a sentence, in the language of who is told."""
    kind, when = phrases.kind_name(one.kind), phrases.when(one)
    if what is Change.ANNOUNCED:
        return _("%(place)s %(kind)s: %(when)s", place=place, kind=kind, when=when)
    if what is Change.CHANGED:
        return _("바뀌었습니다. %(place)s %(kind)s: %(when)s", place=place, kind=kind, when=when)
    if what is Change.LEFT:
        return _("%(place)s, 이제 %(kind)s 지역이 아닙니다", place=place, kind=kind)
    if what is Change.RESTORED:
        return _("%(place)s, 물이 다시 정상입니다(%(kind)s)", place=place, kind=kind)
    return _("취소했습니다. %(place)s %(kind)s", place=place, kind=kind)


def place_name(place: Place) -> str:
    """Without a house number: messages are read by others."""
    return f"{phrases.district_name(place.district)} {place.dong}"


class Writer:
    """The texts of one revision, made once for each place, change and language."""

    def __init__(self, outage: Outage, number: int) -> None:
        self.outage, self.number = outage, number
        self.made: dict[tuple[str, str, Change, str], dict[str, str | int]] = {}

    def values(self, told: Told, what: Change) -> dict[str, str | int]:
        key = told.district, told.dong, what, told.language
        if key not in self.made:
            self.made[key] = self.said(told.place, what, told.language)
        stop = absolute(f"/outages/alerts/stop/{told.reference}")
        return {**self.made[key], "alert": told.reference, "unsubscribe": stop}

    def said(self, place: Place, what: Change, language: str) -> dict[str, str | int]:
        one = self.outage
        update = one.updates[-1]
        with speaking(language):
            text = update.text_en if language == "en" and update.text_en else update.text
            return {
                "headline": headline(what, place_name(place), one),
                "text": " ".join(text.split()),
                "advice": advice(one, what),
                "relief": "; ".join(f"{spot.where} {spot.what}" for spot in one.relief),
                "at": words.moment(update.at),
                "link": absolute(one.path),
                "outage": one.id,
                "revision": self.number,
                "change": what.value,
            }


def advice(one: Outage, what: Change) -> str:
    """The first thing to do."""
    if what is Change.CANCELLED:
        return ""
    over = what in (Change.RESTORED, Change.LEFT)
    phase = Phase.PAST if over else one.phase(clock.now())
    return phrases.advice(one.kind, phase)[0]
