"""`flask bills run` and `flask bills explain`."""

import sys

import click
from flask import current_app

from app import clock
from app.bills import run as billing
from app.bills.models import Bill, BillLine
from app.bills.views import bp
from app.money import Money
from app.supply.models import Premises
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
    key = str(current_app.config["BILL_CODE_KEY"]).encode()
    if billing.cycle(month)[0] > clock.today():
        raise click.UsageError(f"The readings of {month} have not begun.")
    with click.progressbar(length=1, label=month, show_eta=False) as bar:

        def seen(done: int, everything: int) -> None:
            bar.length = everything
            bar.update(done - bar.pos)

        outcome = billing.run(month, seoul(), key, clock.today(), seen)
    state = billing.counted(month)
    click.echo(
        f"{outcome.bills} bills made, {Money(outcome.total)} won in all; "
        f"{state.billed - outcome.bills} were there already"
    )
    if state.unread:
        click.echo(f"without a reading in this cycle: {state.unread} premises", err=True)
    for reason, count in billing.reasons(outcome).most_common():
        click.echo(f"not billed: {count} premises, {reason}", err=True)
    for number, reason in outcome.refused[:20]:
        click.echo(f"  {number}: {reason}", err=True)
    if outcome.refused or state.unread:
        sys.exit(1)


@bp.cli.command("explain")
@click.argument("number")
@click.argument("month", callback=month_argument)
def explain_command(number: str, month: str) -> None:
    """Show an operator one bill with the rates that made it; samples are marked.

    NUMBER is the customer number. Exits 1 when there is no such bill.
    """
    place = Premises.numbered(number.replace("-", "")).first()
    bill = Bill.documents(place.id, month).first() if place else None
    if bill is None:
        click.echo("There is no such bill.", err=True)
        sys.exit(1)
    table = seoul()
    click.echo(f"{number} {month}: {bill.usage_m3} m3 from {bill.from_on} to {bill.to_on}")
    for line in BillLine.of(bill):
        rate = table.rates.get(line.rate_key)
        mark = "" if rate is None or rate.verified else "  SAMPLE, not a verified rate"
        source = rate.source if rate else table.rules.source
        quantity = line.quantity / 10 if line.kind == "usage" else line.quantity
        click.echo(
            f"{line.part:6} {line.kind:6} {quantity:>8g} x {line.rate:>7} = {line.amount:>9}"
        )
        click.echo(f"       {source}{mark}")
    click.echo(f"total {bill.total} won, due {bill.due_on}")
