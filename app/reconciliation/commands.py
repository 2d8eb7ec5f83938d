"""`flask ledger verify`, `flask payments reconcile`, `sweep`, `close`, `open`, `status`."""

import json
import sys
from datetime import date

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app import clock
from app.payments import gate, keys
from app.payments.gateway import UnreadableError
from app.payments.models import OPEN, Attempt
from app.payments.records import Discrepancy
from app.payments.views import bp
from app.reconciliation import alarms as payments_alarms  # noqa: F401 registers itself
from app.reconciliation import compare, payouts, sweeps, verify
from app.reconciliation import work as payments_work  # noqa: F401 the same

ledger = AppGroup("ledger", help="The books.")
bp.cli.help = "Payments: the gateway, and whether they are open."
BY = click.option("--by", required=True, help="Who does it; kept.")
JSON = click.option("--json", "to_json", is_flag=True, help="Print JSON.")


def day(context: click.Context, parameter: click.Parameter, value: str | None) -> date | None:
    """A day; exits 2 for anything else."""
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise click.BadParameter("write the day as YYYY-MM-DD") from None


def need_gateway() -> None:
    """Exit 1 without a gateway's keys."""
    if not keys.are_set(current_app.config):
        raise click.ClickException("There are no keys of a payment gateway (WATER_PAY_SECRET_KEY).")


@ledger.command("verify")
@JSON
def verify_command(to_json: bool) -> None:
    """See whether ledger, payments and bills agree; names each row that does not, and exits 1."""
    found = list(verify.problems()) + gate.check_tables()
    if to_json:
        click.echo(json.dumps({"problems": found}))
    for one in [] if to_json else found:
        click.echo(one)
    if not found and not to_json:
        click.echo("the ledger, the payments and the bills agree")
    sys.exit(1 if found else 0)


@bp.cli.command("reconcile")
@click.option("--from", "first", callback=day, help="First day; else the day before yesterday.")
@click.option("--to", "last", callback=day, help="Last day; without it, today.")
@JSON
def reconcile_command(first: date | None, last: date | None, to_json: bool) -> None:
    """Compare payments with the gateway's, both ways, and book what was lost.

    After a restored backup it covers all days since, and opens payments again when everything
    agrees. Exits 1 when something is different, or cannot be compared.
    """
    need_gateway()
    try:
        found = compare.reconcile(first, last)
        days = compare.days_behind(clock.now())
        for _ in payouts.book_payouts(first or days[0], last or days[1]):
            pass
    except UnreadableError as error:
        raise click.ClickException(f"the gateway cannot be read: {error}") from error
    problems = [*found.problems, *verify.problems()]
    said = {
        "theirs": found.theirs,
        "ours": found.ours,
        "settled": found.settled,
        "problems": problems,
        "closed": str(gate.why_closed() or ""),
    }
    if to_json:
        click.echo(json.dumps(said))
    else:
        click.echo(f"theirs {found.theirs}, ours {found.ours}, brought together {found.settled}")
        for one in problems:
            click.echo(one)
        click.echo("everything agrees" if not problems else f"different: {len(problems)}")
    sys.exit(1 if problems else 0)


@bp.cli.command("sweep")
def sweep_command() -> None:
    """Look up what has no end yet, as the worker does, once."""
    need_gateway()
    for name, count in sweeps.everything(clock.now()).items():
        click.echo(f"{name}: {count}")


@bp.cli.command("close")
@click.option("--reason", required=True, help="Why; kept.")
@BY
def close_command(reason: str, by: str) -> None:
    """Open no more payments; what was begun goes on. Do this before a backup is put in place."""
    gate.close(reason, by, clock.now())
    click.echo("payments are closed")


@bp.cli.command("open")
@click.option("--reason", default="", help="Why; kept.")
@BY
def open_command(reason: str, by: str) -> None:
    """Open payments again, whatever closed them. After a restored backup `reconcile` does it."""
    gate.open_again(reason, by, clock.now())
    click.echo("payments are open")


@bp.cli.command("status")
@JSON
def status_command(to_json: bool) -> None:
    """Whether payments are open, what has no end yet, what somebody has to decide.

    Exits 1 when they are closed.
    """
    closed = gate.why_closed()
    states = {
        str(state): count
        for state in OPEN
        if (count := Attempt.select().where(Attempt.state == state).count())
    }
    undecided = Discrepancy.open().count()
    if to_json:
        said = {"closed": str(closed or ""), "open_attempts": states, "undecided": undecided}
        click.echo(json.dumps(said))
    else:
        click.echo(f"payments are closed: {closed}" if closed else "payments are open")
        for name, count in states.items():
            click.echo(f"attempts {name}: {count}")
        click.echo(f"to be decided: {undecided}")
    sys.exit(1 if closed else 0)


def init_app(app: Flask) -> None:
    app.cli.add_command(ledger)
