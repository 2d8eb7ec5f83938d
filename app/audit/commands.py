"""`flask audit verify`: whether the log is whole; and its destruction by age."""

import json
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

import click
from flask import Blueprint, Flask

from app.audit import trail
from app.db import rows
from app.messages.timetable import register

bp = Blueprint("audit", __name__)
bp.cli.help = "The log of who did what."

COUNT = "SELECT count(*), coalesce(max(id), 0) FROM audit"
MOST = 100


@bp.cli.command("verify")
@click.option("--json", "to_json", is_flag=True, help="Print JSON.")
def verify_command(to_json: bool) -> None:
    """Check the chain. Exits 1 and names the rows when one was changed or taken out.

    The number and the mac of the last row, kept elsewhere, prove later that none behind it was
    written anew.
    """
    found = []
    for problem in trail.problems():
        found.append(problem)
        if len(found) == MOST:
            found.append("and more")
            break
    count, last = rows(COUNT)[0]
    if to_json:
        click.echo(json.dumps({"rows": count, "last": last, "problems": found}))
    else:
        for problem in found:
            click.echo(problem)
        click.echo(f"{count} rows, the last is {last}: " + ("NOT whole" if found else "whole"))
    sys.exit(1 if found else 0)


def init_app(app: Flask) -> None:
    years = int(app.config["AUDIT_YEARS"])

    def erase_old_rows(now: datetime) -> Iterator[int]:
        return trail.erase(now - timedelta(days=366 * years), now)

    register(timedelta(days=1), erase_old_rows)
