"""How many requests a process has answered, and how fast: counted in memory, written every while.

Each process has a file of its own; whoever gives out figures adds them up.
"""

import json
import os
from bisect import bisect_left
from contextlib import suppress
from pathlib import Path
from threading import Lock
from time import monotonic

BOUNDS = (0.005, 0.02, 0.1, 0.5, 2.0, 10.0)
"""Seconds; the last count is of what took longer."""
EVERY = 10.0
TOTAL = "total.json"
Counts = dict[str, list[float]]
"""By the hundreds of the status (`2xx`): a count for each bound, the rest, and all seconds."""


def nothing() -> list[float]:
    return [0] * (len(BOUNDS) + 1) + [0.0]


def added(one: Counts, other: Counts) -> Counts:
    return {
        key: [
            a + b for a, b in zip(one.get(key, nothing()), other.get(key, nothing()), strict=True)
        ]
        for key in {*one, *other}
    }


class Tally:
    """The counts of this process."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.written = folder, monotonic()
        self.counts: Counts = {}
        self.lock = Lock()

    def add(self, status: int, seconds: float) -> None:
        """Count an answer; now and then the counts are written, which must cost no answer."""
        with self.lock:
            counts = self.counts.setdefault(f"{status // 100}xx", nothing())
            counts[bisect_left(BOUNDS, seconds)] += 1
            counts[-1] += seconds
            if monotonic() - self.written < EVERY:
                return
            self.written = monotonic()
            with suppress(OSError):
                self.write()

    def write(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        replace(self.folder / f"{os.getpid()}.json", self.counts)


def replace(path: Path, counts: Counts) -> None:
    unfinished = path.with_suffix(".new")
    unfinished.write_text(json.dumps(counts), "utf-8")
    unfinished.replace(path)


def read(path: Path) -> Counts:
    try:
        found: Counts = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def runs(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def all_counts(folder: Path) -> Counts:
    """The counts of all processes that run or ran; files of ended ones become part of the total."""
    total = read(folder / TOTAL)
    ended = [p for p in folder.glob("*.json") if p.name != TOTAL and not runs(p.stem)]
    for path in ended:
        total = added(total, read(path))
    if ended:
        replace(folder / TOTAL, total)
        for path in ended:
            path.unlink(missing_ok=True)
    for path in folder.glob("*.json"):
        if path.name != TOTAL:
            total = added(total, read(path))
    return total
