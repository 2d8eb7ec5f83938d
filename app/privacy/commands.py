"""`flask privacy …`: destroying in time, and people's requests; breach_commands adds the rest."""

import json
import sys
from collections.abc import Callable
from typing import Any

import click
from flask import current_app

from app import clock
from app.audit.trail import system
from app.forms import joined
from app.privacy import register, retention, rights
from app.privacy.models import ANSWERS, Decision, waiting
from app.privacy.rules import Gone
from app.privacy.views import bp
from app.signs import has_odd_signs

JSON = click.option("--json", "to_json", is_flag=True, help="Print JSON.")


def line(most: int) -> Callable[[click.Context, click.Parameter, str], str]:
    """A line of text that is not longer than what is stored of it."""

    def check(context: click.Context, parameter: click.Parameter, value: str) -> str:
        if has_odd_signs(value) or len(value) > most:
            raise click.BadParameter(f"write one line of at most {most} signs")
        return value.strip()

    return check


BY = click.option("--by", required=True, callback=line(60), help="Who does it, for the record.")


def told(gone: Gone) -> dict[str, Any]:
    return {
        "what": gone.what,
        "rule": gone.rule,
        "count": gone.count,
        "from": gone.first and gone.first.isoformat(),
        "to": gone.last and gone.last.isoformat(),
    }


@bp.cli.command("retain")
@click.option("--dry-run", is_flag=True, help="Only count what would be destroyed.")
@JSON
def retain_command(dry_run: bool, to_json: bool) -> None:
    """Destroy what the register wants gone by now; the worker does this every six hours.

    Exits 1 when a rule failed: the log says which; the others were carried out.
    """
    done = retention.retain(current_app.config, clock.now(), dry_run)
    if to_json:
        click.echo(json.dumps([told(gone) for gone in done], ensure_ascii=False))
    else:
        for gone in done:
            if gone.count:
                span = f"  ({gone.first} – {gone.last})" if gone.first else ""
                click.echo(f"{gone.count:8}  {gone.what}: {gone.rule}{span}")
        total = sum(gone.count for gone in done)
        click.echo(f"{'would be destroyed' if dry_run else 'destroyed'}: {total}")
    sys.exit(1 if any(gone.failed for gone in done) else 0)


@bp.cli.command("register")
def register_command() -> None:
    """Compare the register of data items with the tables; exits 1 when they differ."""
    found = register.gaps(register.models(), register.blocks())
    for sentence in found:
        click.echo(sentence, err=True)
    click.echo(f"{len(register.blocks())} tables, problems: {len(found)}")
    sys.exit(1 if found else 0)


@bp.cli.command("requests")
@JSON
def requests_command(to_json: bool) -> None:
    """Print the requests that wait for an answer, those first that are due first.

    Exits 1 when one of them is late.
    """
    found = waiting(clock.today())
    if to_json:
        click.echo(
            json.dumps(
                [
                    {
                        **one._asdict(),
                        "asked_at": one.asked_at.isoformat(),
                        "due_on": one.due_on.isoformat(),
                    }
                    for one in found
                ],
                ensure_ascii=False,
            )
        )
    else:
        for one in found:
            head = f"{one.reference}  due {one.due_on} ({one.days_left:+} days)  {one.kind.value}"
            click.echo(f"{head}  {one.name} <{one.email}>")
            click.echo(f"    {' '.join(one.about.split())}")
        click.echo(f"{len(found)} waiting")
    sys.exit(1 if any(one.days_left < 0 for one in found) else 0)


@bp.cli.command("answer")
@click.argument("reference")
@click.option("--decision", required=True, type=click.Choice([one.value for one in ANSWERS]))
@click.option("--answer", "text", default="", callback=line(1000), help="What the person is told.")
@BY
def answer_command(reference: str, decision: str, text: str, by: str) -> None:
    """Answer the request REFERENCE; its person gets a mail."""
    try:
        rights.answer(joined(reference), Decision(decision), text, system(by), clock.now())
    except rights.AnswerError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    click.echo("answered; the person is told")
