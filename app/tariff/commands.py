"""`flask tariff calculate`: a bill's lines without storing anything."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import click
from flask import Blueprint

from app.clock import add_months, first_day, month_end
from app.tariff import active
from app.tariff.engine import Charge, Terms, charge
from app.tariff.late import late_fee
from app.tariff.lines import Line
from app.tariff.reduce import VOLUMES
from app.tariff.reductions import Grant
from app.tariff.table import Table, parse, whole_months

bp = Blueprint("tariff", __name__)
bp.cli.help = "Rates and what they make."

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
CLASS = "The use class of the water, as the tariff names it."


class Late(NamedTuple):
    """What of the bill before was paid late, in won, and by how many days."""

    unpaid: int
    days: int


def quantity(line: Line, table: Table) -> float:
    """m3 for volumes, else what the line counts."""
    rule = table.reductions.get(line.key)
    if line.kind == "usage" or (line.kind == "discount" and rule and rule.kind in VOLUMES):
        return line.quantity / 10
    return line.quantity


def as_json(found: Charge, table: Table) -> dict[str, object]:
    """The shape that scripts rely on: amounts in won, volumes in m3; discounts above 0."""
    return {
        "water": found.water,
        "sewer": found.sewer,
        "levy": found.levy,
        "discounts": [
            {
                "code": line.key,
                "name": table.reductions[line.key].name["en"],
                "part": line.part,
                "amount": -line.amount,
            }
            for line in found.lines
            if line.kind == "discount"
        ],
        "late_fee": sum(line.amount for line in found.lines if line.part == "late"),
        "total": found.total,
        "lines": [line._asdict() | {"quantity": quantity(line, table)} for line in found.lines],
    }


def granted(asked: tuple[str, ...], kind: str, table: Table) -> tuple[Grant, ...]:
    """Grants from CODE or CODE:VALUE; raises UsageError for a code that the table lacks."""
    found = []
    for text in asked:
        code, colon, value = text.partition(":")
        if code not in table.reductions:
            known = ", ".join(table.reductions)
            raise click.UsageError(f"There is no reduction {code}. Known: {known}")
        if colon and not (value.isascii() and value.isdigit() and 0 < int(value) < 10**9):
            raise click.UsageError(f"{text}: write a whole number above 0 after the colon.")
        found.append(Grant(code, int(value) if colon else 1))
    return (*found, *table.by_reading.get(kind, ()))


def with_late_fee(found: Charge, late: Late, month: str, table: Table) -> Charge:
    """The charge of a month with the late fee of the bill before, of the month `month`."""
    due_on = month_end(first_day(month))
    until = due_on + timedelta(days=late.days)
    fee = late_fee(table.rules.late_fee, late.unpaid, month, due_on, until)
    if not fee.amount:
        return found
    percent = table.rules.late_fee.percent
    line = Line("late", "late", late.unpaid, percent, fee.days, fee.of_days, fee.amount, month)
    return found._replace(total=found.total + fee.amount, lines=[*found.lines, line])


@bp.cli.command("calculate")
@click.option("--month", required=True, help="Billing month, YYYY-MM.")
@click.option("--class", "water_class", default="household", show_default=True, help=CLASS)
@click.option("--sewer-class", default=None, help="As --class unless given.")
@click.option("--diameter", type=int, default=15, show_default=True, help="Of the meter, in mm.")
@click.option("--households", type=click.IntRange(1), default=1, show_default=True)
@click.option(
    "--dwellings", type=click.IntRange(0), default=0, help="Homes on a meter of another class."
)
@click.option("--months", type=click.IntRange(1, 12), default=2, show_default=True)
@click.option(
    "--usage", type=click.IntRange(0, 9_999_999), required=True, help="Whole m3 in these months."
)
@click.option(
    "--reduction", "reductions", multiple=True, metavar="CODE[:VALUE]", help="May be repeated."
)
@click.option("--kind", default="regular", show_default=True, help="How it was read, like self.")
@click.option("--unpaid", type=click.IntRange(0), default=0, help="Won of the bill before, late.")
@click.option("--days-late", type=click.IntRange(0), default=0, help="Days that they were late.")
@click.option("--tariff", "file", type=FILE, default=None, help="Another table than in force.")
@click.option("--json", "to_json", is_flag=True, help="Print JSON.")
def calculate_command(
    month: str,
    months: int,
    usage: int,
    reductions: tuple[str, ...],
    kind: str,
    unpaid: int,
    days_late: int,
    file: Path | None,
    to_json: bool,
    **place: Any,
) -> None:
    """Calculate the charge of the whole months before a billing month."""
    try:
        table = parse(file.read_text("utf-8-sig")) if file else active.table()
        period = whole_months(month, months)
        found = charge(table, terms(**place), period, usage, granted(reductions, kind, table))
    except ValueError as error:  # TariffError too
        raise click.UsageError(str(error)) from error
    if unpaid:
        before = add_months(month, -months)
        found = with_late_fee(found, Late(unpaid, days_late), before, table)
    if to_json:
        click.echo(json.dumps(as_json(found, table), ensure_ascii=False))
    else:
        show(found, table)


def terms(
    water_class: str, sewer_class: str | None, diameter: int, households: int, dwellings: int
) -> Terms:
    return Terms(water_class, sewer_class or water_class, diameter, households, dwellings)


def show(found: Charge, table: Table) -> None:
    """The lines for people."""
    for line in found.lines:
        name = line.key if line.kind == "discount" else line.kind
        click.echo(
            f"{line.part:6} {name:20} {quantity(line, table):>8g} x {line.rate:>6} ="
            f" {line.amount:>9}"
        )
    click.echo(f"total {found.total} won")
