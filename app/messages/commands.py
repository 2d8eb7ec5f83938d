"""`flask worker`, and `flask messages …`: list, resend what failed, preview, print letters."""

import json
import sys
from datetime import timedelta
from typing import Any

import click
from flask import Blueprint, Flask, current_app
from flask.cli import with_appcontext

from app import clock, phones, references
from app.db import as_instant, instant, rows, writing
from app.messages import channels, kinds
from app.messages import smtp as smtp_  # noqa: F401 registers the channel of mails
from app.messages.kinds import Kind, Priority, register
from app.messages.leases import LONGEST_LEASE, masked
from app.messages.letters import print_all
from app.messages.models import Channel, State
from app.messages.outbox import queue
from app.messages.taken import shown as recipient_of

bp = Blueprint("messages", __name__)

TEST = register(
    Kind(
        "test",
        Priority.NORMAL,
        lifetime=timedelta(hours=4),
        channels=(Channel.MAIL, Channel.LETTER, Channel.SMS),
    )
)
LISTED = """
SELECT reference, kind, channel, state, recipient, attempts, created_at, problem FROM messages
WHERE (? = '' OR state = ?) ORDER BY id DESC LIMIT ?
"""
FAILED = """
SELECT reference, kind, channel, state, recipient, attempts, created_at, problem FROM messages
WHERE state = 'failed' ORDER BY id DESC LIMIT ?
"""
WAITING = """
SELECT channel, count(*), min(created_at) FROM messages
WHERE state = 'created' OR state = 'held' OR state = 'sending' OR state = 'unknown'
GROUP BY channel ORDER BY channel
"""
RESEND = """
UPDATE messages SET state = 'created', attempts = 0, run_after = ?, finished_at = NULL,
    problem = '', cause = ''
WHERE content <> '' AND expires_at > ?
"""
RESEND_ONE = RESEND + "AND reference = ? AND (state = 'failed' OR state = 'expired') RETURNING id"
RESEND_FAILED = RESEND + "AND state = 'failed' RETURNING id"


def this_app() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined]


def local(moment: object) -> str:
    return as_instant(moment).astimezone(clock.SEOUL).isoformat(" ", "seconds")


def shown(row: tuple[Any, ...]) -> dict[str, Any]:
    """A message as a person may see it: without what it says, the recipient masked."""
    reference, kind, channel, state, recipient, attempts, created_at, problem = row
    return {
        "reference": reference,
        "kind": kind,
        "state": state,
        "channel": channel,
        "to": masked(channel, recipient_of(recipient)),
        "tries": attempts,
        "queued": local(created_at),
        "problem": problem,
    }


def listed(state: str, limit: int) -> list[dict[str, Any]]:
    failed = state == State.FAILED
    found = rows(FAILED, (limit,)) if failed else rows(LISTED, (state, state, limit))
    return [shown(row) for row in found]


@click.command("worker")
@click.option("--once", is_flag=True, help="Send what is due, then end.")
@click.option("--lease", default=60.0, help="Seconds for a message, at most 600.")
@click.option(
    "--rest",
    default=1,
    type=click.IntRange(1, 32),
    help="Processes for single messages, and as many for those to very many.",
)
@with_appcontext
def worker_command(once: bool, lease: float, rest: int) -> None:
    """Send waiting messages until SIGTERM or Ctrl-C; what is in hand is finished."""
    from app.messages.worker import work  # nothing of it is needed to serve pages

    if not 0.5 <= lease <= LONGEST_LEASE.total_seconds():
        raise click.UsageError("A lease lasts half a second to ten minutes (--lease 600).")
    sys.exit(0 if work(this_app(), once, lease, rest) else 1)


