"""`flask bills …`: the run, an import, a bill explained, corrections, instalments."""

import sys
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask import current_app

from app import clock
from app.billing import imported
from app.billing import run as billing
from app.billing.correct import CorrectionError, Signed, Wanted, correct
from app.billing.due import counted, unread
from app.billing.explain import explained
from app.billing.instalments import PlanError, agree
from app.billing.periods import cycle
from app.bills.models import Bill
from app.bills.views import bp
from app.money import Money
from app.supply.commands import FILE, bring_in
from app.supply.models import Premises, UseClass
from app.tariff import active
from app.tariff.reductions import Grant
from app.tariff.table import Table, TariffError

bp.cli.help = "Bills."


def month_argument(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """A billing month; exits 2 for anything else."""
    try:
        clock.first_day(value)
    except ValueError:
        raise click.BadParameter("write the month as YYYY-MM, like 2026-11") from None
    return value


def number_argument(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """A customer number, with or without hyphens."""
    return value.replace("-", "")


def code_key() -> bytes:
    return str(current_app.config["BILL_CODE_KEY"]).encode()


def sound_table() -> Table:
    """The tariff in force; exits 1 when its file cannot be read: no bill is made by another."""
    try:
        return active.sound_table()
    except TariffError as error:
        raise click.ClickException(f"the tariff in force cannot be used: {error}") from error


@bp.cli.command("run")
@click.argument("month", callback=month_argument)
def run_command(month: str) -> None:
    """Make the bills of a billing MONTH (YYYY-MM) from the readings of its cycle.

    Running it again changes nothing; a killed run goes on. Exits 1 when premises could not be
    billed, and names the first twenty.
    """
    if cycle(month)[0] > clock.today():
        raise click.UsageError(f"The readings of {month} have not begun.")
    table = sound_table()
    with click.progressbar(length=1, label=month, show_eta=False) as bar:

        def seen(done: int, everything: int) -> None:
            bar.length = everything
            bar.update(done - bar.pos)

        outcome = billing.run(month, table, code_key(), clock.today(), seen)
    state = counted(month)
    click.echo(
        f"{outcome.bills} bills made, {Money(outcome.total)} won in all; "
        f"{max(state.billed - outcome.bills, 0)} were there already"
    )
    if state.unread:
        click.echo(f"without a reading in this cycle: {state.unread} premises", err=True)
        for number in unread(month):
            click.echo(f"  {number}", err=True)
    for reason, count in billing.reasons(outcome).most_common():
        click.echo(f"not billed: {count} premises, {reason}", err=True)
    for number, reason in outcome.refused[:20]:
        click.echo(f"  {number}: {reason}", err=True)
    if outcome.refused or state.unread:
        sys.exit(1)


@bp.cli.command("import")
@FILE
def import_command(file: Path) -> None:
    """Import finished bills of another system from a CSV FILE, one line for each line of a bill.

    The columns are in deploy/README.md. A bill with a line that cannot be used goes as a whole to
    FILE.rejects.csv with the reason; correct and import that file. Exits 1 when there are rejects,
    2 when the file as a whole cannot be used.
    """
    bring_in(partial(imported.import_file, code_key()), file)


def asked(number: str, month: str) -> Bill:
    """The newest document of a bill; exits 1 when there is none."""
    place = Premises.numbered(number).first()
    bill = Bill.documents(place.id, month).first() if place else None
    if bill is None:
        click.echo("There is no such bill.", err=True)
        sys.exit(1)
    return bill


@bp.cli.command("explain")
@click.argument("number", callback=number_argument)
@click.argument("month", callback=month_argument)
def explain_command(number: str, month: str) -> None:
    """Show an operator one bill with the rates that made it; samples are marked.

    NUMBER is the customer number. Exits 1 when there is no such bill.
    """
    click.echo("\n".join(explained(number, asked(number, month), active.table())))


def grant(text: str) -> Grant:
    """`CODE` or `CODE:VALUE`; exits 2 for a code that the tariff does not know."""
    code, _, value = text.partition(":")
    known = active.table().reductions
    if code not in known:
        raise click.BadParameter(f"{code} is not one of {', '.join(known)}")
    if value and not (value.isdecimal() and int(value) > 0):
        raise click.BadParameter(f"{value} is not a number above 0")
    return Grant(code, int(value or 1))


CLASS = click.Choice([str(use_class) for use_class in UseClass])
CHANGES = (
    "--usage, --reading, --households, --water-class, --sewer-class, --reduction or "
    "--waive-late-fee"
)
PROPOSALS = {
    "none": "nothing to pay back or collect",
    "collect": "proposed: collect the difference",
    "set_off": "proposed: set what was paid too much off against other unpaid bills",
    "refund": "proposed: pay back what was paid too much",
}


@bp.cli.command("correct")
@click.argument("number", callback=number_argument)
@click.argument("month", callback=month_argument)
@click.option("--usage", "usage_m3", type=click.IntRange(0), help="The right use, whole m3.")
@click.option("--reading", "current_m3", type=click.IntRange(0), help="What the meter showed.")
@click.option("--households", type=click.IntRange(1))
@click.option("--water-class", type=CLASS)
@click.option("--sewer-class", type=CLASS)
@click.option("--reduction", multiple=True, help="CODE or CODE:VALUE; may be repeated.")
@click.option("--waive-late-fee", is_flag=True)
@click.option("--reason", required=True, help="Shown to the resident.")
@click.option("--by", "made_by", required=True, help="Who makes the correction.")
def correct_command(
    number: str, month: str, reduction: tuple[str, ...], reason: str, made_by: str, **given: Any
) -> None:
    """Replace the bill of customer NUMBER and MONTH by a corrected document.

    The bill itself stays as it is. Money is not moved: what to do about the difference is proposed.
    Exits 1 when nothing can be corrected.
    """
    if not reduction and all(value is None or value is False for value in given.values()):
        raise click.UsageError(f"Say what is to change: {CHANGES}.")
    old = asked(number, month)
    wanted = Wanted(grants=tuple(grant(text) for text in reduction), **given)
    signed = Signed(reason, made_by, clock.now())
    try:
        found = correct(number, month, wanted, signed, sound_table(), code_key(), clock.today())
    except (CorrectionError, TariffError) as error:
        click.echo(f"Not corrected: {error}.", err=True)
        sys.exit(1)
    new = asked(number, month)
    click.echo(
        f"before {Money(old.total)} won, now {Money(new.total)} won, "
        f"difference {found.difference:+,} won"
    )
    click.echo(f"document {found.revision} of {month}; {PROPOSALS[found.proposal]}")


@bp.cli.command("instalments")
@click.argument("number", callback=number_argument)
@click.argument("month", callback=month_argument)
@click.option("--parts", type=int, required=True, help="How many, 2 to 6.")
@click.option("--by", "agreed_by", required=True, help="Who agreed to it.")
def instalments_command(number: str, month: str, parts: int, agreed_by: str) -> None:
    """Divide what is unpaid of a bill into parts; exits 1 when that cannot be."""
    try:
        plan = agree(number, month, parts, agreed_by, clock.now(), sound_table())
    except PlanError as error:
        click.echo(f"Not agreed: {error}.", err=True)
        sys.exit(1)
    for part in plan:
        click.echo(f"{part.position}  {part.due_on}  {Money(part.amount)} won")
