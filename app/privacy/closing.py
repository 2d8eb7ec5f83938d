"""Closing an account: what goes at once, what the law keeps apart, and the number that stays.

All of it follows the register: `person` finds an account's rows in a table, `at_close` says what
becomes of them.
"""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from peewee import Model, sort_models  # type: ignore[attr-defined]

from app import clock, destructions
from app.accounts.models import Account
from app.accounts.passwords import NO_PASSWORD
from app.db import instant, is_postgres, rows, writing
from app.privacy.models import KeptRecord
from app.privacy.register import AtClose, Block, blocks, models, of_accounts

GONE_ADDRESS = "closed-{}@closed.invalid"
WAITING = """
UPDATE messages SET state = 'dropped', finished_at = ?, lease = ''
WHERE account_id = ? AND (state = 'created' OR state = 'held') RETURNING id
"""
NO_STEPS = """
UPDATE messages SET otherwise = '' WHERE account_id = ? AND otherwise <> '' RETURNING id
"""
SILENCE = """
UPDATE messages SET content = '', recipient = '', otherwise = ''
WHERE account_id = ? AND content <> '' AND finished_at IS NOT NULL RETURNING id
"""
SILENCE_CLOSED = """
UPDATE messages SET content = '', recipient = '', otherwise = ''
WHERE content <> '' AND finished_at IS NOT NULL
    AND account_id IN (SELECT id FROM accounts WHERE closed_at IS NOT NULL) RETURNING id
"""
ENDED = Account.closed_at.is_null() & Account.disabled_at.is_null(False)


def ended(column: str, before: datetime) -> list[int]:
    """The accounts that somebody disabled before a moment and nobody closed."""
    field = Account._meta.fields[column]
    found = Account.select(Account.id).where(ENDED & (field <= before)).order_by(Account.id)
    return [int(number) for (number,) in found.tuples()]


def close(number: int, now: datetime, farewell: Callable[[Account], object] | None = None) -> bool:
    """Close an account for good; False when that was done before. In one transaction.

    `farewell` is called with the account as it was, to queue the last message to its person.
    """
    with writing():
        if is_postgres():
            rows("SELECT id FROM accounts WHERE id = ? FOR UPDATE", (number,))
        account = Account.get_or_none((Account.id == number) & Account.closed_at.is_null())
        if account is None:
            return False
        for model, block in in_order():
            dissolve(model, block, number, now)
        rows(WAITING, (instant(now), number))
        rows(NO_STEPS, (number,))
        rows(SILENCE, (number,))
        if farewell:
            farewell(account)
        Account.update(**emptied(number, now)).where(Account.id == number).execute()
        destructions.note("accounts", "account closed", 1, now)
    return True


def emptied(number: int, now: datetime) -> dict[str, Any]:
    """What is left of an account's own row."""
    fields = Account._meta.columns
    return {
        **{name: None if fields[name].null else "" for name in blocks()["accounts"].blank},
        "email": GONE_ADDRESS.format(number),
        "password_hash": NO_PASSWORD,
        "closed_at": now,
        "disabled_at": now,
    }


def in_order() -> list[tuple[type[Model], Block]]:
    """The tables with something of accounts, those first that others do not point to."""
    known, theirs = models(), {block.table: block for block in of_accounts()}
    ordered = sort_models([known[table] for table in theirs])
    return [(model, theirs[model._meta.table_name]) for model in reversed(ordered)]


def dissolve(model: type[Model], block: Block, number: int, now: datetime) -> None:
    """Delete an account's rows of a table, or move them apart; on record."""
    mine = model._meta.columns[block.person] == number
    if block.at_close is AtClose.MOVE:
        move(model, block, number, now)
    if block.at_close in (AtClose.MOVE, AtClose.DELETE):
        gone = model.delete().where(mine).execute()
        destructions.note(block.table, f"account closed: {block.at_close.value}", gone, now)


def move(model: type[Model], block: Block, number: int, now: datetime) -> None:
    """Keep an account's rows of a table as one sealed record; none for no rows."""
    mine = model._meta.columns[block.person] == number
    found: list[dict[str, Any]] = list(model.select().where(mine).dicts())  # type: ignore[arg-type]
    if found:
        today = now.astimezone(clock.SEOUL).date()
        KeptRecord.create(
            account_id=number,
            what=block.table,
            content=json.dumps([readable(one) for one in found], ensure_ascii=False),
            kept_at=now,
            destroy_on=years_after(today, block.years),
        )


def years_after(day: date, years: int) -> date:
    """The same day so many years later; of 29 February the 1st of March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, month=3, day=1)


def readable(row: dict[str, Any]) -> dict[str, Any]:
    """A row as JSON can hold it."""
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()
    }


def silence_closed() -> int:
    """Forget what was being sent while its account was closed; how many messages."""
    with writing():
        return len(rows(SILENCE_CLOSED))
