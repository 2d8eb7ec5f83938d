"""Writing into the audit log, and checking that nothing in it was changed or taken out.

Each row's `mac` is an HMAC over its own content and the `mac` of the row before. The secret is
sealed in the head's row, so that whoever has the database alone cannot add or change a row. The
head's other columns are open: what they say of erased rows counts only when a row of the chain
says it too. Rows at the end can be cut off together with the head's last number; that shows only
to who kept a later number elsewhere. A log that is gone, or began anew, shows by the members of
staff who were there before.
"""

import hmac
import json
import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from app.db import instant, rows, writing
from app.sealed import opened, seal

Value = str | int | bool
AT_ONCE = 1000


class Actor(NamedTuple):
    """Who did it. `office` is where they worked, `source` the address that they came from."""

    kind: str
    id: int | None
    name: str
    office: str = ""
    source: str = ""


class About(NamedTuple):
    """Whose data it was."""

    account_id: int | None = None
    premises_id: int | None = None


NOBODY = About()


def system(name: str) -> Actor:
    """The program itself, or an operator at a command line by the name that they gave."""
    return Actor("system", None, name[:60])


NEXT = """
UPDATE audit_head SET last_id = last_id + 1 WHERE id = 1 RETURNING key, last_id, last_mac
"""
BEGIN = """
INSERT INTO audit_head (id, key, last_id, last_mac, erased_id, erased_mac)
VALUES (1, ?, 0, '', 0, '') ON CONFLICT (id) DO NOTHING RETURNING id
"""
ADD = """
INSERT INTO audit (id, at, actor_kind, actor_id, actor_name, office, action, account_id,
    premises_id, details, source, mac)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
"""
LINK = "UPDATE audit_head SET last_mac = ? WHERE id = 1 RETURNING id"
HEAD = "SELECT key, last_id, last_mac, erased_id, erased_mac FROM audit_head WHERE id = 1"
FIRST = "SELECT CAST(at AS TEXT) FROM audit ORDER BY id LIMIT 1"
FIRST_MEMBER = "SELECT CAST(created_at AS TEXT) FROM staff ORDER BY created_at LIMIT 1"
ERASED = "audit.erased"
TOLD = "SELECT id FROM audit WHERE id > ? AND action = ? AND details = ? LIMIT 1"
PART = """
SELECT id, CAST(at AS TEXT), actor_kind, actor_id, actor_name, office, action, account_id,
    premises_id, details, source, mac
FROM audit WHERE id > ? ORDER BY id LIMIT ?
"""


def record(
    actor: Actor,
    action: str,
    about: About = NOBODY,
    *,
    now: datetime,
    details: Mapping[str, Value] | None = None,
) -> int:
    """Add a row in the caller's transaction, or in one of its own; its number.

    What cannot be written down is not done: errors are raised. Where a transaction also locks
    other rows, this comes last, because all writers of the log wait for each other.
    """
    said = written(details or {})
    with writing():
        found = rows(NEXT)
        if not found:
            rows(BEGIN, (seal(secrets.token_hex(32)),))
            found = rows(NEXT)
        key, number, before = found[0]
        row = (
            number, instant(now), actor.kind, actor.id, actor.name[:60], actor.office,
            action, about.account_id, about.premises_id, said, actor.source[:45],
        )  # fmt: skip
        mac = mac_of(opened(key), before, row)
        rows(ADD, (*row, mac))
        rows(LINK, (mac,))
    return int(number)


def written(details: Mapping[str, Value]) -> str:
    return json.dumps(details, ensure_ascii=False, sort_keys=True)


def mac_of(key: str, before: str, row: tuple[Any, ...]) -> str:
    text = json.dumps([before, *row], ensure_ascii=False)
    return hmac.digest(key.encode(), text.encode(), sha256).hex()


def moment(text: str) -> str:
    """A moment as `instant` writes it: PostgreSQL leaves out zeros at the end."""
    whole, _, part = text.partition(".")
    return f"{whole}.{part:0<6}"


def entries(after: int) -> Iterator[tuple[Any, ...]]:
    """All rows behind a number, in order, with their `mac` last."""
    while part := rows(PART, (after, AT_ONCE)):
        for row in part:
            yield (row[0], moment(row[1]), *row[2:])
        after = part[-1][0]


def problems() -> Iterator[str]:
    """What is wrong with the log, row by row; nothing when all is as it was written."""
    head = rows(HEAD)
    if not head:
        yield from (f"row {row[0]} belongs to no chain" for row in entries(0))
        yield from late_beginning()
        return
    key, last_id, last_mac, erased_id, before = head[0]
    secret, expected = opened(key), erased_id + 1
    for row in entries(erased_id):
        if row[0] != expected:
            yield from gap(expected, row[0] - 1)
        elif not hmac.compare_digest(mac_of(secret, before, row[:-1]), row[-1]):
            yield f"row {row[0]} was changed"
        before, expected = row[-1], row[0] + 1
    yield from gap(expected, last_id)
    if expected == last_id + 1 and before != last_mac:
        yield f"row {last_id} is not the one that was written last"
    yield from wrong_beginning(erased_id)


def wrong_beginning(erased_id: int) -> Iterator[str]:
    """The sentence about a chain whose beginning is not there, though no row of it says why."""
    if not erased_id:
        yield from late_beginning(*(moment(row[0]) for row in rows(FIRST)))
    elif not rows(TOLD, (erased_id, ERASED, written({"up_to": erased_id}))):
        yield f"rows up to {erased_id} are missing: no row says that they were erased"


def late_beginning(first: str = "") -> Iterator[str]:
    """The sentence about a log that is empty, or whose first row is younger than a member is."""
    member = rows(FIRST_MEMBER)
    if member and (not first or moment(member[0][0]) < first):
        yield "the log begins later than the first member of staff"


def gap(first: int, last: int) -> Iterator[str]:
    """The sentence about rows that are not there."""
    if first == last:
        yield f"row {first} is missing"
    elif first < last:
        yield f"rows {first} to {last} are missing"


BEFORE_YOUNG = """
SELECT id, mac FROM audit WHERE id < coalesce((SELECT min(id) FROM audit WHERE at >= ?),
    (SELECT last_id + 1 FROM audit_head WHERE id = 1))
ORDER BY id DESC LIMIT 1
"""
FORGET = "UPDATE audit_head SET erased_id = ?, erased_mac = ? WHERE id = 1 RETURNING id"
ERASE = """
DELETE FROM audit WHERE id IN
    (SELECT id FROM audit WHERE id <= (SELECT erased_id FROM audit_head WHERE id = 1)
    ORDER BY id LIMIT ?) RETURNING id
"""


def erase(before: datetime, now: datetime) -> Iterator[int]:
    """Destroy rows that are older than the law wants them kept, some at a time; how many each.

    Nothing behind the first row that is young goes, whatever its own clock said.
    """
    with writing():
        if found := rows(BEFORE_YOUNG, (instant(before),)):
            rows(FORGET, found[0])
            about = {"up_to": int(found[0][0])}
            record(system("retention"), ERASED, now=now, details=about)
    while True:
        with writing():
            gone = len(rows(ERASE, (AT_ONCE,)))
        if gone:
            yield gone
        if gone < AT_ONCE:
            return