@bp.cli.command("list")
@click.option("--state", type=click.Choice([state.value for state in State]))
@click.option("--limit", default=100, type=click.IntRange(1))
@click.option("--json", "to_json", is_flag=True, help="Print JSON lines.")
def list_command(state: str | None, limit: int, to_json: bool) -> None:
    """Messages, the newest first: reference, state, kind, recipient, tries, problem.

    Before them, on standard error, how many wait and since when.
    """
    for channel, count, oldest in rows(WAITING) or [(Channel.MAIL.value, 0, None)]:
        since = f", the oldest since {local(oldest)}" if count else ""
        click.echo(f"waiting ({channel}): {count}{since}", err=True)
    for one in listed(state or "", limit):
        if to_json:
            click.echo(json.dumps(one, ensure_ascii=False))
        else:
            click.echo("  ".join(str(one[name]) for name in one if one[name] != ""))


@bp.cli.command("resend")
@click.argument("wanted", nargs=-1)
@click.option("--all-failed", is_flag=True, help="Every failed message.")
def resend_command(wanted: tuple[str, ...], all_failed: bool) -> None:
    """Queue failed messages again, or expired ones that a wrong clock has ended too soon.

    Exits 1 when one of the references cannot be sent any more.
    """
    if all_failed == bool(wanted):
        raise click.UsageError("Give references, or --all-failed.")
    now = instant(clock.now())
    with writing():
        every = len(rows(RESEND_FAILED, (now, now))) if all_failed else 0
        left = [name for name in wanted if not rows(RESEND_ONE, (now, now, name))]
    click.echo(f"queued again: {every + len(wanted) - len(left)}")
    for name in left:
        click.echo(f"{name}: not a failed message, or too old to be sent", err=True)
    sys.exit(1 if left else 0)


@bp.cli.command("preview")
@click.argument("name")
@click.option("--lang", default="ko", type=click.Choice(["ko", "en"]))
@click.option("--html", is_flag=True, help="The HTML part of a mail.")
@click.option("--channel", default=Channel.MAIL.value, help="mail, sms or push")
def preview_command(name: str, lang: str, html: bool, channel: str) -> None:
    """Print what a kind of message looks like, with sample values.

    Exits 1 when something of it cannot be sent; that is told on standard error.
    """
    kind = kinds.find(name)
    if kind is None:
        raise click.UsageError(f"The kinds are: {', '.join(kinds.known())}.")
    if channel not in kind.channels or (way := channels.find(channel)) is None:
        raise click.UsageError(f"{name} goes by {', '.join(kind.channels)}.")
    text, problems = way.preview(this_app(), kind, lang, html)
    click.echo(text, nl=False)
    for problem in problems:
        click.echo(problem, err=True)
    sys.exit(1 if problems else 0)


@bp.cli.command("letters")
def letters_command() -> None:
    """Print the letters that wait, a page each, and note them as sent.

    Exits 1 when one of them cannot be made: it is listed as failed then.
    """

    def show(page: str) -> None:
        click.echo(page, nl=False)
        sys.stdout.flush()

    printed, failed = print_all(this_app(), show, clock.now)
    click.echo(f"letters: {printed}" + (f", failed: {failed}" if failed else ""), err=True)
    sys.exit(1 if failed else 0)


@bp.cli.command("test")
@click.argument("address")
@click.option("--lang", default="ko", type=click.Choice(["ko", "en"]))
def test_command(address: str, lang: str) -> None:
    """Queue a mail, or a text message, to ADDRESS that shows whether the settings are right."""
    now, number = clock.now(), phones.stored(address)
    channel = Channel.SMS if number else Channel.MAIL
    if not channels.is_on(channel, this_app()):
        raise click.UsageError("Text messages are switched off: WATER_SMS_URL is empty.")
    time = now.astimezone(clock.SEOUL).strftime("%Y-%m-%d %H:%M")
    with writing():
        queue(
            TEST, to=number or address, values={"time": time}, key=f"test:{references.new()}",
            language=lang, now=now, channel=channel,
        )  # fmt: skip
    click.echo("queued")


def init_app(app: Flask) -> None:
    app.cli.add_command(worker_command)
