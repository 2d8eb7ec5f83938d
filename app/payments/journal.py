"""What outlives the database: a line for each attempt, so that a restored backup can be completed.

`DATA_DIR/payments/2026-11-26.jsonl` has the attempts of a day: which bills, how much, whose. `mark`
beside it names the newest one. A database that does not know that one is older than its files.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from threading import get_ident
from typing import Any
from zlib import crc32

from flask import current_app

from app.words import local_day

KEPT = timedelta(days=62)
LINE = 80
LOOKS = 100
UNREADABLE = "?"
"""The order of no attempt."""


@lru_cache(8)
def made(data: str) -> Path:
    """The folder within a folder of data; made when it is asked for the first time."""
    found = Path(data).absolute() / "payments"
    found.mkdir(parents=True, exist_ok=True)
    return found


def folder() -> Path:
    return made(str(current_app.config["DATA_DIR"]))


def write(line: dict[str, Any], now: datetime) -> None:
    """Add an attempt; raises OSError when that cannot be, and then it must not be opened."""
    data = json.dumps(line, ensure_ascii=False).encode() + b"\n"
    path = folder() / f"{local_day(now)}.jsonl"
    place = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        if os.write(place, data) != len(data):
            raise OSError("the journal of payments is full")
    finally:
        os.close(place)


def mark(order_id: str) -> None:
    """Note the newest attempt, after it was committed. The file is written over: to put another one
    in its place costs a twentieth of a payment.
    """
    line = f"{order_id} {check(order_id)}".ljust(LINE).encode()
    try:
        place = os.open(f"{folder()}/mark", os.O_WRONLY)
    except FileNotFoundError:
        path = folder() / f"mark.{os.getpid()}.{get_ident()}"  # threads mark at the same time
        path.write_bytes(line)
        path.replace(folder() / "mark")
        return
    try:
        os.pwrite(place, line, 0)
    finally:
        os.close(place)


def marked() -> str | None:
    """The order that was noted last; None when none ever was on this machine.

    One that is being written over is read again; what stays unreadable names no attempt, so that
    payments are closed.
    """
    for _ in range(LOOKS):
        try:
            place = os.open(f"{folder()}/mark", os.O_RDONLY)
        except FileNotFoundError:
            return None
        try:
            order_id, _, checked = os.read(place, LINE).decode("ascii", "replace").partition(" ")
        finally:
            os.close(place)
        if not checked or checked.rstrip() == check(order_id):  # older ones have no check
            return order_id
    return UNREADABLE


def check(order_id: str) -> str:
    return f"{crc32(order_id.encode('ascii', 'replace')):08x}"


def lines(since: date) -> Iterator[dict[str, Any]]:
    """The attempts of the days from `since` on; a torn line is left out."""
    for path in sorted(folder().glob("*.jsonl")):
        if path.stem >= since.isoformat():
            for text in path.read_text("utf-8", errors="replace").splitlines():
                with suppress(ValueError):
                    yield json.loads(text)


def find(order_ids: set[str], since: date) -> dict[str, dict[str, Any]]:
    """The lines of some orders."""
    return {one["order_id"]: one for one in lines(since) if one.get("order_id") in order_ids}


def forget(today: date) -> None:
    """Delete the days that no backup is as old as."""
    for path in folder().glob("*.jsonl"):
        if path.stem < (today - KEPT).isoformat():
            path.unlink(missing_ok=True)
