"""Numbered, forward-only migrations, run by one process at a time: `flask db migrate`."""

import fcntl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup
from playhouse.migrations import Migration, Runner

from app.config import ROOT
from app.db import database, is_postgres

DIRECTORY = str(ROOT / "migrations")
LOCK_NUMBER = 7_214_031  # any constant: the advisory lock that all migrating processes share

commands = AppGroup("db", help="The database's structure.")


@contextmanager
def alone() -> Iterator[None]:
    """Wait until no other process migrates this database, then keep others out."""
    if is_postgres():
        database.execute_sql("SELECT pg_advisory_lock(%s)", (LOCK_NUMBER,))
        try:
            yield
        finally:
            database.execute_sql("SELECT pg_advisory_unlock(%s)", (LOCK_NUMBER,))
    elif database.database == ":memory:":
        yield
    else:
        with Path(f"{database.database}.migrating").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _runner() -> Runner:
    return Runner(database.obj, DIRECTORY)


def migrate() -> list[str]:
    """Apply what is pending, each migration in one transaction; the names that were applied."""
    with alone():
        applied: list[str] = _runner().up()
    return applied


def status() -> list[Migration]:
    """Files and history together, in order; `applied` is None for what is pending."""
    found: list[Migration] = _runner().status()
    return found


def complaint() -> str | None:
    """Why this database must not be served, or None when code and database agree."""
    rows = status()
    pending = [row.name for row in rows if not row.applied]
    unknown = [row.name for row in rows if row.path is None]
    if unknown:
        return (
            f"The database is newer than this program (it has {unknown[-1]}): update the program."
        )
    if pending:
        return f"The database is behind ({len(pending)} migrations): run `flask db migrate` first."
    return None


@commands.command("migrate")
def migrate_command() -> None:
    """Apply the pending migrations."""
    applied = migrate()
    for name in applied:
        click.echo(f"applied {name}")
    if not applied:
        click.echo("nothing to do")


@commands.command("status")
def status_command() -> None:
    """List migrations; exit 1 when some are pending."""
    for row in status():
        click.echo(f"{'applied' if row.applied else 'PENDING'}  {row.name}")
    if problem := complaint():
        click.echo(problem, err=True)
        sys.exit(1)


def init_app(app: Flask) -> None:
    app.cli.add_command(commands)
