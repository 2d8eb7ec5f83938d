"""`flask readings import FILE` and `flask readings daily FILE`."""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click
from flask import Blueprint

from app import clock
from app.supply import blocks, daily, readings
from app.supply.files import FileError
from app.supply.imports import Progress

bp = Blueprint("readings", __name__)
bp.cli.help = "Meter readings."


Import = Callable[[Path, date, Any, Callable[[int], None]], Progress]
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@bp.cli.command("import")
@FILE
def import_command(file: Path) -> None:
    """Import readings from a CSV FILE (UTF-8 or CP949, plain or gzip).

    Columns: customer_number, read_on, reading_m3, kind. Lines that cannot be used go to
    FILE.rejects.csv with their number and the reason; correct and import that file. Exits 1 when
    there are rejects, 2 when the file as a whole cannot be used.
    """
    bring_in(readings.import_file, file)


@bp.cli.command("daily")
@FILE
def daily_command(file: Path) -> None:
    """Import daily use from a CSV FILE of remote meters, by the same rules.

    Columns: customer_number, day, litres, night_litres (the smallest hourly flow between 1 and 5
    o'clock, empty where it is not known).
    """
    bring_in(daily.import_file, file)


@bp.cli.command("blocks")
@FILE
def blocks_command(file: Path) -> None:
    """Import the supply block of each premises from a CSV FILE, by the same rules.

    Columns: customer_number, supply_block. Outages name blocks; a premises without one counts as
    in every block of its dong.
    """
    bring_in(blocks.import_file, file)


def bring_in(import_file: Import, file: Path) -> None:
    """Import a file with a bar, and report; exit 2 when it cannot be used at all."""
    try:
        with click.progressbar(length=0, label="lines", show_eta=False) as bar:
            total = 0

            def seen(lines: int) -> None:
                nonlocal total
                bar.length = max(total, lines)
                bar.update(max(lines - total, 0))
                total = max(total, lines)

            progress = import_file(file, clock.today(), clock.now(), seen)
    except FileError as error:
        raise click.UsageError(str(error)) from error
    report(progress)


def report(progress: Progress) -> None:
    """Say what happened; exit 1 when somebody has to correct something."""
    for name in progress.ignored_columns:
        click.echo(f"column ignored: {name}", err=True)
    click.echo(
        f"{progress.lines} lines: {progress.accepted} imported, "
        f"{progress.unchanged} already there, {progress.rejected} rejected"
    )
    if progress.rejected:
        click.echo(f"rejected lines: {progress.rejects}", err=True)
        sys.exit(1)
