"""The emulated provider's reports of delivery: kept to be fetched, and posted when there is a
place for them. They come once, twice, in the wrong order, falsely or never, as it is asked for.
"""

import json
import secrets
import urllib.request
from queue import PriorityQueue
from threading import Event, Thread
from time import monotonic
from typing import Any
from urllib.error import URLError

from app.sandbox.store import Store

PENDING, DELIVERED, FAILED = "3000", "4000", "3104"
TRIES = 5
AGAIN_AFTER = 5.0


def planned_codes(how: str, result: str) -> list[str]:
    """The codes of the reports about a message, in the order in which they come."""
    plans = {
        "never": [],
        "twice": [result, result],
        "reversed": [result, PENDING],
        "late failure": [result, FAILED],
        "false": [DELIVERED if result != DELIVERED else FAILED],
    }
    return plans.get(how, [result])


class Reporter:
    """Posts reports when they are due, from a thread of its own."""

    def __init__(self, hook: str) -> None:
        self.hook = hook
        self.waiting: PriorityQueue[tuple[float, int, dict[str, Any], int]] = PriorityQueue()
        self.count = 0
        if hook:
            Thread(target=self.run, daemon=True).start()

    def plan(self, store: Store, number: str, after: float) -> None:
        """Decide which reports come of a message that was just accepted."""
        (row,) = store.run("SELECT * FROM messages WHERE id = ?", number)
        key = ""
        for position, code in enumerate(planned_codes(store.switch("reports"), row["result"])):
            twice = store.switch("reports") == "twice" and position
            key = key if twice else secrets.token_hex(12)
            event = {"eventDataId": key, "retryCount": 0, "data": data_of(row, code)}
            store.run("INSERT INTO events (event) VALUES (?)", json.dumps(event))
            self.put(event, monotonic() + after + 0.2 * position, 0)

    def put(self, event: dict[str, Any], at: float, tries: int) -> None:
        self.count += 1
        if self.hook:
            self.waiting.put((at, self.count, event, tries))

    def run(self) -> None:
        while True:
            self.step()

    def step(self) -> None:
        """Wait until a report is due, and post it; one that is not taken comes again."""
        at, _, event, tries = self.waiting.get()
        Event().wait(max(0.0, at - monotonic()))
        if not self.posted(event) and tries < TRIES:
            later = {**event, "retryCount": tries + 1}
            self.put(later, monotonic() + AGAIN_AFTER, tries + 1)

    def posted(self, event: dict[str, Any]) -> bool:
        body = json.dumps([event]).encode()
        headers = {"Content-Type": "application/json"}
        asked = urllib.request.Request(self.hook, body, headers)  # noqa: S310 this machine's
        try:
            with urllib.request.urlopen(asked, timeout=5):  # noqa: S310
                return True
        except (URLError, OSError):
            return False


def data_of(row: Any, code: str) -> dict[str, Any]:
    """What a report says of a message."""
    return {
        "messageId": row["id"],
        "groupId": row["group_id"],
        "type": row["type"],
        "to": row["receiver"],
        "from": row["sender"],
        "statusCode": code,
        "dateProcessed": row["created"],
        "dateReported": row["final_at"],
        "customFields": json.loads(row["fields"]),
    }
