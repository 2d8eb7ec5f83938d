"""The outages of all files, loaded into memory; looked at again every few seconds.

A file stands in one of the folders: `outages/` of the content, and the repository into which the
staff's form writes. A wrong file is left out, and the log says so; what was known of it stays, and
after a restart what was last told of it.
"""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from flask import Flask, current_app
from peewee import OperationalError, ProgrammingError

from app import clock
from app.db import rows
from app.frontmatter import RECORD_NAME, Broken, Problem, Source, take_apart
from app.observe import log
from app.outages import schema
from app.outages.area import Place
from app.outages.record import Outage, Phase

FOLDER = "outages"
FOREVER = 10**6
TOLD = """
SELECT record, withdrawn_at IS NOT NULL FROM outage_revisions WHERE outage = ?
ORDER BY number DESC LIMIT 1
"""
UNREADABLE = "누리집이 읽을 수 있게 권한을 고치세요."


class Read(NamedTuple):
    """A file, what is wrong with it, and its outage when that is not too much."""

    path: Path
    problems: list[Problem]
    outage: Outage | None
    text: str = ""


def folders(app: Flask) -> list[Path]:
    """Where files are looked for; of two with one name the first counts."""
    own = Path(app.config["OUTAGES_DIR"] or Path(app.config["DATA_DIR"]) / FOLDER)
    found = [Path(app.config["CONTENT_DIR"]).absolute() / FOLDER, own.absolute()]
    return list(dict.fromkeys(found))


def files(app: Flask) -> Iterator[Path]:
    """Without hidden ones, by which editors say that they have a file open."""
    for folder in folders(app):
        yield from sorted(folder.glob("[!.]*.md"))


def examine(name: str, raw: bytes, now: datetime, lead_days: int) -> Read:
    """What a file of this name and content would be."""
    try:
        source: Source = take_apart(FOLDER, name, raw, RECORD_NAME)
    except Broken as broken:
        return Read(Path(name), [broken.problem], None)
    problems = sorted(schema.check(source, now, lead_days))
    wrong = any(problem.error for problem in problems)
    return Read(Path(name), problems, None if wrong else schema.outage(source), raw.decode())


Look = Callable[[str, bytes, datetime, int], Read]


def remembered(id: str, text: str) -> Outage:
    """The outage of a file that was good when its text was kept."""
    return schema.outage(take_apart(FOLDER, f"{id}.md", text.encode(), RECORD_NAME))


def read_all(app: Flask, now: datetime, look: Look = examine) -> Iterator[Read]:
    """All files; the second of a name is wrong."""
    seen: dict[str, Path] = {}
    for path in files(app):
        try:
            found = look(path.name, path.read_bytes(), now, app.config["OUTAGE_LEAD_DAYS"])
        except (PermissionError, IsADirectoryError):  # one that is gone is for the next look
            found = Read(path, [Problem(1, "파일을 읽을 수 없습니다", UNREADABLE)], None)
        if other := seen.get(path.name):
            what = f"같은 이름의 파일이 둘입니다: {other}"
            found = Read(path, [Problem(1, what, "하나를 다른 이름으로 바꾸세요.")], None)
        seen[path.name] = path
        yield found._replace(path=path)


def last_told(app: Flask, id: str) -> Read | None:
    """What was last told of an outage, read by today's rules; None when that was withdrawn."""
    for text, withdrawn in rows(TOLD, (id,)):
        if not withdrawn:
            return examine(f"{id}.md", text.encode(), clock.now(), app.config["OUTAGE_LEAD_DAYS"])
    return None


def taken_back(one: Outage) -> list[str]:
    """What people were told last, and its file does not say any more."""
    told = last_told(current_app, one.id)
    lines = told.outage.updates if told and told.outage else ()
    return [line.text for line in lines if line not in one.updates]


def was_told(id: str) -> bool:
    return bool(rows(TOLD, (id,)))


