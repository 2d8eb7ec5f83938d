"""The order to stop: a worker of the server ends once it has answered what it has in hand.

Granian ends its workers itself. But a worker whose connections are open may wait for ever (2.8.7,
one stop of fifty under load), and its parent with it.
"""

import os
import signal
from collections.abc import Callable, Iterable
from threading import Condition, Thread
from typing import Any

from werkzeug.wsgi import ClosingIterator

Program = Callable[[Any, Any], Iterable[bytes]]
ORDERS = (signal.SIGTERM, signal.SIGINT)
GRACE = 2.0
"""Seconds without a request in which the server may end by itself, its answers sent."""


class InHand:
    """A WSGI program that counts the requests that it has not finished."""

    def __init__(self, program: Program) -> None:
        self.program, self.count, self.changed = program, 0, Condition()

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        self.add(1)
        try:
            answer = self.program(environ, start_response)
        except BaseException:
            self.add(-1)
            raise
        return ClosingIterator(answer, [lambda: self.add(-1)])

    def add(self, number: int) -> None:
        with self.changed:
            self.count += number
            self.changed.notify_all()

    def rest(self, seconds: float) -> None:
        """Wait until there was no request for so long."""
        with self.changed:
            while True:
                self.changed.wait_for(lambda: not self.count)
                if not self.changed.wait_for(lambda: self.count, seconds):
                    return


def end_when_told(program: Program, grace: float = GRACE) -> Program:
    """The program, whose process ends when it was told to stop and has nothing in hand; to be
    called by the main thread. Handlers of signals stay who they are.
    """
    counted = InHand(program)
    told, tell = os.pipe()
    os.set_blocking(tell, False)
    signal.set_wakeup_fd(tell, warn_on_full_buffer=False)

    def end() -> None:
        while not set(ORDERS) & set(os.read(told, 100)):
            pass  # another signal
        counted.rest(grace)
        os._exit(0)

    Thread(target=end, daemon=True, name="ending").start()
    return counted
