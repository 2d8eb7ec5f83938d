"""Named places in the flow of money at which a test lets the process die, as in a power cut."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress


class Armed:
    """The place at which this process dies, and on which pass; tests may listen to all passes."""

    name = ""
    passes = 1
    heard: Callable[[str], object] | None = None


def crashpoint(name: str) -> None:
    """Nothing, unless WATER_CRASH_AT names this place: then the process is gone, as by kill -9."""
    if Armed.heard:
        Armed.heard(name)
    if Armed.name == name:
        Armed.passes -= 1
        if Armed.passes <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


def arm(at: str) -> None:
    """Die at a place: `confirm.after_intent`, or `confirm.after_intent:3` on the third pass."""
    Armed.name, _, passes = at.partition(":")
    Armed.passes = 1
    with suppress(ValueError):
        Armed.passes = int(passes)
