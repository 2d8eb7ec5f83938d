"""The rates of the table by part and class: in force, to follow, and those of before."""

from datetime import date
from itertools import pairwise
from typing import NamedTuple

from app import words
from app.calculator.names import class_name
from app.language import _, later
from app.tariff.table import ALWAYS, Rate, Table

GROUPS = {
    "water": later("수도 사용요금"),
    "sewer": later("하수도 사용료"),
    "levy": later("물이용부담금"),
    "base": later("구경별 기본요금"),
}


class Price(NamedTuple):
    """One rate as the page prints it."""

    name: str
    since: str
    tiers: list[tuple[str, str]]
    sample: bool
    source: str


class Group(NamedTuple):
    """One part's rates; `before` has each class's newest first."""

    part: str
    heading: str
    now: list[Price]
    then: list[Price]
    before: list[Price]

    @property
    def common(self) -> Price | None:
        """A price that stands for all where they began together and have one source."""
        alike = len({(price.since, price.source) for price in self.now}) == 1
        return self.now[0] if alike and len(self.now) > 1 else None


def begins(rate: Rate) -> date:
    """The first day of a rate; of one that counts from a billing month, that month's."""
    return date.fromisoformat(f"{rate.billed_from}-01") if rate.billed_from else rate.start


def since(rate: Rate) -> str:
    if rate.billed_from:
        return _("%(month)s 납기부터", month=words.month(rate.billed_from))
    if rate.end:
        return _(
            "%(first)s부터 %(last)s까지", first=words.day(rate.start), last=words.day(rate.end)
        )
    return "" if rate.start == ALWAYS else _("%(first)s부터", first=words.day(rate.start))


def tiers(rate: Rate) -> list[tuple[str, str]]:
    """(which m3, won) from the first to the last; the first is empty where there is one price."""
    if len(rate.tiers) == 1:
        return [("", words.won(rate.tiers[0][1]))]
    return [
        (_("%(limit)s까지", limit=words.volume(limit)) if limit else _("그 위"), words.won(won))
        for limit, won in rate.tiers
    ]


def price(rate: Rate) -> Price:
    name = f"{rate.use_class}mm" if rate.part == "base" else class_name(rate.use_class)
    return Price(name, since(rate), tiers(rate), not rate.verified, rate.source)


def to_follow(before: list[Rate], after: list[Rate]) -> list[Price]:
    """The prices that will change; one that only repeats its predecessor is not known yet, or no
    change at all.
    """
    found = []
    for old, new in pairwise([*before[-1:], *after]):
        if old.tiers != new.tiers:
            found.append(price(new))
        elif not new.verified:
            found.append(price(new)._replace(tiers=[("", _("확인 전"))]))
    return found if before else [price(rate) for rate in after]


def sorted_out(rates: list[Rate], today: date) -> tuple[list[Rate], list[Rate], list[Rate]]:
    """Of one part and class, oldest first: the one in force, those to follow, those of before."""
    begun = [rate for rate in rates if begins(rate) <= today]
    after = [rate for rate in rates if begins(rate) > today]
    now = [rate for rate in begun[-1:] if not rate.end or rate.end >= today]
    return now, after, [rate for rate in begun if rate not in now]


def group(table: Table, part: str, today: date) -> Group:
    by_class: dict[str, list[Rate]] = {}
    for rate in table.rates.values():
        if rate.part == part:
            by_class.setdefault(rate.use_class, []).append(rate)
    now: list[Price] = []
    then: list[Price] = []
    before: list[Price] = []
    for rates in by_class.values():
        in_force, after, earlier = sorted_out(rates, today)
        now += [price(rate) for rate in in_force]
        then += to_follow(in_force, after)
        before += [price(rate) for rate in earlier[::-1]]
    return Group(part, str(GROUPS[part]), now, then, before)


def prices(table: Table, today: date) -> list[Group]:
    """All rates, part by part."""
    return [group(table, part, today) for part in GROUPS]
