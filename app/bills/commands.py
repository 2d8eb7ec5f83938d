"""`flask bills run YYYY-MM`."""

import sys

import click
from flask import current_app

from app import clock
from app.bills import run as billing
from app.bills.views import bp
from app.money import Money
from app.tariff.table import seoul

bp.cli.help = "Bills."


def month_argument(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """A billing month; exits 2 for anything else."""
    try:
        clock.first_day(value)
    except ValueError:
        raise click.BadParameter("write the month as YYYY-MM, like 2026-11") from None
    return value


@bp.cli.command("run")
@click.argument("month", callback=month_argument)
def run_command(month: str) -> None:
    """Make the bills of a billing MONTH (YYYY-MM) from the readings of its cycle.

    Running it again changes nothing; a killed run goes on. Exits 1 when premises could not be
    billed, and names the first twenty.
    """
    key = current_app.config["BILL_CODE_KEY"].encode()
    with click.progressbar(length=1, label=month, show_eta=False) as bar:

        def seen(done: int, everything: int) -> None:
            bar.length = everything
            bar.update(done - bar.pos)

        outcome = billing.run(month, seoul(), key, clock.today(), seen)
    click.echo(f"{outcome.bills} bills, {Money(outcome.total)} won in all")
    for reason, count in billing.reasons(outcome).most_common():
        click.echo(f"not billed: {count} premises, {reason}", err=True)
    for number, reason in outcome.refused[:20]:
        click.echo(f"  {number}: {reason}", err=True)
    if outcome.refused:
        sys.exit(1)
