"""`flask homes …`: what the office decides on links, and moves."""

import json
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import click

from app import clock, words
from app.billing.commands import number_argument
from app.forms import joined
from app.homes import decide, moves, ways
from app.homes.decide import DecisionError, Grant
from app.homes.models import ROLES, HomeRequest
from app.signs import has_odd_signs
from app.supply.moves import MoveError, Newcomer
from app.supply.tenancies import OWNER, USER

bp = ways.bp
bp.cli.help = "Links of accounts to premises, and moves."


def day(context: click.Context, parameter: click.Parameter, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter("write the day as YYYY-MM-DD, like 2026-11-22") from None


def text(most: int) -> Callable[[click.Context, click.Parameter, str], str]:
    """A line of text that is not longer than what is stored of it."""

    def check(context: click.Context, parameter: click.Parameter, value: str) -> str:
        if has_odd_signs(value) or len(value) > most:
            raise click.BadParameter(f"write one line of at most {most} signs")
        return value.strip()

    return check


def done_or_refused(act: Callable[[], Any]) -> Any:
    """What an act gives; exits 1 with the sentence of why it cannot be."""
    try:
        return act()
    except (DecisionError, MoveError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)


BY = click.option("--by", required=True, callback=text(60), help="Who decides, for the record.")
REFERENCE = click.argument("reference")


@bp.cli.command("requests")
@click.option("--json", "to_json", is_flag=True, help="Print JSON.")
def requests_command(to_json: bool) -> None:
    """Print the requests that wait for a decision, oldest first."""
    found = [
        {
            "reference": one.reference,
            "asked_on": words.local_day(one.asked_at).isoformat(),
            "name": one.account.name,
            "email": one.account.email,
            "customer_number": one.number,
            "address": one.address,
            "role": one.role,
            "reason": one.reason,
        }
        for one in HomeRequest.waiting()
    ]
    if to_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for one in found:
        place = one["customer_number"] or one["address"]
        click.echo(f"{one['reference']}  {one['asked_on']}  {one['name']}  {one['role']}  {place}")
        click.echo(f"    {' '.join(one['reason'].split())}")
    click.echo(f"{len(found)} waiting")


@bp.cli.command("grant")
@REFERENCE
@click.option("--premises", "number", required=True, callback=number_argument)
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--since", required=True, callback=day, help="A day of their time there.")
@click.option("--owner", is_flag=True, help="They own the premises; else they use it.")
@BY
def grant_command(
    reference: str, number: str, role: str, since: date, owner: bool, by: str
) -> None:
    """Link the account of a request to a premises, for the tenancy that the day SINCE lies in."""
    given = Grant(number, role, OWNER if owner else USER, since, by)
    home = done_or_refused(lambda: decide.grant(joined(reference), given, clock.now()))
    click.echo(f"linked as home {home}; the person and those who hold the home are told")


@bp.cli.command("refuse")
@REFERENCE
@click.option("--reason", required=True, callback=text(400), help="What the person is told.")
@BY
def refuse_command(reference: str, reason: str, by: str) -> None:
    """Refuse a request; the person is told the reason."""
    done_or_refused(lambda: decide.refuse(joined(reference), reason, by, clock.now()))
    click.echo("refused; the person is told")


@bp.cli.command("move")
@click.argument("number", callback=number_argument)
@click.option("--on", required=True, callback=day, help="The last day of who moves out.")
@click.option("--name", required=True, callback=text(60), help="Who moves in on the next day.")
@click.option("--email", default="", callback=text(254), help="Their contact on file.")
@click.option("--phone", default="", callback=text(30))
@click.option("--by", default="office", callback=text(60), show_default=True)
def move_command(number: str, on: date, name: str, email: str, phone: str, by: str) -> None:
    """Record a move at the premises NUMBER: one tenancy ends, the next begins.

    Accounts linked to the ended tenancy keep what they could see and get nothing newer. Exits 1
    when the move cannot have been, and says why.
    """
    if not name:
        raise click.BadParameter("write who moves in", param_hint="--name")
    newcomer = Newcomer(name, email, phone)
    ended = done_or_refused(
        lambda: moves.move(number, on, newcomer, by, clock.now(), clock.today())
    )
    click.echo(f"{name} from the day after {on}; links that end on {on}: {ended}")
