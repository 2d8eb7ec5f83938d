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
from app.homes.windows import Changed
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


BY = click.option("--by", required=True, callback=text(30), help="Who decides, for the record.")
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


def newcomer_options(command: Callable[..., None]) -> Callable[..., None]:
    """Who moves in, and their contact on file."""
    options = (
        click.option("--name", required=True, callback=text(60), help="Who moves in."),
        click.option("--email", default="", callback=text(254), help="Their contact on file."),
        click.option("--phone", default="", callback=text(30)),
    )
    for option in reversed(options):
        command = option(command)
    return command


def newcomer(name: str, email: str, phone: str) -> Newcomer:
    if not name:
        raise click.BadParameter("write who moves in", param_hint="--name")
    return Newcomer(name, email, phone)


def office(by: str) -> moves.Office:
    return moves.Office(by, clock.now(), clock.today())


def say(what: str, changed: Changed) -> None:
    click.echo(f"{what}; links with another time: {changed.timed}, ended: {changed.ended}")


NUMBER = click.argument("number", callback=number_argument)
MOVED_BY = click.option("--by", default="office", callback=text(60), show_default=True)


@bp.cli.command("move")
@NUMBER
@click.option("--on", required=True, callback=day, help="The last day of who moves out.")
@newcomer_options
@MOVED_BY
def move_command(number: str, on: date, name: str, email: str, phone: str, by: str) -> None:
    """Record a move at the premises NUMBER: one tenancy ends, the next begins the day after.

    Accounts linked to the ended tenancy keep what they could see and get nothing newer; links made
    since then with a newer bill go to the next. Exits 1 when the move cannot have been, and says
    why.
    """
    who = newcomer(name, email, phone)
    changed = done_or_refused(lambda: moves.move(number, on, who, office(by)))
    say(f"{name} from the day after {on}", changed)


@bp.cli.command("move-out")
@NUMBER
@click.option("--on", required=True, callback=day, help="The last day of who moves out.")
@MOVED_BY
def move_out_command(number: str, on: date, by: str) -> None:
    """Record that the user of the premises NUMBER left, and nobody came yet."""
    changed = done_or_refused(lambda: moves.move_out(number, on, office(by)))
    say(f"nobody from the day after {on}", changed)


@bp.cli.command("move-in")
@NUMBER
@click.option("--on", required=True, callback=day, help="The first day of who moves in.")
@newcomer_options
@MOVED_BY
def move_in_command(number: str, on: date, name: str, email: str, phone: str, by: str) -> None:
    """Record that somebody moved into the empty premises NUMBER."""
    who = newcomer(name, email, phone)
    changed = done_or_refused(lambda: moves.move_in(number, on, who, office(by)))
    say(f"{name} from {on}", changed)


@bp.cli.command("correct-move")
@NUMBER
@click.option("--was", required=True, callback=day, help="The day that was recorded.")
@click.option("--on", required=True, callback=day, help="The day on which it happened.")
@MOVED_BY
def correct_move_command(number: str, was: date, on: date, by: str) -> None:
    """Change the day of a move at the premises NUMBER, and with it what links show.

    WAS is the last day of who moved out, with which the first day of who came right after changes
    too; or the first day of who moved into an empty home.
    """
    changed = done_or_refused(lambda: moves.correct(number, was, on, office(by)))
    say(f"{was} is {on} now", changed)
