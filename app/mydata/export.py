"""Everything about a person as one file: first gathered, then packed without the database."""

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from app.accounts.models import Account
from app.clock import SEOUL
from app.mydata.topics import TOPICS
from app.mydata.values import Row, plain, raw
from app.signs import harmless

MARK = "\ufeff"  # without it, spreadsheets show Korean as garbage


class Gathered(NamedTuple):
    """The rows of a table with its names, in the language of who asked."""

    topic: str
    code: str
    title: str
    columns: dict[str, str]
    rows: list[Row]


def gather(account: Account, now: datetime) -> list[Gathered]:
    """All of it. Each table is read by itself, so nobody who writes waits for the whole."""
    return [
        Gathered(
            topic.code,
            table.code,
            str(table.title),
            {key: str(name) for key, name in table.columns.items()},
            table.rows(account, now),
        )
        for topic in TOPICS
        for table in topic.tables
    ]


def as_json(found: Sequence[Gathered], service: str, now: datetime) -> bytes:
    """For programs: `{"service": …, "made_at": …, "topics": {topic: {table: [row, …]}}}`."""
    topics: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for table in found:
        rows = [{key: content(key, row.get(key)) for key in table.columns} for row in table.rows]
        topics.setdefault(table.topic, {})[table.code] = rows
    whole = {"service": service, "made_at": raw(now), "topics": topics}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def content(key: str, value: Any) -> Any:
    """A value; what a document says is JSON already."""
    return json.loads(value) if key == "content" else raw(value)


def table(found: Gathered) -> str:
    """One table for spreadsheets; no cell is a formula (S-32)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(found.columns.values())
    for row in found.rows:
        writer.writerow(harmless(plain(row.get(key))) for key in found.columns)
    return MARK + text.getvalue()


def as_zip(found: Sequence[Gathered], now: datetime) -> bytes:
    """A table for each kind, in one file. Archives know no time zone: the files have Seoul's."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, one in enumerate(found, 1):
            name = f"{number:02d}-{one.code.replace('_', '-')}.csv"
            archive.writestr(zipfile.ZipInfo(name, stamp(now)), table(one), zipfile.ZIP_DEFLATED)
    return target.getvalue()


def stamp(now: datetime) -> tuple[int, int, int, int, int, int]:
    local = now.astimezone(SEOUL)
    return local.year, local.month, local.day, local.hour, local.minute, local.second
