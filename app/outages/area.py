"""Where an outage is: districts, dongs, ranges of house numbers and supply blocks; and whether a
place lies in it.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

ROAD = re.compile(
    r"(?P<district>\S+구) (?P<dong>\S+) (?P<road>\S+(?:로|길)) "
    r"(?P<first>\d{1,4})(?:[-~](?P<last>\d{1,4}))?(?: (?P<side>홀수|짝수))?"
)
DONG = re.compile(r"(?P<district>\S+구) (?P<dong>\S+)")
BLOCK = re.compile(r"(?P<district>\S+구) (?P<dong>\S+) (?P<block>[0-9A-Za-z가-힣-]{1,12})")
TOLD = re.compile(r"(?P<road>[가-힣0-9·]+(?:로|길)) (?P<number>\d{1,4})")
SIDES = {"홀수": 1, "짝수": 0}


class Place(NamedTuple):
    """A place that somebody asks about; what is empty is not known."""

    district: str
    dong: str = ""
    road: str = ""
    number: int = 0
    block: str = ""

    @classmethod
    def at(cls, district: str, dong: str, address: str, block: str = "") -> "Place":
        """A premises, from its road address: `서울특별시 강남구 보기로 12, 101호`."""
        found = TOLD.search(address)
        if found is None:
            return cls(district, dong, block=block)
        return cls(district, dong, found["road"], int(found["number"]), block)


class Dong(NamedTuple):
    district: str
    dong: str

    def may_cover(self, place: Place) -> bool:
        return not place.dong


class Road(NamedTuple):
    """House numbers of a road within a dong; `side` is 1 for odd ones, 0 for even, None for all."""

    district: str
    dong: str
    road: str
    first: int
    last: int
    side: int | None = None

    def covers(self, place: Place) -> bool:
        """Of a place without a house number: whether some of its dong lies here."""
        if place.district != self.district:
            return False
        if not place.road or not place.number:
            return place.dong == self.dong
        side = self.side is None or place.number % 2 == self.side
        return place.road == self.road and self.first <= place.number <= self.last and side

    def may_cover(self, place: Place) -> bool:
        return place.road == self.road and not place.number


class Block(NamedTuple):
    """A supply block, or the part of it in a dong."""

    district: str
    dong: str
    block: str

    def covers(self, place: Place) -> bool:
        """Of a place whose block is not known: whether some of its dong lies here."""
        if place.block:
            return place.block == self.block
        return (place.district, place.dong) == (self.district, self.dong)

    def may_cover(self, place: Place) -> bool:
        return not place.dong


class Area(NamedTuple):
    """All that an outage names; a place lies in it when one of these covers it."""

    districts: tuple[str, ...] = ()
    dongs: tuple[Dong, ...] = ()
    roads: tuple[Road, ...] = ()
    blocks: tuple[Block, ...] = ()
    note: str = ""
    city: bool = False

    def covers(self, place: Place) -> bool:
        if self.city or place.district in self.districts:
            return True
        if (place.district, place.dong) in self.dongs:
            return True
        roads = any(one.covers(place) for one in self.roads)
        return roads or any(one.covers(place) for one in self.blocks)

    def may_cover(self, place: Place) -> bool:
        """Whether a place lies in it as far as is known: most addresses name no dong."""
        if place.dong or self.covers(place):
            return self.covers(place)
        if not place.road:
            return self.touches(place.district)
        return any(one.may_cover(place) for one in self.parts() if one.district == place.district)

    def parts(self) -> list[Dong | Road | Block]:
        return [*self.dongs, *self.roads, *self.blocks]

    def touches(self, district: str) -> bool:
        """Whether any of a district lies in it."""
        return self.city or district in self.named()

    def named(self) -> tuple[str, ...]:
        """The districts that are named in whole or in part, in their order."""
        return tuple(dict.fromkeys((*self.districts, *(one.district for one in self.parts()))))

    def parts_of(self, district: str) -> tuple[str, ...]:
        """The dongs of a district that are named in whole or in part."""
        parts = (one.dong for one in self.parts() if one.district == district)
        return tuple(dict.fromkeys(parts))

    @property
    def is_empty(self) -> bool:
        return not (self.city or self.districts or self.dongs or self.roads or self.blocks)


class AreaError(ValueError):
    """What is wrong with a line of an area; the text of the error is that line."""


def road(text: str) -> Road:
    found = ROAD.fullmatch(text)
    if not found:
        raise AreaError(text)
    first = int(found["first"])
    last = int(found["last"] or first)
    if last < first:
        raise AreaError(text)
    side = SIDES.get(found["side"] or "")
    return Road(found["district"], found["dong"], found["road"], first, last, side)


def dong(text: str) -> Dong:
    found = DONG.fullmatch(text)
    if not found:
        raise AreaError(text)
    return Dong(found["district"], found["dong"])


def block(text: str) -> Block:
    found = BLOCK.fullmatch(text)
    if not found:
        raise AreaError(text)
    return Block(found["district"], found["dong"], found["block"])


def lines(value: Any) -> list[str]:
    """A list of texts as a file has it; raises AreaError for anything else."""
    found = [] if value is None else value
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise AreaError(str(value))
    return [" ".join(one.split()) for one in found]


def read(given: Mapping[str, Any], known: Iterable[str]) -> Area:
    """The area that a file names; raises AreaError. `known` are the districts of the city."""
    districts = lines(given.get("districts"))
    city = districts == ["서울 전체"]
    area = Area(
        () if city else tuple(districts),
        tuple(map(dong, lines(given.get("dongs")))),
        tuple(map(road, lines(given.get("roads")))),
        tuple(map(block, lines(given.get("blocks")))),
        str(given.get("note") or ""),
        city,
    )
    for name in area.named():
        if name not in known:
            raise AreaError(name)
    return area


def written(area: Area) -> dict[str, list[str] | str]:
    """An area as a file has it; `read` gives the same one back."""
    sides = {1: " 홀수", 0: " 짝수", None: ""}
    roads = [
        f"{one.district} {one.dong} {one.road} {one.first}-{one.last}{sides[one.side]}"
        for one in area.roads
    ]
    found: dict[str, list[str] | str] = {
        "districts": ["서울 전체"] if area.city else list(area.districts),
        "dongs": [" ".join(one) for one in area.dongs],
        "roads": roads,
        "blocks": [" ".join(one) for one in area.blocks],
        "note": area.note,
    }
    return {name: value for name, value in found.items() if value}
