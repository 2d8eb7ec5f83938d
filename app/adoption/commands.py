"""`flask tariff check`, `diff` and `activate`: a new tariff, from its file into force."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from app import clock
from app.adoption import adopt
from app.adoption.city import Revenue, revenue
from app.adoption.facts import facts
from app.adoption.typical import Compared, compare, first_month
from app.staff.models import Grant, Member
from app.staff.roles import giving
from app.tariff.check import Problem
from app.tariff.commands import FILE, bp
from app.tariff.table import Table


def text_of(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file} is not UTF-8: save it as UTF-8") from error


def show(file: Path, found: list[Problem]) -> None:
    for one in found:
        where = f"{file}:{one.line}" if one.line else str(file)
        word = "error" if one.error else "warning"
        said = ": ".join(filter(None, (where, word, one.row, one.what)))
        click.echo(f"{said}\n  → {one.mend}")


def holds(table: Table) -> dict[str, dict[str, list[str]]]:
    """Keys by part and class, oldest first."""
    found: dict[str, dict[str, list[str]]] = {}
    for rate in table.rates.values():
        found.setdefault(rate.part, {}).setdefault(rate.use_class, []).append(rate.key)
    return found


def samples(table: Table) -> list[str]:
    """Keys and codes of what is not verified."""
    rates = [rate.key for rate in table.rates.values() if not rate.verified]
    return rates + [rule.code for rule in table.reductions.values() if not rule.verified]


@bp.cli.command("check")
@click.argument("file", type=FILE)
@click.option("--json", "to_json", is_flag=True, help="Print JSON.")
def check_command(file: Path, to_json: bool) -> None:
    """Say what is wrong with a tariff FILE, or what it holds and risks. Exits 1 for errors."""
    found = adopt.checked(text_of(file))
    errors, table = len(found.errors), found.table
    if to_json:
        said: dict[str, Any] = {
            "file": str(file),
            "errors": errors,
            "warnings": len(found.problems) - errors,
            "problems": [{"file": str(file), **one._asdict()} for one in found.problems],
        }
        if table:
            said |= {"rates": holds(table), "reductions": [*table.reductions]}
            said["samples"] = samples(table)
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        show(file, found.problems)
        if table:
            show_table(table)
        click.echo(f"{errors} errors, {len(found.problems) - errors} warnings")
    if errors:
        sys.exit(1)


def show_table(table: Table) -> None:
    for part, classes in holds(table).items():
        for use_class, keys in classes.items():
            rate = table.rates[keys[-1]]
            since = rate.billed_from or rate.start
            prices = ", ".join(f"≤{m3}: {won}" if m3 else f"{won}" for m3, won in rate.tiers)
            mark = "" if rate.verified else "  SAMPLE"
            click.echo(f"{part:6} {use_class:10} {len(keys)} rates, since {since}: {prices}{mark}")
    click.echo(f"{len(table.reductions)} reductions: {', '.join(table.reductions)}")
    click.echo(f"samples, not verified: {len(samples(table))}")


def table_named(name: str) -> Table:
    """A tariff file or `active`; exits 2 for what is neither."""
    try:
        return adopt.named(name)
    except (OSError, ValueError) as error:
        raise click.UsageError(f"{name}: {error} (see flask tariff check)") from error


def month_option(context: click.Context, parameter: click.Parameter, value: str) -> str:
    try:
        return value and f"{clock.first_day(value):%Y-%m}"
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@bp.cli.command("diff")
@click.argument("old")
@click.argument("new")
@click.option("--sample", is_flag=True, help="About 20,000 premises, scaled up.")
@click.option("--month", default="", callback=month_option, help="Billing month, YYYY-MM.")
@click.option("--json", "to_json", is_flag=True, help="Print JSON.")
def diff_command(old: str, new: str, sample: bool, month: str, to_json: bool) -> None:
    """Compare two tariff files: what homes pay, and what the city receives.

    OLD or NEW may be the word active. The month is the first one that lies wholly under the newest
    rates of NEW, unless it is given. The city's sums are its bills of the newest two billing
    months, with their own days shifted to that month.
    """
    tables = table_named(old), table_named(new)
    month = month or first_month(*tables)
    homes = compare(*tables, month)
    city = city_of(*tables, month, sample)
    if to_json:
        said = {"month": month, "typical": [home(one) for one in homes], "city": city_json(city)}
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        show_homes(homes, month)
        show_city(city, month)


def city_of(old: Table, new: Table, month: str, sample: bool) -> Revenue | None:
    """The city's sums with a bar; None where no bills are loaded."""
    billed = facts().months[:2]
    if not billed:
        return None
    with click.progressbar(length=1, label=month, file=sys.stderr) as bar:

        def seen(done: int, everything: int) -> None:
            bar.length = everything
            bar.update(done - bar.pos)

        return revenue(old, new, billed, month, sample, seen)


