"""`flask reminders queue` and `refuse`."""

import sys

import click

from app import clock, phones
from app.reminders import mails, news
from app.reminders.views import bp

bp.cli.help = "Messages that customers have chosen."


@bp.cli.command("queue")
def queue_command() -> None:
    """Queue the messages about new and due bills; the worker does this every hour, by day."""
    click.echo(f"queued: {sum(mails.queue_due(clock.now()))}")


@bp.cli.command("refuse")
@click.argument("numbers", nargs=-1)
def refuse_command(numbers: tuple[str, ...]) -> None:
    """End advertising by text for NUMBERS, or for those on standard input, one a line: those who
    called the toll-free number. They are told the result by mail.

    Exits 1 when one of them is no number.
    """
    given = numbers or tuple(line.strip() for line in sys.stdin if line.strip())
    ended, wrong, now = 0, [], clock.now()
    for text in given:
        if number := phones.stored(text):
            ended += news.refuse(number, now)
        else:
            wrong.append(text)
    click.echo(f"ended: {ended}")
    for text in wrong:
        click.echo(f"not a number: {text[-4:].rjust(len(text), '*')}", err=True)
    sys.exit(1 if wrong else 0)
