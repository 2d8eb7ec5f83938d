"""An invented city: premises, people and water use that follow from a seed.

Every name and address is made up and says so. Values come from a hash of (seed, what, number), so
any part can be made again without the parts before it.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple
from zlib import crc32

from app.clock import add_months, first_day
from app.supply.offices import offices

MONTHS = 36
RESIDENT, PARENTS, MOVED, LEAKING = 0, 1, 2, 3
SPECIAL, NOBODYS = 4, 5
"""The first homes are made up for a purpose; the last of these numbers is linked to nobody."""
REMOTE, DAYS = 40, 62
"""One home in forty has a remote meter that tells of each day; so many days are made."""
SURNAMES = "김이박최정강조윤장임한오서신권황안송류홍"
GIVEN = ("가상", "예시", "보기", "견본", "모의", "가공")
ROADS = ("보기로", "예시로", "가상길", "견본길", "물결로", "샘물길", "한빛로", "새솔길")
SEASON = (0.92, 0.9, 0.94, 0.98, 1.0, 1.08, 1.2, 1.24, 1.08, 1.0, 0.96, 0.94)


class Dwelling(NamedTuple):
    """One premises of the city, before it is stored."""

    position: int
    number: str
    office: str
    district: str
    dong: str
    road_address: str
    lot_address: str
    postcode: str
    use_class: str
    diameter_mm: int
    households: int
    dwellings: int
    installed_on: date
    start_m3: int
    owner: str
    user: str
    next_user: str
    moved_in: str
    """Billing month with whose reading the next user took over, or nothing."""


class City:
    """`until` is the last billing month; the first lies three years before."""

    def __init__(self, size: int, seed: int, until: str) -> None:
        self.size = size
        self.seed = seed
        self.months = [add_months(until, offset) for offset in range(1 - MONTHS, 1)]
        self.places = [(o.code, gu) for o in offices().values() for gu in o.districts]

    def pick(self, what: str, index: int, choices: int) -> int:
        """A number below `choices`, always the same for the same question."""
        return crc32(f"{self.seed} {what} {index}".encode()) % choices

    def name(self, what: str, index: int) -> str:
        given = GIVEN[self.pick(f"given {what}", index, len(GIVEN))]
        return SURNAMES[self.pick(what, index, len(SURNAMES))] + given

    def parity(self, index: int) -> int:
        """Whether a premises is billed with the last month (0) or the one before (1)."""
        return 0 if index < SPECIAL else self.pick("parity", index, 2)

    def billed(self, index: int, month: str) -> bool:
        """Bills come every two months, half of the city each month."""
        position = self.months.index(month)
        return (len(self.months) - 1 - position - self.parity(index)) % 2 == 0

    def reading_day(self, index: int, month: str) -> date:
        """Between the 21st of the month before and the 8th (arisu: billing calendar)."""
        first = first_day(add_months(month, -1)).replace(day=21)
        return first + timedelta(days=self.pick("day", index, 17))

    def first_month(self, index: int) -> str:
        return self.months[(len(self.months) - 1 - self.parity(index)) % 2]

    def households(self, index: int) -> int:
        if index < SPECIAL or self.pick("kind", index, 100) < 90:
            return 1
        return 2 + self.pick("households", index, 7)

    def use_class(self, index: int) -> str:
        """Nearly all are homes; about one in twenty is a shop, one in three hundred a bath."""
        if index < SPECIAL or self.households(index) > 1:
            return "household"
        lot = self.pick("class", index, 300)
        return "bath" if lot == 0 else "general" if lot < 16 else "household"

    def grants(self, index: int) -> list[str]:
        """The discounts and reductions of a premises, by their codes in the tariff."""
        if index in (RESIDENT, LEAKING):
            return ["ebill", "two_children"]
        if self.use_class(index) != "household":
            return ["ebill"] if self.pick("ebill", index, 3) == 0 else []
        found = ["ebill"] if self.pick("ebill", index, 5) == 0 else []
        if self.pick("children", index, 7) == 0:
            found.append("two_children")
        if index == PARENTS or self.pick("welfare", index, 25) == 0:
            found.append("basic_livelihood")
        return found

    def moved_in(self, index: int) -> str:
        """The month of a change of user; about one premises in fifteen had one."""
        if index == MOVED:
            return self.months[-7]
        if index < SPECIAL or self.pick("mover", index, 15):
            return ""
        months = [m for m in self.months[4:-2] if self.billed(index, m)]
        return months[self.pick("moved", index, len(months))]

    def dwelling(self, index: int) -> Dwelling:
        office, district = self.places[self.pick("place", index, len(self.places))]
        if index < len(self.places):
            office, district = self.places[index]
        households = self.households(index)
        road = ROADS[self.pick("road", index, len(ROADS))]
        house, flat = 1 + self.pick("house", index, 180), 101 + self.pick("flat", index, 900)
        before = add_months(self.first_month(index), -2)
        return Dwelling(
            position=index,
            number=f"{(index * 104_729 + 12_345_678) % 10**9:09d}",
            office=office,
            district=district,
            dong=f"가상{1 + self.pick('dong', index, 4)}동",
            road_address=f"서울특별시 {district} {road} {house}, {flat}호 (가상 주소)",
            lot_address=f"서울특별시 {district} 가상동 {house}-{flat % 40 + 1} (가상 주소)",
            postcode=f"0{1000 + self.pick('post', index, 8000)}",
            use_class=self.use_class(index),
            dwellings=1 if self.use_class(index) == "general" and house % 4 == 0 else 0,
            diameter_mm=15 if households == 1 else 20 if households < 5 else 25,
            households=households,
            installed_on=self.reading_day(index, before),
            start_m3=self.pick("start", index, 9000),
            owner=self.name("owner", index),
            user=self.name("user", index),
            next_user=self.name("next", index),
            moved_in=self.moved_in(index),
        )

    def dwellings(self) -> Iterator[Dwelling]:
        return map(self.dwelling, range(self.size))

    def usage(self, index: int, month: str) -> int:
        """m3 of two months before a billing month: season, habit, chance, leaks, empty flats."""
        kind = self.pick("kind", index, 100)
        if index >= SPECIAL and kind < 3:
            return self.pick(f"empty {month}", index, 2)
        habit = 60 + self.pick("habit", index, 140) if index >= SPECIAL else 110
        chance = 85 + self.pick(f"chance {month}", index, 31)
        season = SEASON[int(add_months(month, -2)[5:]) - 1]
        use = self.households(index) * 20 * season * habit * chance // 10_000
        leaks = index == LEAKING or (index >= SPECIAL and kind in (3, 4))
        if leaks and month >= self.months[-6 - 6 * (index != LEAKING)]:
            use += 25 + self.pick("leak", index, 60)
        return int(use)

    def readings(self, month: str, shown: "list[int]") -> Iterator[tuple[str, str, int, str]]:
        """The rows of a month's reading file; `shown` holds what each meter showed and moves on."""
        for index in range(self.size):
            if not self.billed(index, month):
                continue
            shown[index] = (shown[index] + self.usage(index, month)) % 10_000
            kind = ("remote", "self")[self.pick("reader", index, 2)]
            if self.pick("read by", index, 5):
                kind = "regular"
            number = f"{(index * 104_729 + 12_345_678) % 10**9:09d}"
            yield number, self.reading_day(index, month).isoformat(), shown[index], kind

    def is_remote(self, index: int) -> bool:
        return index in (RESIDENT, PARENTS, LEAKING) or index % REMOTE == 0

    def days(self, today: date) -> Iterator[tuple[str, str, int, int]]:
        """The rows of a file of daily use; water runs at night where it leaks."""
        for index in filter(self.is_remote, range(self.size)):
            home = self.dwelling(index)
            usual = self.usage(index, self.months[-2]) * 1000 // 61
            for ago in range(DAYS, 0, -1):
                day = today - timedelta(days=ago)
                chance = 70 + self.pick(f"day {day}", index, 50) + 15 * (day.weekday() > 4)
                leaks = index in (PARENTS, LEAKING) and ago <= 18
                night = 5 + self.pick(f"night {day}", index, 4) if leaks else 0
                if day > home.installed_on and self.pick(f"gap {day}", index, 50):
                    yield home.number, day.isoformat(), usual * chance // 100 + 24 * night, night

    def paid_on(self, index: int, month: str, issued: date, due: date) -> date | None:
        """When a bill was paid; None for the few that stay open for half a year and more."""
        if index < SPECIAL:
            return None if month == self.months[-1] else due - timedelta(days=3)
        luck = self.pick(f"pay {month}", index, 100)
        if luck < 93:
            return issued + timedelta(days=luck % ((due - issued).days + 1))
        if luck < 98:
            return due + timedelta(days=1 + luck * 7 % 25)
        return None if month >= self.months[-6] else due + timedelta(days=61)
