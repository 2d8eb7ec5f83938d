"""How days, months, volumes and amounts are written, in the language of the request."""

from datetime import date, datetime
from functools import lru_cache

from app.clock import SEOUL
from app.language import _, current

WEEKDAYS = {"ko": "월화수목금토일", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
UNITS = {"ko": "㎥", "en": "\u00a0m³"}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(value: date) -> str:
    """`2026. 11. 30.` or `30 Nov 2026`."""
    return _day(value, current())


@lru_cache(4096)
def _day(value: date, language: str) -> str:
    if language == "en":
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
    return f"{value.year}. {value.month}. {value.day}."


def day_in_sentence(value: date) -> str:
    """`11월 30일(월)` or `Mon 30 Nov`."""
    weekday = WEEKDAYS[current()][value.weekday()]
    if current() == "en":
        return f"{weekday} {value.day} {MONTHS[value.month - 1]}"
    return f"{value.month}월 {value.day}일({weekday})"


def local_day(moment: datetime) -> date:
    """The day in Seoul of an aware moment."""
    return moment.astimezone(SEOUL).date()


def days(first: date, last: date) -> str:
    """`9월 2일~11월 1일` or `2 Sep – 1 Nov`."""
    if current() == "en":
        return f"{first.day} {MONTHS[first.month - 1]} – {last.day} {MONTHS[last.month - 1]}"
    return f"{first.month}월 {first.day}일~{last.month}월 {last.day}일"


def month(value: str) -> str:
    """`2026-11` as `2026년 11월` or `Nov 2026`."""
    return _month(value, current())


@lru_cache(1024)
def _month(value: str, language: str) -> str:
    number = int(value[5:])
    return f"{MONTHS[number - 1]} {value[:4]}" if language == "en" else f"{value[:4]}년 {number}월"


def short_month(value: str) -> str:
    """`2026-11` as `11월` or `Nov`."""
    return _short_month(value[5:], current())


@lru_cache(64)
def _short_month(number: str, language: str) -> str:
    return MONTHS[int(number) - 1] if language == "en" else f"{int(number)}월"


def won(amount: int) -> str:
    """`31,680원` or `₩31,680`; a minus sign in front."""
    sign = "−" if amount < 0 else ""
    return f"{sign}₩{abs(amount):,}" if current() == "en" else f"{sign}{abs(amount):,}원"


def volume(m3: int) -> str:
    """`24㎥` or `24 m³`."""
    return _volume(m3, current())


@lru_cache(4096)
def _volume(m3: int, language: str) -> str:
    return f"{m3:,}{UNITS[language]}"


def tenths(value: int) -> str:
    """Tenths of a m3: 696 is `69.6㎥`, 240 is `24㎥`."""
    whole, rest = divmod(value, 10)
    return f"{whole:,}.{rest}{UNITS[current()]}" if rest else volume(whole)


def number(customer_number: str) -> str:
    """`012345678` as `012-345-678`."""
    return "-".join((customer_number[:3], customer_number[3:6], customer_number[6:]))


def clock_time(moment: datetime) -> str:
    """`15:04` in Seoul."""
    return f"{moment.astimezone(SEOUL):%H:%M}"


def moment(value: datetime) -> str:
    """`2026. 11. 22. 14:05` or `22 Nov 2026, 14:05`, in Seoul."""
    between = ", " if current() == "en" else " "
    return f"{day(local_day(value))}{between}{clock_time(value)}"


def months(count: int) -> str:
    return _("%(count)s달", count=count)


def litres(count: int) -> str:
    """`1,240L` or `1,240 L`."""
    return f"{count:,}\u00a0L" if current() == "en" else f"{count:,}L"
