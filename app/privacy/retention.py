"""Destroying in time: what the register says goes, table by table, in small batches, on record."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from peewee import IntegrityError

from app import destructions
from app.db import rows, writing
from app.observe import log
from app.privacy import closing, files, leaving
from app.privacy.register import blocks
from app.privacy.rules import Gone, Rule, rules

BATCH = 500
SLICE = 1000
"""So many premises at once, of tables that are far larger than what is destroyed of them."""
AGAIN = timedelta(hours=6)


def planned(rule: Rule, now: datetime) -> Gone:
    """What a rule would destroy now."""
    ((count, first, last),) = rows(rule.counted, (rule.limit(now),))
    if not count:
        return Gone(rule.table, rule.name, 0)
    return Gone(rule.table, rule.name, count, rule.day(first), rule.day(last))


def noted(gone: Gone, now: datetime) -> Gone:
    """Put a batch on record, in its transaction."""
    destructions.note(gone.what, gone.rule, gone.count, now, gone.first, gone.last)
    return gone


def destroy(rule: Rule, sql: str, values: tuple[Any, ...], now: datetime) -> Gone:
    """One batch and its record, in one transaction: a kill loses neither."""
    with writing():
        return noted(rule.gone(rows(sql, values)), now)


def carry_out(rule: Rule, now: datetime) -> Iterator[Gone]:
    """Destroy what a rule wants gone; a batch at each step."""
    limit = rule.limit(now)
    if rule.keep.through:
        ((first, last),) = rows(rule.parents)
        for begin in range(first or 0, (last or -1) + 1, SLICE):
            yield destroy(rule, rule.slice, (begin, begin + SLICE - 1, limit), now)
        return
    while True:
        gone = destroy(rule, rule.batch, (limit, BATCH), now)
        yield gone
        if gone.count < BATCH:
            return


def guarded(rule: Rule, now: datetime) -> Iterator[Gone]:
    """One table that cannot be cleared keeps no other from it."""
    try:
        yield from carry_out(rule, now)
    except IntegrityError as error:
        fields = {"table": rule.table, "rule": rule.name}
        log.error("retention: a rule failed", exc_info=error, extra={"fields": fields})
        yield Gone(rule.table, rule.name, 0, failed=True)


def close_ended(config: Mapping[str, Any], now: datetime, dry: bool) -> Iterator[Gone]:
    """Close accounts that were disabled for so long, and again those that a backup brought back."""
    for block in blocks().values():
        for keep in block.keep:
            rule = f"{keep.since} {keep.years}y {keep.days}d: closed"
            for number in closing.ended(keep.since, keep.before(now)) if keep.close else ():
                if dry or leaving.leave(config, number, now):
                    yield Gone(block.table, rule, 1)
    for number in leaving.came_back(config):
        if dry or closing.close(number, now):
            yield Gone("accounts", "closed before", 1)
    if not dry:
        leaving.note_missing(config, now)
        leaving.forget(config, now)


def forget_closed(now: datetime) -> Gone:
    """Forget what was being sent while its account was closed."""
    with writing():
        return noted(Gone("messages", "of closed accounts", closing.silence_closed()), now)


def sweep_files(config: Mapping[str, Any], now: datetime, dry: bool) -> Iterator[Gone]:
    for what, rule, days in files.sweep(config, now, dry):
        gone = Gone.of(what, rule, days)
        if not dry:
            noted(gone, now)
        yield gone


def steps(config: Mapping[str, Any], now: datetime, dry: bool = False) -> Iterator[Gone]:
    """Everything that is to be destroyed now: tables, ended accounts, files."""
    for rule in rules():
        yield from [planned(rule, now)] if dry else guarded(rule, now)
    yield from close_ended(config, now, dry)
    if not dry:
        yield forget_closed(now)
    yield from sweep_files(config, now, dry)


def retain(config: Mapping[str, Any], now: datetime, dry: bool = False) -> list[Gone]:
    """Destroy everything that is due, or count it; one line for each rule."""
    found: dict[tuple[str, str], Gone] = {}
    for gone in steps(config, now, dry):
        key = gone.what, gone.rule
        found[key] = found[key].and_(gone) if key in found else gone
    return list(found.values())
