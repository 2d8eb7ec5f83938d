"""Business days in Korea: weekends, statutory holidays, and days declared later."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import yaml

DECLARED = Path(__file__).with_name("declared_holidays.yaml")


@cache
def _statutory() -> Mapping[date, str]:
    import holidays  # takes half a second to load, so only when a day is asked for

    korea: Mapping[date, str] = holidays.country_holidays("KR", language="ko")
    return korea


@cache
def _declared() -> Mapping[date, str]:
    return dict(yaml.safe_load(DECLARED.read_text("utf-8")) or {})


def is_business_day(day: date) -> bool:
    """Neither Saturday, Sunday nor a public holiday (Civil Act art. 161, 관공서 공휴일 규정)."""
    if day.weekday() >= 5:
        return False
    return day not in _declared() and day not in _statutory()


def next_business_day(day: date) -> date:
    """`day` itself if offices are open on it, else the first open day after it."""
    while not is_business_day(day):
        day += timedelta(days=1)
    return day
