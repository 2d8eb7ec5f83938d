"""kill -9 while complaints are filed and handled, at random moments; people try again afterwards.

`python -m tests.complaints.kills --database sqlite --kills 200` prints the numbers and exits 1 when
a complaint that was confirmed is lost, one is doubled, an event or a message is missing or there
twice, or a photo has no complaint after the clean-up.
"""

import argparse
import json
import os
import random
import signal
import sys
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from time import monotonic

from app import clock, create_app, migration
from app.complaints import acts, album
from app.complaints.acting import By, ConflictError
from app.complaints.models import Complaint, ComplaintEvent, Outcome
from app.complaints.records import ComplaintPhoto
from app.db import database
from app.messages.models import Message
from tests import postgres
from tests.complaints.steps import LEAK, PLACE, jpeg, upload
from tests.markup import Page

CLERK = By("staff", "박담당")
NOBODY = Event()
"""Nobody sets it: it is waited for."""
HAPPENS = ["received", "started", "asked", "given", "closed"]
CHECK = "/complaints/check"


class Person:
    """Somebody with a browser, and the clerk who handles what they file. What a browser keeps is
    in a file, and so survives the kill of the server.
    """

    def __init__(self, app, folder, number):
        self.app, self.number = app, number
        self.file = folder / f"person-{number}.json"
        self.kept = json.loads(self.file.read_text()) if self.file.exists() else {}
        self.client = app.test_client()
        address = str(IPv4Address(int.from_bytes(os.urandom(4))))  # limits are for one network
        self.client.environ_base["REMOTE_ADDR"] = address
        if cookie := self.kept.get("cookie"):
            self.client.set_cookie("sid", cookie)

    def keep(self, **values):
        self.kept |= {**values, "cookie": self.client.get_cookie("sid").value}
        unfinished = self.file.with_suffix(".new")
        unfinished.write_text(json.dumps(self.kept))
        unfinished.replace(self.file)

    def send(self, path, action=None, **fields):
        form = Page(self.client.get(path).text).form(action)
        answer = self.client.post(action or path, data={**form, **fields})
        assert answer.status_code == 303, (path, answer.status_code)
        return answer.location

    def file_it(self):
        """Fill everything in and send it; after a kill the same form is sent again."""
        if "form" not in self.kept:
            begin = "/complaints/new/leak_street"
            self.send(begin, begin)
            self.send("/complaints/place", **PLACE)
            self.send("/complaints/details", **LEAK)
            self.send("/complaints/photos", photo=[upload(jpeg((self.number % 256, 9, 9)))])
            phone = f"010-{2000 + self.number // 10000}-{self.number % 10000:04}"
            email = f"a{self.number}@b.kr"
            self.send("/complaints/contact", phone=phone, email=email)
            self.keep(form=Page(self.client.get(CHECK).text).form())
        answer = self.client.post(CHECK, data=self.kept["form"])
        assert answer.status_code == 303, answer.status_code
        self.keep(reference=answer.location.split("/")[2])

    def step(self, verb, *values):
        """The clerk's act on what they saw; one that was done before the kill is a conflict."""
        one = Complaint.referred(self.kept["reference"])
        if self.kept.get("verb") != verb.__name__:
            self.keep(verb=verb.__name__, version=one.version)
        try:
            with self.app.app_context():
                verb(one, *values, CLERK, clock.now(), self.kept["version"])
        except ConflictError:
            pass

    def answer(self):
        path = f"/complaints/{self.kept['reference']}"
        self.send(path, f"{path}/messages", text="어제부터입니다.")

    def live(self):
        """From the first page to the end of the complaint."""
        database.connect(reuse_if_open=True)
        at = self.kept.get("at", 0)
        steps = (
            self.file_it,
            lambda: self.step(acts.start),
            lambda: self.step(acts.ask, "언제부터입니까?"),
            self.answer,
            lambda: self.step(acts.close, Outcome.SOLVED, "고쳤습니다."),
        )
        for number, step in enumerate(steps):
            if number >= at:
                step()
                self.keep(at=number + 1)


