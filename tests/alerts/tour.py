"""An outage from its first commit to its end: `python -m tests.alerts.tour`.

An editor commits files; a real worker sends; pages, feeds and the emulators' inboxes are looked at.
"""

import json
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from time import monotonic

from app import clock, create_app, migration
from app.accounts.models import Account
from app.accounts.subscriptions import Keys, Place, Subscription
from app.config import ROOT
from app.db import database, writing
from app.staff.session import TOKEN
from app.staff.sign_ins import StaffSession
from tests import make
from tests.outages import files
from tests.texts.emulator import serving

NOBODY = Event()
"""Nobody sets it: it is waited for."""
MINUTE = 60.0
HIDDEN = re.compile(r'name="(csrf_token|base)" value="([^"]*)"')
PHONE = "+821012345678"


class Editor:
    """Somebody with a clone of the content, who commits one file again and again."""

    def __init__(self, folder):
        self.folder = folder / "outages"
        self.folder.mkdir(parents=True)
        self.updates = []
        self.now = clock.now().astimezone(clock.SEOUL).replace(microsecond=0) - timedelta(hours=1)
        for words in (["init", "-q"], ["config", "user.name", "x"], ["config", "user.email", "x"]):
            self.git(*words)

    def git(self, *words):
        subprocess.run(["git", "-C", str(self.folder), *words], check=True)

    def commit(self, state, said, dongs, hours=6):
        self.now += timedelta(minutes=1)
        self.updates.append((self.now.isoformat(), state, said))
        begun, ends = self.updates[0][0], self.now.replace(minute=0, second=0)
        text = files.text(
            kind="emergency",
            state=state,
            area={"dongs": [f"강남구 {dong}" for dong in dongs]},
            start=begun,
            to=(ends + timedelta(hours=hours)).isoformat(),
            updates=self.updates,
        )
        (self.folder / "burst.md").write_text(text, "utf-8")
        self.git("add", "burst.md")
        self.git("commit", "-q", "-m", said)


class Inboxes:
    """What has arrived: text messages, notifications, mails."""

    def __init__(self, emulator, folder):
        self.emulator, self.mail = emulator, folder / "mail"

    def read(self):
        texts = [one["text"] for one in self.emulator.messages()]
        pushes = [json.loads(one["text"])["title"] for one in self.emulator.read("pushes")]
        mails = [path.read_bytes() for path in sorted(self.mail.glob("[!.]*"))]
        return texts, pushes, mails

    def counts(self):
        return tuple(len(found) for found in self.read())


def until(question, what):
    """Wait until something is so, for a minute at most."""
    end = monotonic() + MINUTE
    while not question():
        if monotonic() > end:
            raise AssertionError(what)
        NOBODY.wait(0.1)


