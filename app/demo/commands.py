"""`flask demo load` and `flask demo who`."""

import json
from pathlib import Path

import click
from flask import Blueprint, current_app

from app import clock
from app.db import rows
from app.demo import load as loading
from app.demo import outages
from app.demo.staff import SECRET
from app.money import Money
from app.staff import totp

bp = Blueprint("demo", __name__)
bp.cli.help = "The invented city; never in production."


def code_now(secret: str) -> str:
    """The code that an app shows at this moment."""
    return f"code now {totp.code(secret, clock.now())}" if secret else ""


def refuse_production() -> None:
    if current_app.config["MODE"] == "production":
        raise click.UsageError("The demo's passphrases are public: not in production mode.")


@bp.cli.command("load")
@click.option("--premises", type=click.IntRange(30), default=4000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--if-empty", is_flag=True, help="Do nothing when the database holds premises.")
def load_command(premises: int, seed: int, if_empty: bool) -> None:
    """Load the invented city: 25 districts, three years of readings and bills."""
    refuse_production()
    config = current_app.config
    outages.write(Path(config["DATA_DIR"]) / "outages", clock.now())
    if if_empty and rows("SELECT count(*) FROM premises")[0][0]:
        return
    folder = Path(config["DATA_DIR"]) / "demo"
    cost = (config["PASSWORD_MEMORY_KIB"], config["PASSWORD_ROUNDS"])
    try:
        with click.progressbar(length=36, label="demo city, months") as bar:
            loading.load(
                premises,
                seed,
                folder,
                str(config["BILL_CODE_KEY"]).encode(),
                cost,
                lambda done, months: bar.update(1),
            )
    except loading.NotEmptyError as error:
        raise click.UsageError(str(error)) from error


@bp.cli.command("who")
@click.option("--json", "to_json", is_flag=True, help="Print JSON.")
def who_command(to_json: bool) -> None:
    """Print the sign-ins and some premises worth looking at."""
    refuse_production()
    found = loading.who()
    if to_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for person in found["sign_ins"]:
        code = code_now(person.get("one_time_secret", ""))
        click.echo(f"{person['who']:10} {person['email']:28} {person['passphrase']:26} {code}")
    click.echo(f"           staff sign in at /staff/ with codes of the secret {SECRET}")
    for name in ("unpaid", "leak", "movers", "link"):
        if bill := found.get(name):
            click.echo(
                f"{name:10} customer number {bill['customer_number']}, {bill['month']}, code on the"
                f" bill {bill['bill_code']}, {Money(bill['amount'])} won"
            )
