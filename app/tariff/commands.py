"""`flask tariff calculate`: a bill's lines without storing anything."""

import json
from datetime import timedelta

import click
from flask import Blueprint

from app.clock import add_months, first_day
from app.tariff.engine import Charge, Terms, charge
from app.tariff.table import Period, TariffError, seoul

bp = Blueprint("tariff", __name__)
bp.cli.help = "Rates and what they make."


def whole_months(month: str, months: int) -> Period:
    """The whole calendar months before a billing month."""
    day_before = timedelta(days=1)
    return Period(
        month,
        first_day(add_months(month, -months)) - day_before,
        first_day(month) - day_before,
        months,
    )


def as_json(found: Charge) -> dict[str, object]:
    """The shape that scripts rely on: amounts in won, quantities of usage in m3."""
    lines = []
    for line in found.lines:
        row = line._asdict()
        row["quantity"] = line.quantity / 10 if line.kind == "usage" else line.quantity
        lines.append(row)
    return {
        "water": found.water,
        "sewer": found.sewer,
        "levy": found.levy,
        "discounts": [],
        "total": found.total,
        "lines": lines,
    }


@bp.cli.command("calculate")
@click.option("--month", required=True, help="Billing month, YYYY-MM.")
@click.option("--class", "water_class", default="household", show_default=True)
@click.option("--sewer-class", default=None, help="As --class unless given.")
@click.option("--diameter", type=int, default=15, show_default=True, help="Of the meter, in mm.")
@click.option("--households", type=click.IntRange(1), default=1, show_default=True)
@click.option("--months", type=click.IntRange(1, 12), default=2, show_default=True)
@click.option(
    "--usage", type=click.IntRange(0, 9_999_999), required=True, help="Whole m3 in these months."
)
@click.option("--json", "to_json", is_flag=True, help="Print JSON.")
def calculate_command(
    month: str,
    water_class: str,
    sewer_class: str | None,
    diameter: int,
    households: int,
    months: int,
    usage: int,
    to_json: bool,
) -> None:
    """Calculate the charge of the whole months before a billing month."""
    terms = Terms(water_class, sewer_class or water_class, diameter, households)
    try:
        found = charge(seoul(), terms, whole_months(month, months), usage)
    except (TariffError, ValueError) as error:
        raise click.UsageError(str(error)) from error
    if to_json:
        click.echo(json.dumps(as_json(found), ensure_ascii=False))
        return
    for line in found.lines:
        quantity = line.quantity / 10 if line.kind == "usage" else line.quantity
        click.echo(
            f"{line.part:6} {line.kind:6} {quantity:>8g} x {line.rate:>6} = {line.amount:>9}"
        )
    click.echo(f"total {found.total} won")
