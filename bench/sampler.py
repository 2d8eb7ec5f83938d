"""A small sampling profiler: where the CPU time of this process goes, without slowing it down."""

import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from types import FrameType

STEP = 0.001  # seconds of CPU time; the kernel may round it up to its own tick


class Samples:
    """CPU seconds by function: `own` at the top of the stack, `within` anywhere on it.

    A signal that falls into a long call of C code waits for its end, so each sample counts for
    the CPU time since the one before.
    """

    def __init__(self) -> None:
        self.count = 0
        self.seconds = 0.0
        self.last = time.process_time()
        self.own: Counter[str] = Counter()
        self.within: Counter[str] = Counter()

    def take(self, _signal: int, frame: FrameType | None) -> None:
        now = time.process_time()
        passed, self.last = now - self.last, now
        self.count += 1
        self.seconds += passed
        names = []
        while frame is not None:
            names.append(name(frame))
            frame = frame.f_back
        for one in names[:1]:
            self.own[one] += passed
        for one in set(names):
            self.within[one] += passed

    def text(self, each_us: float, unit: str, most: int = 12) -> str:
        """Two columns of shares; `each_us` is the CPU time of one `unit` in microseconds."""
        lines = [f"{each_us:,.1f} us of CPU per {unit}, {self.count} samples"]
        for title, counter in (("own", self.own), ("with what it calls", self.within)):
            lines += ["", title]
            for function, seconds in counter.most_common(most if counter is self.own else 2 * most):
                share = seconds / max(self.seconds, STEP)
                if 0.02 <= share < 0.97:
                    lines.append(f"{share:6.1%} {share * each_us:9.1f} us  {function}")
        return "\n".join(lines)


def name(frame: FrameType) -> str:
    """`file.py:function`, with the folder that tells the package."""
    path = PurePath(frame.f_code.co_filename)
    return f"{'/'.join(path.parts[-2:])}:{frame.f_code.co_qualname}"


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
