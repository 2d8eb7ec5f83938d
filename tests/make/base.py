"""What all makers share."""

from datetime import UTC, date, datetime, time
from itertools import count

from app import clock
from app.db import database

LONG_AGO = datetime(2024, 1, 2, tzinfo=UTC)
START = date(2023, 11, 28)
numbers = count(1)


def create(model, given, **defaults):
    """Store a row; a default that is a function is called when nothing else was given."""
    if not database.in_transaction():
        raise RuntimeError("A test that makes rows asks for the fixture `db` (or `client`).")
    missing = {name: value for name, value in defaults.items() if name not in given}
    row = {name: value() if callable(value) else value for name, value in missing.items()}
    return model.create(**row, **given)


def noon(day):
    return datetime.combine(day, time(12), clock.SEOUL)
