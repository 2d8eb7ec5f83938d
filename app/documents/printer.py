"""Has a PDF made by a process of its own, which ends with its document."""

import os
import subprocess
import sys
from ctypes.util import find_library
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from app.documents.pdf import BUSY, WAIT

PROGRAM = Path(__file__).with_name("pdf.py")
LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
KNOWN_TO_IT = ("PATH", "HOME", "XDG_CACHE_HOME", "LANG")


class PrinterError(RuntimeError):
    """There is no PDF; the text says why."""


class BusyError(PrinterError):
    """Others are waiting already."""


@cache
def available() -> bool:
    """Whether this machine can make a PDF; without it, pages say how the browser does it."""
    return find_spec("weasyprint") is not None and all(map(find_library, LIBRARIES))


def pdf(html: str, lock: Path, static: Path, seconds: int) -> bytes:
    """The PDF of a page; raises BusyError or PrinterError."""
    command = [sys.executable, "-I", str(PROGRAM), str(lock), str(static), str(seconds)]
    known = {name: os.environ[name] for name in KNOWN_TO_IT if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 our own program with our own paths
            command,
            input=html.encode(),
            capture_output=True,
            timeout=seconds + WAIT,
            check=False,
            env=known,
        )
    except subprocess.TimeoutExpired:
        raise PrinterError(f"not done after {seconds} seconds") from None
    if done.returncode == BUSY:
        raise BusyError("another document is being made")
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        raise PrinterError(done.stderr.decode(errors="replace")[-500:])
    return done.stdout
