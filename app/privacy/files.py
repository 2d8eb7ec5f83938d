"""Destroying files in time: features register what they keep in folders of DATA_DIR."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from app import clock
from app.messages.leases import KEEP
from app.messages.smtp import mail_folder

Config = Mapping[str, Any]
Old = Callable[[Config, datetime], Iterator[Path]]


class Rule(NamedTuple):
    """What is destroyed of a folder: a name and a sentence for the record, and which files."""

    what: str
    rule: str
    old: Old


_rules: dict[str, Rule] = {}


def register(what: str, rule: str, old: Old) -> None:
    """Have the files that `old(config, now)` finds removed; another with the name takes its place.

    The register has no block for files: their periods are those of the rows that they belong to.
    """
    _rules[what] = Rule(what, rule, old)


def sweep(config: Config, now: datetime, dry: bool) -> Iterator[tuple[str, str, list[date]]]:
    """Remove what is old: name and rule of each kind, and the days of the files that went."""
    for what, rule, old in list(_rules.values()):
        gone = []
        for path in list(old(config, now)):
            try:
                written = path.stat().st_mtime
                if not dry:
                    path.unlink()
            except FileNotFoundError:  # another worker was faster
                continue
            gone.append(datetime.fromtimestamp(written, clock.SEOUL).date())
        yield what, rule, gone


def older(folder: Path, pattern: str, than: datetime) -> Iterator[Path]:
    """The files of a folder that were last written before a moment."""
    for path in sorted(folder.glob(pattern)):
        try:
            if path.is_file() and path.stat().st_mtime < than.timestamp():
                yield path
        except FileNotFoundError:
            continue


def old_mails(config: Config, now: datetime) -> Iterator[Path]:
    """The mails that development writes into files, as long as their rows keep what they said."""
    return older(mail_folder(config), "*.eml", now - KEEP)


register("mail files", f"{KEEP // timedelta(days=1)}d", old_mails)
