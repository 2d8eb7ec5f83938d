"""The schematic map of the 25 districts: a tile each, roughly where the district lies."""

from collections.abc import Iterable
from typing import NamedTuple

from app import addresses
from app.language import _, current
from app.outages.record import DRY, Outage

WIDE, HIGH, GAP = 64, 48, 3
ROWS = (
    ".. .. .. .. 강북구 도봉구 노원구",
    ".. .. 은평구 종로구 성북구 동대문구 중랑구",
    "강서구 마포구 서대문구 중구 성동구 광진구 강동구",
    "양천구 영등포구 동작구 용산구 서초구 강남구 송파구",
    "구로구 금천구 관악구",
)
PLACES = {
    name: (column, row)
    for row, names in enumerate(ROWS)
    for column, name in enumerate(names.split())
    if name != ".."
}
LONG = 9


class Tile(NamedTuple):
    """A district on the map, with a word when there is something."""

    x: int
    y: int
    name: str
    css: str
    word: str
    squeezed: bool


def name_of(district: str) -> str:
    """`강남`, `중구`, `Gangnam`."""
    if current() == "en":
        return addresses.districts()[district].name_en.removesuffix("-gu")
    return district if len(district) == 2 else district.removesuffix("구")


def state_of(district: str, now: Iterable[Outage], planned: Iterable[Outage]) -> tuple[str, str]:
    """How a tile looks, and its word."""
    going = [one for one in now if one.area.touches(district)]
    if any(one.kind in DRY for one in going):
        return "off", _("단수 중")
    if going:
        return "care", _("주의")
    if any(one.area.touches(district) for one in planned):
        return "soon", _("예정")
    return "", ""


def tiles(now: Iterable[Outage], planned: Iterable[Outage]) -> list[Tile]:
    found = []
    for district, (column, row) in PLACES.items():
        css, word = state_of(district, now, planned)
        name = name_of(district)
        long = len(name) > LONG
        found.append(Tile(column * WIDE, row * HIGH, name, css, word, long))
    return found
