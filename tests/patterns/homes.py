"""Homes with a past: bills and days of a remote meter."""

from datetime import date, timedelta

from app.clock import add_months
from tests import make

HOME = "/patterns/HOME234567"
YESTERDAY = date(2026, 11, 19)


def bills(home, *used, until="2026-11"):
    """Bills of every second month, newest last."""
    months = [add_months(until, -2 * n) for n in range(len(used))][::-1]
    for month, usage_m3 in zip(months, used, strict=True):
        make.bill(premises=home.premises, month=month, usage_m3=usage_m3)


def week(home, *nights, until=YESTERDAY):
    """Days of a remote meter, the last of them until yesterday."""
    for ago, night in enumerate(reversed(nights)):
        day = until - timedelta(days=ago)
        make.daily_use(premises=home.premises, day=day, litres=400 + ago, night_litres=night)


def body(response, status=200):
    assert response.status_code == status
    return response.get_data(as_text=True)