class Shelf:
    """The outages in use, and when they were last compared with the folders."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.next_look = 0.0
        self.number = 0
        self.signature: object = None
        self.outages: dict[str, Outage] = {}
        self.texts: dict[str, str] = {}
        self.changes: list[float] = []
        self.looked: dict[tuple[str, bytes], Read] = {}
        self.unknown: set[str] = set()
        """Files that were wrong when they were first read."""
        self.load()

    def sign(self) -> object:
        """Changes whenever a file is added, removed or written."""
        return [(str(path), path.stat().st_mtime_ns) for path in files(self.app)]

    def load(self) -> None:
        """Read all files; those that say what they said before are not examined again."""
        self.signature = self.sign()
        before, self.looked = self.looked, {}
        self.unknown.clear()
        found = {}

        def look(name: str, raw: bytes, now: datetime, lead_days: int) -> Read:
            key = name, raw
            self.looked[key] = before.get(key) or examine(name, raw, now, lead_days)
            return self.looked[key]

        for one in read_all(self.app, clock.now(), look):
            if one.outage:
                found[one.outage.id] = one.outage
                self.texts[one.outage.id] = one.text
                continue
            why = next(problem for problem in one.problems if problem.error)
            fields = {"file": f"{one.path.name}:{why.line}", "why": why.what}
            log.error("outage left out", extra={"fields": fields})
            if one.path.stem in self.outages:
                found.setdefault(one.path.stem, self.outages[one.path.stem])
            else:
                self.unknown.add(one.path.stem)
        self.use(found)

    def use(self, found: dict[str, Outage]) -> None:
        moments = {moment.timestamp() for one in found.values() for moment in one.moments()}
        self.outages, self.changes = found, sorted(moments)

    def recall(self) -> None:
        """Take what was last told of files that were wrong from the start. A file that is gone, or
        was a draft when it was last looked at, is none of them.
        """
        try:
            told = [last_told(self.app, id) for id in self.unknown - self.outages.keys()]
        except (OperationalError, ProgrammingError):  # no database yet: at the next look
            return
        self.unknown.clear()
        found = dict(self.outages)
        for one in told:
            if one and one.outage:
                found[one.outage.id], self.texts[one.outage.id] = one.outage, one.text
                fields = {"file": one.path.name, "revision": one.outage.revision}
                log.warning("outage shown as it was last told", extra={"fields": fields})
        if len(found) > len(self.outages):
            self.use(found)
            self.number += 1

    def current(self) -> dict[str, Outage]:
        """The outages by id, loaded anew when a folder has changed."""
        now = time.monotonic()
        if now >= self.next_look:
            self.next_look = now + self.app.config["CONTENT_CHECK_SECONDS"]
            try:
                if self.sign() != self.signature:
                    self.load()
                    self.number += 1
                if self.unknown:
                    self.recall()
            except OSError:  # a file that was removed just now
                self.next_look = 0.0
        return self.outages

    def look_now(self) -> None:
        """Compare with the folders at the next question."""
        self.next_look = 0.0

    def state(self) -> tuple[object, int]:
        """(version, seconds until something looks different), for kept pages."""
        self.current()
        now = clock.now().timestamp()
        past = sum(1 for change in self.changes if change <= now)
        left = int(self.changes[past] - now) if past < len(self.changes) else FOREVER
        return (self.number, past), left


def of(app: Flask) -> Shelf:
    found: Shelf = app.extensions["outages"]
    return found


def known(app: Flask | None = None) -> dict[str, Outage]:
    """All outages, drafts too."""
    return of(app or current_app).current()


def find(id: str, now: datetime) -> Outage | None:
    """A published outage; old ones are found by their address for good."""
    found = known().get(id)
    return found if found and found.is_published(now) else None


def listed(now: datetime, phase: Phase) -> list[Outage]:
    """Those of a phase: what goes on or comes soonest first, what ended last first."""
    found = [one for one in known().values() if one.phase(now) is phase]
    if phase is Phase.PAST:
        return sorted(found, key=lambda one: (one.ends_at, one.id), reverse=True)
    return sorted(found, key=lambda one: (not one.is_urgent, one.begins_at, one.id))


def at(place: Place, now: datetime) -> dict[Phase, list[Outage]]:
    """What concerns a place, by phase."""
    phases = (Phase.NOW, Phase.PLANNED, Phase.PAST)
    return {
        phase: [one for one in listed(now, phase) if one.area.covers(place)] for phase in phases
    }