@contextmanager
def worker(folder, settings):
    """`flask worker` as it runs in production, beside the one who looks."""
    environment = {**os.environ, "DATA_DIR": str(folder)}
    environment |= {f"WATER_{name}": str(value) for name, value in settings.items()}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    with (folder / "worker.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def people(emulator):
    """A phone in one dong, a browser in another, a mail address in a third."""
    given = emulator.post("control/browsers")
    keys = Keys(given["endpoint"], given["keys"]["p256dh"], given["keys"]["auth"])
    with writing():
        phoned, pushed = make.account(email="a@demo.invalid"), make.account(email="b@demo.invalid")
        mine = Account.id == phoned.id
        Account.update(**Account.with_phone(PHONE, clock.now())).where(mine).execute()
        make.outage_alert(account=phoned, channel="sms", dong="역삼동")
        make.outage_alert(account=pushed, channel="push", dong="삼성동")
        make.outage_alert(recipient="c@demo.invalid", dong="대치동")
    Subscription.keep(pushed, keys, Place("Chrome", "device", "SESSION"), clock.now(), most=3)
    database.close()


def look(client, word):
    """Page, feed, calendar, alert and strip say it."""
    return (
        word in client.get("/outages/burst").text
        and word in client.get("/outages/feed.atom").text
        and word in client.get("/outages/calendar.ics").text.replace("\r\n ", "")
        and word in client.get("/outages/cap/burst.xml").text
    )


def tour(client, editor, inboxes):
    editor.commit("in_progress", "관이 터졌습니다.", ["역삼동", "삼성동"])
    until(lambda: look(client, "관이 터졌습니다."), "the first commit is on the page")
    until(lambda: inboxes.counts() == (1, 1, 0), f"both are told: {inboxes.counts()}")
    assert "긴급 단수: 강남구 역삼동, 삼성동" in client.get("/").text

    editor.commit("in_progress", "대치동도 끊겼습니다.", ["역삼동", "삼성동", "대치동"])
    until(lambda: inboxes.counts() == (1, 1, 1), f"only who came in: {inboxes.counts()}")

    editor.commit("extended", "늦어집니다.", ["역삼동", "삼성동", "대치동"], hours=9)
    until(lambda: inboxes.counts() == (2, 2, 2), f"all whom the time touches: {inboxes.counts()}")
    texts, pushes, _ = inboxes.read()
    assert any("바뀌었습니다" in text for text in texts)
    assert any("바뀌었습니다" in title for title in pushes)

    editor.commit("restored", "다시 나옵니다.", ["역삼동", "삼성동", "대치동"], hours=9)
    until(lambda: inboxes.counts() == (3, 3, 3), f"all know of the end: {inboxes.counts()}")
    until(lambda: "끝났습니다" in client.get("/outages/burst").text, "the page says so")
    assert '<aside class="strip"' not in client.get("/").text
    assert "지금 물이 끊긴 곳이 없습니다." in client.get("/outages/").text


def night(app, folder, inboxes):
    """Nobody can commit: a member writes the next one by the form, which does."""
    with writing():
        member = make.member("manager", office="100")
        token = StaffSession.start(member, "Chrome", "totp", clock.now())
    database.close()
    desk = app.test_client()
    with desk.session_transaction("/staff/") as session:
        session[TOKEN] = token
    now = clock.now().astimezone(clock.SEOUL)
    hidden = dict(HIDDEN.findall(desk.get("/staff/outages/new").text))
    typed = {
        "name": "night-1",
        "title": "밤에 관이 터졌습니다",
        "kind": "emergency",
        "state": "in_progress",
        "from_at": f"{now:%Y-%m-%dT%H:%M}",
        "to_at": f"{now + timedelta(hours=5):%Y-%m-%dT%H:%M}",
        "places": "강남구 삼성동",
        "cause": "관이 터졌습니다.",
        "office": "100",
        "said": "밤에 고칩니다.",
    }
    answer = desk.post("/staff/outages/new", data={**hidden, **typed})
    assert answer.status_code == 303, answer.text
    until(lambda: inboxes.counts() == (3, 4, 3), f"the form tells, too: {inboxes.counts()}")
    words = ["git", "-C", str(folder / "outages"), "log", "--format=%an: %s"]
    log = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert log.strip() == f"{member.name}: 밤에 관이 터졌습니다: 밤에 고칩니다."
    client = app.test_client()
    until(lambda: "밤에 고칩니다." in client.get("/outages/night-1").text, "it is on the page")


def main():
    began = monotonic()
    with TemporaryDirectory() as name, serving() as emulator:
        folder = Path(name)
        editor = Editor(folder / "content")
        hosts = {"PUSH_HOSTS": "127.0.0.1", "CONTENT_CHECK_SECONDS": 1}
        settings = {**emulator.settings, **hosts, "CONTENT_DIR": str(folder / "content")}
        app = create_app({**settings, "DATA_DIR": name})
        with app.app_context():
            migration.migrate()
        people(emulator)
        with worker(folder, settings):
            inboxes = Inboxes(emulator, folder)
            tour(app.test_client(), editor, inboxes)
            night(app, folder, inboxes)
    sys.stdout.write(json.dumps({"seconds": round(monotonic() - began, 1)}) + "\n")


if __name__ == "__main__":
    main()
