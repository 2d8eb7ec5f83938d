"""What the pages show of outages, ready to print."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from app import addresses, words
from app.language import _, current
from app.outages import phrases, shelf, tiles
from app.outages.area import Place
from app.outages.phrases import Badge
from app.outages.record import DRY, Outage, Phase
from app.supply.offices import offices


class Item(NamedTuple):
    """An outage in a list."""

    path: str
    title: str
    foreign: bool
    kind: str
    badge: Badge
    when: str
    where: str
    ended: str
    late: bool


class Answer(NamedTuple):
    """What a place must know."""

    name: str
    sentence: str
    found: list[Item]
    hint: str = ""
    calendar: str = ""
    reference: str = ""


class District(NamedTuple):
    name: str
    shown: str
    word: str


class Map(NamedTuple):
    name: str
    tiles: list[tiles.Tile]


def item(one: Outage, now: datetime) -> Item:
    return Item(
        one.path,
        phrases.title(one),
        current() == "en" and not one.title_en,
        phrases.kind_name(one.kind),
        phrases.badge(one, now),
        phrases.when(one),
        phrases.short_where(one.area),
        words.day(words.local_day(one.ends_at)),
        one.is_late(now),
    )


def items(found: Iterable[Outage], now: datetime) -> list[Item]:
    return [item(one, now) for one in found]


def stamp(found: Iterable[Outage], now: datetime) -> str:
    """Changes when anything that is shown of these changes."""
    seen = [(*one, one.phase(now), one.is_late(now)) for one in found]
    return hashlib.blake2b(repr(seen).encode(), digest_size=6).hexdigest()


def overview(now: datetime) -> dict[str, Any]:
    """The page of all outages."""
    going, planned = shelf.listed(now, Phase.NOW), shelf.listed(now, Phase.PLANNED)
    past = shelf.listed(now, Phase.PAST)
    every = (*going, *planned, *past)
    last = max((moment for one in every for moment in times(one, now)), default=now)
    return {
        "now": items(going, now),
        "planned": items(planned, now),
        "past": items(past, now),
        "status": status(going),
        "map": Map(map_name(going, planned), tiles.tiles(going, planned)),
        "districts": districts(going, planned),
        "changed": words.moment(last),
        "stamp": stamp(every, now),
    }


def times(one: Outage, now: datetime) -> Iterable[datetime]:
    return (moment for moment in (one.updated_at, one.from_at, one.to_at) if moment <= now)


def status(going: Sequence[Outage]) -> str:
    """The one sentence that most people come for."""
    dry = [phrases.short_where(one.area) for one in going if one.kind in DRY]
    other = [phrases.short_where(one.area) for one in going if one.kind not in DRY]
    if dry:
        return _("지금 물이 안 나오는 곳: %(places)s.", places="; ".join(dry))
    if other:
        return _("지금 물이 끊긴 곳은 없습니다. 살펴야 하는 곳: %(places)s.",
                 places="; ".join(other))  # fmt: skip
    return _("지금 물이 끊긴 곳이 없습니다.")


def districts(going: Sequence[Outage], planned: Sequence[Outage]) -> list[District]:
    """All districts by name, each with the word that its tile has."""
    return [
        District(name, phrases.district_name(name), tiles.state_of(name, going, planned)[1])
        for name in addresses.districts()
    ]


def map_name(going: Sequence[Outage], planned: Sequence[Outage]) -> str:
    """The map in a sentence."""
    marked = [f"{one.shown} {one.word}" for one in districts(going, planned) if one.word]
    if not marked:
        return _("서울 25개 구 지도: 표시한 곳이 없습니다")
    return _("서울 25개 구 지도: %(marked)s", marked=", ".join(marked))


def verdict(found: dict[Phase, list[Outage]]) -> str:
    """Whether the water is off at a place, in a sentence."""
    going, planned = found[Phase.NOW], found[Phase.PLANNED]
    dry = [one for one in going if one.kind in DRY]
    if dry:
        return _("네, 지금 단수입니다. %(when)s입니다.", when=phrases.when(dry[0]))
    if going:
        return _("물은 나오지만 살펴야 합니다: %(kind)s.", kind=phrases.kind_name(going[0].kind))
    if planned:
        return _("지금은 단수가 아닙니다. 예정: %(when)s.", when=phrases.when(planned[0]))
    return _("아니요, 지금도 앞으로도 알려진 단수가 없습니다.")


def answer(place: Place, name: str, now: datetime) -> Answer:
    found = around(place, now)
    hint = "" if place.dong else _("동까지 쓰면 더 정확합니다.")
    both = [*found[Phase.NOW], *found[Phase.PLANNED]]
    return Answer(name, verdict_of(place, found), items(both, now), hint)


def verdict_of(place: Place, found: dict[Phase, list[Outage]]) -> str:
    """Of who names no dong: what is sure, or that something is somewhere in the district."""
    sure = {at: [one for one in some if one.area.covers(place)] for at, some in found.items()}
    if sure[Phase.NOW] or not found[Phase.NOW]:
        return verdict({**found, Phase.NOW: sure[Phase.NOW]})
    return _("이 구의 일부에 소식이 있습니다. 아래에서 동을 확인하십시오.")


def around(place: Place, now: datetime) -> dict[Phase, list[Outage]]:
    """Whatever concerns a place, or may do so."""
    return {
        phase: [one for one in shelf.listed(now, phase) if one.area.may_cover(place)]
        for phase in (Phase.NOW, Phase.PLANNED, Phase.PAST)
    }


def place_name(place: Place) -> str:
    number = str(place.number or "")
    parts = (phrases.district_name(place.district), place.dong, place.road, number)
    return " ".join(part for part in parts if part)


def contact(one: Outage) -> str:
    """Whom to call."""
    office = offices().get(one.office)
    if office is None:
        return _("120 다산콜(24시간)")
    return _(
        "120 다산콜(24시간), %(office)s수도사업소 %(phone)s(평일 9시~18시)",
        office=office.shown,
        phone=office.phone,
    )


def details(one: Outage, now: datetime) -> dict[str, Any]:
    """The page of one outage."""
    english = current() == "en"
    phase = one.phase(now)
    return {
        "one": item(one, now),
        "sentence": sentence(one, now),
        "places": phrases.where(one.area),
        "households": f"{one.households:,}" if one.households else "",
        "cause": phrases.cause(one),
        "foreign_cause": english and not one.cause_en,
        "quality_after": one.quality_after,
        "office": offices().get(one.office),
        "relief": one.relief,
        "updates": [update(one, at) for at in reversed(range(one.revision))],
        "advice": phrases.advice(one.kind, phase),
        "stamp": stamp([one], now),
        "going": phase in (Phase.NOW, Phase.PLANNED),
    }


def update(one: Outage, at: int) -> dict[str, Any]:
    found, english = one.updates[at], current() == "en"
    return {
        "at": words.moment(found.at),
        "state": phrases.state_name(found.state),
        "text": found.text_en if english and found.text_en else found.text,
        "foreign": english and not found.text_en,
    }


def sentence(one: Outage, now: datetime) -> str:
    """What somebody affected wants to know first."""
    if one.is_late(now):
        return _("예정한 끝 시각이 지났습니다. 복구를 확인하고 있습니다.")
    phase = one.phase(now)
    if phase in (Phase.NOW, Phase.PLANNED):
        return _("%(when)s 예정입니다.", when=phrases.when(one))
    return _("%(at)s에 끝났습니다.", at=words.moment(one.ends_at))
