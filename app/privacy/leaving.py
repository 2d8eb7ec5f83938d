"""An account is closed with its last mail, and its random reference is noted outside the database:
a backup that is restored brings closed accounts back, and the retention job closes them again.
"""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.accounts.models import Account
from app.observe import log
from app.privacy import closing, mails

Config = Mapping[str, Any]

BACKUPS_KEPT = timedelta(days=90)
"""Backups are gone after so long (deploy/README.md), and the notes with them."""


def path(config: Config) -> Path:
    return Path(config["DATA_DIR"], "closed-accounts.txt")


def leave(config: Config, number: int, now: datetime) -> bool:
    """Close an account and tell its person; False when that was done before."""
    left: list[str] = []

    def farewell(account: Account) -> None:
        mails.closed(account, now)
        left.append(account.reference)

    done = closing.close(number, now, farewell)
    for reference in left if done else ():
        note(config, reference, now)
    return done


@contextmanager
def locked(config: Config) -> Iterator[None]:
    """One process at a time adds notes or drops them."""
    with path(config).with_suffix(".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def note(config: Config, reference: str, now: datetime) -> None:
    """Remember that an account is closed; a full disk must not bring it back to life."""
    try:
        with locked(config):
            descriptor = os.open(path(config), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "a", encoding="ascii") as file:
                file.write(f"\n{now.isoformat()} {reference}\n")  # after a line that was torn
                file.flush()
                os.fsync(file.fileno())
    except OSError as error:
        log.error("a closed account is not noted outside the database", exc_info=error)


def noted(config: Config) -> Iterator[tuple[datetime, str]]:
    """When which account was closed; broken lines are left out."""
    try:
        lines = path(config).read_text("ascii").splitlines()
    except (OSError, ValueError):
        return
    for line in lines:
        moment, _, reference = line.partition(" ")
        try:
            yield datetime.fromisoformat(moment), reference
        except ValueError:
            continue


def came_back(config: Config) -> list[int]:
    """The numbers of accounts that were closed and are there again."""
    known = {reference for _, reference in noted(config)}
    there = Account.reference.in_(known) & Account.closed_at.is_null()
    return [one.id for one in Account.select(Account.id).where(there)] if known else []


def forget(config: Config, now: datetime) -> None:
    """Drop notes that no backup can need any more."""
    with locked(config):
        found = list(noted(config))
        kept = [(at, reference) for at, reference in found if at > now - BACKUPS_KEPT]
        if len(kept) < len(found):
            new = path(config).with_suffix(".new")
            new.write_text("".join(f"{at.isoformat()} {one}\n" for at, one in kept), "ascii")
            new.chmod(0o600)
            new.replace(path(config))


def note_missing(config: Config, now: datetime) -> None:
    """Note what was closed lately and is not noted: the process was killed in between."""
    known = {reference for _, reference in noted(config)}
    lately = Account.select(Account.reference, Account.closed_at).where(
        Account.closed_at > now - BACKUPS_KEPT
    )
    for one in lately:
        if one.reference not in known:
            note(config, one.reference, one.closed_at)
