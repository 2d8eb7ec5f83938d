"""Rows with a default for every field: `make.bill(usage_m3=30)`. They need the fixture `db`."""

from tests.make.accounts import challenge, code, device, passkey, session, token, tries
from tests.make.base import LONG_AGO, START, create, noon, numbers
from tests.make.bills import bill, charged, correction, instalment, late_fee, similar_use
from tests.make.homes import home_event, home_request
from tests.make.messages import message
from tests.make.papers import USAGE, document, limit, lookup
from tests.make.reminders import notice_choice
from tests.make.signup import consent, signup
from tests.make.supply import (
    CHEAP,
    PASSPHRASE,
    account,
    daily_use,
    file_import,
    home,
    joined_meter,
    meter,
    meter_fault,
    occupancy,
    password_hash,
    pause,
    premises,
    reading,
    reduction,
    supply_change,
)

__all__ = [
    "CHEAP",
    "LONG_AGO",
    "PASSPHRASE",
    "START",
    "USAGE",
    "account",
    "bill",
    "challenge",
    "charged",
    "code",
    "consent",
    "correction",
    "create",
    "daily_use",
    "device",
    "document",
    "file_import",
    "home",
    "home_event",
    "home_request",
    "instalment",
    "joined_meter",
    "late_fee",
    "limit",
    "lookup",
    "message",
    "meter",
    "meter_fault",
    "noon",
    "notice_choice",
    "numbers",
    "occupancy",
    "passkey",
    "password_hash",
    "pause",
    "premises",
    "reading",
    "reduction",
    "session",
    "signup",
    "similar_use",
    "supply_change",
    "token",
    "tries",
]
