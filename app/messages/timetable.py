"""What the worker does besides sending: features register what has to happen every so often."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from time import monotonic

from peewee import DatabaseError, InterfaceError

from app.observe import log

Work = Callable[[datetime], object]

END = object()

_entries: dict[str, tuple[timedelta, Work, str]] = {}


def register(every: timedelta, work: Work, lane: str = "rest") -> None:
    """Have `work(now)` called so often by a lane of the worker, and once when it starts.

    It may be called sooner and by two workers at once, so a second call must do no harm. Work that
    takes long is a generator: messages are sent, and the worker may be stopped, at each `yield`.
    What talks to a provider is work of that provider's lane.
    """
    _entries[f"{work.__module__}.{work.__qualname__}"] = every, work, lane


class Timetable:
    """When each function of a lane is due. A step of the clock does not matter to it."""

    def __init__(self, lane: str = "rest") -> None:
        self.lane = lane
        self.due: dict[str, float] = {}
        self.begun: dict[str, Iterator[object]] = {}

    def run(self, now: datetime) -> bool:
        """Call what is due; what fails is logged and called again when it is due again. True when
        there is more to do at once.
        """
        for name, (every, work, lane) in list(_entries.items()):
            begun = self.begun.pop(name, None)
            if lane != self.lane or (begun is None and self.due.get(name, 0.0) > monotonic()):
                continue
            if begun is None:
                self.due[name] = monotonic() + every.total_seconds()
            try:
                steps = work(now) if begun is None else begun
                if isinstance(steps, Iterator) and next(steps, END) is not END:
                    self.begun[name] = steps
            except (DatabaseError, InterfaceError):
                raise
            except Exception as error:
                log.error("timetable", exc_info=error, extra={"fields": {"work": name}})
        return bool(self.begun)
