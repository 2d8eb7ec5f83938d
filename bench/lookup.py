"""Part 6: finding the 24 bills of an account, against the same SQL on a raw connection."""

import time
from itertools import cycle
from pathlib import Path

from app import create_app
from app.accounts.models import Account
from app.bills import seen
from app.bills.seen import seen_by
from app.db import rows, sqlite3
from bench.apart import apart
from bench.city import BILLS
from bench.figures import Figure, Found, middle, p99, plain

Times = tuple[float, float]
"""median and 99th percentile, microseconds"""


def measure(folder: str, count: int) -> tuple[Times, Times]:
    """seen_by() and raw sqlite3 in turn, for accounts all over the city."""
    create_app({"DATA_DIR": folder})
    raw = sqlite3.connect(f"{folder}/arisu.db")
    numbers = [
        number
        for (number,) in rows("SELECT id FROM accounts WHERE email LIKE 'reader%' ORDER BY id")
    ]
    ours, plain_ones = [], []
    for number in (account for account, _ in zip(cycle(numbers), range(count), strict=False)):
        account = Account(id=number)
        began = time.perf_counter_ns()
        found = seen_by(account)
        between = time.perf_counter_ns()
        same = raw.execute(seen.SEEN_BY, (number,)).fetchall()
        plain_ones.append((time.perf_counter_ns() - between) / 1000)
        ours.append((between - began) / 1000)
        assert len(found) == BILLS <= len(same)  # a corrected bill has two documents
    return (middle(ours), p99(ours)), (middle(plain_ones), p99(plain_ones))


def part(small: Path, large: Path, names: tuple[int, int], quick: bool) -> Found:
    count, lines, medians = 1000 if quick else 10_000, list[Figure](), []
    for folder, size in zip((small, large), names, strict=True):
        print(f"  city of {size:,} premises", flush=True)
        ours, raw = apart(measure, str(folder), count)
        medians.append(ours[0])
        where = f"city of {size:,}"
        lines += [
            Figure(f"seen_by, {where}", f"{ours[0]:.0f} us, p99 {ours[1]:.0f} us"),
            Figure(f"raw sqlite3, {where}", f"{raw[0]:.0f} us, p99 {raw[1]:.0f} us"),
            plain(f"seen_by against raw, {where}", ours[0] / raw[0], " ×", 2),
        ]
    lines.append(plain("larger city against the smaller", medians[1] / medians[0], " ×", 2))
    remarks = [
        f"{BILLS} bills of two homes, {count:,} look-ups in turn, by the clock, files in memory.",
        "The raw side runs the same SQL and takes the rows as they come; ours makes dates.",
    ]
    return Found("Look-up of 24 bills", lines, remarks, {})