def percent(old: int, new: int) -> str:
    """With one decimal and a sign; a dash where nothing was before."""
    if not old:
        return "-" if new else "0.0"
    tenths = (abs(new - old) * 2000 + old) // (2 * old)
    sign = "-" if new < old and tenths else "+" if tenths else ""
    return f"{sign}{tenths // 10}.{tenths % 10}"


def home(one: Compared) -> dict[str, Any]:
    terms = one.case.terms
    known = one.old is not None and one.new is not None
    return {
        "class": terms.water_class,
        "diameter_mm": terms.diameter_mm,
        "households": terms.households,
        "usage_m3": one.case.usage_m3,
        "reductions": list(one.case.codes),
        "old": one.old,
        "new": one.new,
        "difference": one.difference,
        "percent": percent(one.old or 0, one.new or 0) if known else None,
    }


def city_json(city: Revenue | None) -> dict[str, Any] | None:
    if city is None:
        return None
    parts = {
        part: {
            "old": won,
            "new": city.new[part],
            "difference": city.new[part] - won,
            "percent": percent(won, city.new[part]),
        }
        for part, won in city.old.items()
    }
    return {
        "billing_months": city.months,
        "bills": city.bills,
        "every": city.every,
        "without_rate": city.without_rate,
        "parts": parts,
    }


def show_homes(homes: list[Compared], month: str) -> None:
    click.echo(f"two months of use, billed in {month}, won")
    click.echo(
        f"{'class':10} {'mm':>3} {'homes':>5} {'m3':>5} {'old':>9} {'new':>9} {'':>8}      %"
    )
    for one in homes:
        row = home(one)
        old, new = (f"{won:,}" if won is not None else "no rate" for won in (one.old, one.new))
        more = f"{one.difference:+,}" if one.difference is not None else ""
        click.echo(
            f"{row['class']:10} {row['diameter_mm']:>3} {row['households']:>5}"
            f" {row['usage_m3']:>5} {old:>9} {new:>9} {more:>8} {row['percent'] or '':>6}"
            f" {', '.join(one.case.codes)}".rstrip()
        )


def show_city(city: Revenue | None, month: str) -> None:
    said = city_json(city)
    if city is None or said is None:
        click.echo("no bills are loaded: nothing to say of the city")
        return
    click.echo(
        f"the city: {city.bills} bills of {' and '.join(sorted(city.months))} as bills of {month}"
    )
    if city.every > 1:
        click.echo(f"a sample: one premises of {city.every}, sums times {city.every}")
    if city.without_rate:
        click.echo(f"left out, because a table has no rate: {city.without_rate} bills")
    for part, row in said["parts"].items():
        click.echo(
            f"{part:10} {row['old']:>17,} {row['new']:>17,} {row['difference']:>+16,}"
            f" {row['percent']:>7}"
        )


TWO_PERSONS = "Nothing changed: propose it at /staff/rates/, and let somebody else approve it."


def two_persons() -> bool:
    """Whether there are members of staff who propose and approve rates: then both are needed."""
    there = Grant.ended_at.is_null() & Member.disabled_at.is_null()
    held = Grant.role.in_([*giving("rates.approve"), *giving("rates.propose")])
    return Grant.select(Grant.member).join(Member).where(there & held).distinct().count() >= 2


@bp.cli.command("activate")
@click.argument("file", type=FILE)
@click.option("--by", required=True, help="Who puts it into force; goes into tariff.log.")
@click.option("--despite-warnings", is_flag=True, help="Also when the check warns.")
def activate_command(file: Path, by: str, despite_warnings: bool) -> None:
    """Make a tariff FILE the one in force. Exits 1 when its check finds errors or warns, and where
    members of staff do this by two (S-08).

    The table before stays beside it, as tariff.yaml.before.
    """
    if not by.strip():
        raise click.UsageError("--by needs a name.")
    if two_persons():
        click.echo(TWO_PERSONS, err=True)
        sys.exit(1)
    try:
        found = adopt.activate(file, text_of(file), by.strip(), despite_warnings)
    except adopt.RefusedError as error:
        show(file, error.problems)
        only_warnings = not any(one.error for one in error.problems)
        more = " Use --despite-warnings if it is right as it is." if only_warnings else ""
        click.echo(f"Nothing changed.{more}", err=True)
        sys.exit(1)
    show(file, found.warnings)
    click.echo(f"in force: {file}, sha256 {found.record.sha256}")
    if found.before:
        click.echo(f"the table before is kept: {found.before}")
