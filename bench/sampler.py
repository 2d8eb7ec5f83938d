"""A small sampling profiler: where the CPU time of this process goes, without slowing it down."""

import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import CodeType, FrameType

from app.config import ROOT

STEP = 0.001  # seconds of CPU time; the kernel may round it up to its own tick


class Samples:
    """CPU seconds by library and by function.

    A signal that falls into a long call of C code waits for its end, so each sample counts for
    the CPU time since the one before, and C code counts for the function that called it.
    """

    def __init__(self) -> None:
        self.count = 0
        self.seconds = 0.0
        self.last = time.process_time()
        self.libraries: Counter[str] = Counter()
        self.own: Counter[str] = Counter()
        self.within: Counter[str] = Counter()

    def take(self, _signal: int, frame: FrameType | None) -> None:
        now = time.process_time()
        passed, self.last = now - self.last, now
        self.count += 1
        self.seconds += passed
        stack = []
        while frame is not None:
            stack.append(place(frame.f_code))
            frame = frame.f_back
        for library, function in stack[:1]:
            self.libraries[library] += passed
            self.own[function] += passed
        for function in {function for library, function in stack if library == "ours"}:
            self.within[function] += passed

    def text(self, each_us: float, unit: str) -> str:
        """Shares of one `unit` of work, which takes `each_us` microseconds of CPU."""
        lines = [f"{each_us:,.1f} us of CPU per {unit}, {self.count} samples"]
        for title, counter, most in (
            ("by library", self.libraries, 10),
            ("by function, without what it calls", self.own, 10),
            ("our functions, with what they call", self.within, 30),
        ):
            lines += ["", title]
            for name, seconds in counter.most_common(most):
                share = seconds / max(self.seconds, STEP)
                if share >= 0.02:
                    lines.append(f"{share:6.1%} {share * each_us:9.1f} us  {name}")
        return "\n".join(lines)


@cache
def place(code: CodeType) -> tuple[str, str]:
    """The library that a function is of ("ours" for this program's), and `file.py:function`."""
    path = Path(code.co_filename)
    function = f"{'/'.join(path.parts[-2:])}:{code.co_qualname}"
    if "site-packages" in path.parts:
        return path.parts[path.parts.index("site-packages") + 1], function
    if path.is_relative_to(ROOT / "app") or path.is_relative_to(ROOT / "templates"):
        return "ours", function
    return "bench" if path.is_relative_to(ROOT) else "python", function


@contextmanager
def sampling() -> Iterator[Samples]:
    """Take samples while the block runs."""
    samples = Samples()
    before = signal.signal(signal.SIGPROF, samples.take)
    signal.setitimer(signal.ITIMER_PROF, STEP, STEP)
    try:
        yield samples
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