def unfinished(folder):
    """The number of the person who goes on: the last one, or the next."""
    files = sorted(folder.glob("person-*.json"), key=lambda path: int(path.stem[7:]))
    if not files:
        return 0
    last = int(files[-1].stem[7:])
    return last + (json.loads(files[-1].read_text()).get("at") == len(HAPPENS))


def start(app, folder):
    """People who file one after the other, in a process of their own, until it is killed."""
    process = os.fork()
    if process:
        return process
    try:
        while True:
            Person(app, folder, unfinished(folder)).live()
    except BaseException as error:
        (folder / "problem.txt").write_text(repr(error))
    finally:
        os._exit(1)


def killed_at_random(app, folder, kills, seed):
    """A life is as long as it takes for every second one to finish a complaint."""
    luck, killed, life = random.Random(seed), 0, 0.15
    while killed < kills:
        process = start(app, folder)
        NOBODY.wait(luck.uniform(0.01, 2 * life))
        os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
            raise RuntimeError((folder / "problem.txt").read_text())
        killed += 1
        ahead = unfinished(folder) > killed / 2
        life = min(2.0, max(0.02, life * (0.93 if ahead else 1.15)))
    return killed


def swept(app):
    """Names of files and of rows after the clean-up of two days later."""
    later, data = clock.now() + timedelta(days=2), Path(app.config["DATA_DIR"])
    album.forget(later)
    for path in list(album.old_files(app.config, later)):
        path.unlink()
    files = {path.stem.removesuffix("-small") for path in data.glob("photos/*/*")}
    return files, {photo.name for photo in ComplaintPhoto.select()}


def counted(app, folder, people):
    """What is wrong: numbers that must all be zero."""
    known = [json.loads(path.read_text()) for path in folder.glob("person-*.json")]
    confirmed = {one["reference"] for one in known if "reference" in one}
    stored = list(Complaint.select())
    events = {one.id: [event.kind for event in ComplaintEvent.of(one.id)] for one in stored}
    messages = Message.select().where(Message.kind.startswith("complaint_")).count()
    files, rows = swept(app)
    return {
        "lost": len(confirmed - {one.reference for one in stored}),
        "doubled": len(stored) - people,
        "wrong_events": sum(found != HAPPENS for found in events.values()),
        "wrong_versions": sum(one.version != len(HAPPENS) for one in stored),
        "messages_off": messages - people * len(HAPPENS),
        "without_photo": sum(ComplaintPhoto.of(one.id).count() != 1 for one in stored),
        "orphans": len(files ^ rows),
    }


def run(settings, folder, kills, seed):
    """The numbers of one run on an empty database."""
    began = monotonic()
    app = create_app({**settings, "DATA_DIR": str(folder)})
    migration.migrate()
    Person(app, folder, 0).live()  # what is loaded when it is first used is there for all
    database.close()
    killed = killed_at_random(app, folder, kills, seed)
    last = unfinished(folder)
    Person(app, folder, last).live()
    found = {
        "kills": killed,
        "seed": seed,
        "complaints": last + 1,
        **counted(app, folder, last + 1),
    }
    database.close()
    return {**found, "seconds": round(monotonic() - began, 1)}


def is_good(found):
    return not any(
        found[name]
        for name in ("lost", "doubled", "wrong_events", "wrong_versions", "messages_off",
                     "without_photo", "orphans")
    )  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--url", default="", help="an empty database that is there already")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20261126)
    asked = parser.parse_args()
    cluster = None
    if asked.database == "postgres" and not asked.url:
        if not (binaries := postgres.binaries()):
            sys.exit(postgres.MISSING)
        cluster = postgres.Cluster(binaries).start()
        asked.url = postgres.new_database(str(cluster.folder), "kills")
    try:
        with TemporaryDirectory(prefix="kills-") as folder:
            url = asked.url or f"sqlite:///{Path(folder) / 'kills.db'}"
            cheap = {"DATABASE_URL": url, "SMS_URL": ""}
            found = run(cheap, Path(folder), asked.kills, asked.seed)
    finally:
        if cluster:
            cluster.stop()
    sys.stdout.write(f"{json.dumps({'database': asked.database, **found})}\n")
    return 0 if is_good(found) else 1


if __name__ == "__main__":
    sys.exit(main())
