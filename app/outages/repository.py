"""Writing an outage's file as an editor does: in its folder, as a git commit with an author.

Whoever opened a file before it was changed by somebody else is told, and changes nothing.
"""

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from flask import Flask

from app.outages.shelf import folders

SECONDS = 20
COMMITTER = {
    "GIT_COMMITTER_NAME": "Arisu customer centre",
    "GIT_COMMITTER_EMAIL": "no-reply@arisu.invalid",
    "GIT_TERMINAL_PROMPT": "0",
}


UNFINISHED = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply")


class ConflictError(Exception):
    """Somebody else has changed the file meanwhile; `theirs` is what it says now."""

    def __init__(self, theirs: str) -> None:
        super().__init__("changed meanwhile")
        self.theirs = theirs


class RepositoryError(Exception):
    """The folder's git repository does not take a commit."""


class Author(NamedTuple):
    name: str
    email: str

    @property
    def signature(self) -> str:
        """As git wants it: signs that would end the name are left out."""
        name = "".join(sign for sign in self.name if sign.isprintable() and sign not in "<>")
        email = "".join(sign for sign in self.email if sign.isprintable() and sign not in "<> ")
        return f"{name.strip() or '-'} <{email}>"


FOUND = Author("Arisu", COMMITTER["GIT_COMMITTER_EMAIL"])
"""Of what somebody wrote into a file and did not commit."""


def path_of(app: Flask, id: str) -> Path:
    """Where an outage's file is, or where a new one is written."""
    places = [folder / f"{id}.md" for folder in folders(app)]
    return next((path for path in places if path.exists()), places[-1])


def text_at(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace") if path.exists() else ""


def mark(text: str) -> str:
    """By what a form remembers the text that it was opened with."""
    return hashlib.sha256(text.encode()).hexdigest()


def git(folder: Path, *words: str) -> str:
    """What git says; raises RepositoryError when it refuses or hangs."""
    try:
        done = subprocess.run(  # noqa: S603 fixed words, no shell
            ["git", "-C", str(folder), "-c", "commit.gpgsign=false", *words],  # noqa: S607
            env={**os.environ, **COMMITTER},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise RepositoryError(str(getattr(error, "stderr", "") or error)[:300]) from error
    return done.stdout.strip()


def is_repository(folder: Path) -> bool:
    """Whether its files are kept by git, and not ignored."""
    try:
        ignored = subprocess.run(  # noqa: S603
            ["git", "-C", str(folder), "check-ignore", "-q", "x.md"],  # noqa: S607
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except (subprocess.SubprocessError, OSError):
        return False
    return ignored.returncode == 1  # 0: ignored, 128: no repository


def is_busy(folder: Path) -> bool:
    """Whether somebody is in the middle of a merge, which a commit would spoil."""
    place = folder / git(folder, "rev-parse", "--git-dir")
    return any((place / name).exists() for name in UNFINISHED)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else writes by a form meanwhile."""
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def replace(path: Path, text: str) -> None:
    """Write a file so that readers see the old or the new one."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, "utf-8")
    fresh.replace(path)


def save(path: Path, base: str, text: str, author: Author, message: str) -> str:
    """Commit a file's new text; the name of the commit. `base` is the mark of the text that the
    author saw. Raises ConflictError when the file says something else by now. What an editor wrote
    and did not commit becomes a commit before, so that it can be found again.
    """
    folder = path.parent
    folder.mkdir(parents=True, exist_ok=True)
    if not is_repository(folder):
        git(folder, "init", "-q", "-b", "main")
    with alone(folder):
        before = text_at(path)
        if mark(before) != base:
            raise ConflictError(before)
        if is_busy(folder):
            raise RepositoryError("a merge or rebase is not finished")
        try:
            if before and git(folder, "status", "--porcelain", "--", path.name):
                commit(path, FOUND, f"{path.name}: found")
            replace(path, text)
            commit(path, author, message)
        except (RepositoryError, OSError) as error:
            undo(path, before)
            raise RepositoryError(str(error)) from error
        return git(folder, "rev-parse", "--short", "HEAD")


def commit(path: Path, author: Author, message: str) -> None:
    """Commit a file, and nothing else that waits in the repository."""
    git(path.parent, "add", "--", path.name)
    words = ("-q", f"--author={author.signature}", "-m", message, "--", path.name)
    git(path.parent, "commit", *words)


def undo(path: Path, before: str) -> None:
    """Leave the file as it was when it could not be committed, and nothing for the next commit."""
    with suppress(OSError):
        path.with_name(f".{path.name}.new").unlink()
    if not before:
        path.unlink(missing_ok=True)
    elif text_at(path) != before:
        replace(path, before)
    with suppress(RepositoryError):
        git(path.parent, "reset", "-q", "--", path.name)


def history(path: Path, most: int = 20) -> list[tuple[str, str, str]]:
    """(time, author, message) of a file's commits, the newest first."""
    try:
        words = ("--format=%aI%x1f%an%x1f%s", "-n", str(most), "--", path.name)
        found = git(path.parent, "log", *words)
    except RepositoryError:
        return []
    rows = (line.split("\x1f") for line in found.splitlines())
    return [(row[0], row[1], row[2]) for row in rows if len(row) == 3]
