"""Has a PDF made by a process of its own, which ends with its document; one runs at a time."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes.util import find_library
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, NamedTuple

PROGRAM = Path(__file__).with_name("pdf.py")
LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
KNOWN_TO_IT = ("PATH", "HOME", "XDG_CACHE_HOME", "LANG")


class PrinterError(RuntimeError):
    """There is no PDF; the text says why."""


class BusyError(PrinterError):
    """Another document is being made."""


@cache
def available() -> bool:
    """Whether this machine can make a PDF; without it, pages say how the browser does it."""
    return find_spec("weasyprint") is not None and all(map(find_library, LIBRARIES))


class Turn(NamedTuple):
    """The right to make one document now."""

    held: IO[Any]

    def pdf(self, html: str, static: Path, seconds: int) -> bytes:
        """The PDF of a page; raises PrinterError. Its process holds the lock as long as it runs."""
        command = [sys.executable, "-I", str(PROGRAM), str(static), str(seconds)]
        known = {name: os.environ[name] for name in KNOWN_TO_IT if name in os.environ}
        try:
            done = subprocess.run(  # noqa: S603 our own program with our own paths
                command,
                input=html.encode(),
                capture_output=True,
                timeout=seconds,
                check=False,
                env=known,
                pass_fds=(self.held.fileno(),),
            )
        except subprocess.TimeoutExpired:
            raise PrinterError(f"not done after {seconds} seconds") from None
        if done.returncode or not done.stdout.startswith(b"%PDF"):
            said = done.stderr.decode(errors="replace")[-500:]
            raise PrinterError(f"exit {done.returncode}: {said}")
        return done.stdout


@contextmanager
def turn(lock: Path) -> Iterator[Turn]:
    """The machine's one turn, without waiting: whoever comes meanwhile gets BusyError at once.

    So at most one worker is ever busy with documents.
    """
    with lock.open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError("another document is being made") from None
        yield Turn(held)
