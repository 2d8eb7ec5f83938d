"""The emulated provider on loopback, for tests: it is listening, and does what a test says."""

import json
from contextlib import contextmanager
from threading import Thread
from urllib.request import Request, urlopen

from app.sandbox import texts

SECRET = "tests-only-sms-secret-of-signs"


class Emulator:
    """`settings` lead to it; `turn`, `next` and `messages` are its switches and its inbox."""

    def __init__(self, app, server):
        self.app, self.server = app, server
        self.store = app.extensions["store"]
        self.url = f"http://127.0.0.1:{server.port}"
        self.settings = {
            "SMS_URL": self.url,
            "SMS_KEY": "tests-only-key",
            "SMS_SECRET": SECRET,
            "SENDER_NUMBERS": "02-0000-0000",
            "SMS_COST_CAP": 10**6,
        }

    def turn(self, **switches):
        for name, value in switches.items():
            self.store.turn(name, value)

    def next(self, mode, times=1, door="send"):
        self.store.plan(door, mode, times)

    def messages(self, to=""):
        return self.read("messages", f"?to={to}" if to else "")

    def events(self):
        return self.read("events")

    def read(self, name, query=""):
        with urlopen(f"{self.url}/control/{name}{query}", timeout=10) as answer:
            return json.load(answer)

    def post(self, name, **fields):
        body = json.dumps(fields).encode()
        headers = {"Content-Type": "application/json"}
        with urlopen(Request(f"{self.url}/{name}", body, headers), timeout=10) as answer:
            return json.load(answer) if answer.status == 200 else None


@contextmanager
def serving(hook=""):
    """An emulator that listens on a port which the system has chosen."""
    settings = {"KEY": "tests-only-key", "SECRET": SECRET, "HOOK": hook}
    app = texts.create(None, **settings)
    server = texts.serve(app)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield Emulator(app, server)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
