"""`flask reminders queue`."""

import click

from app import clock
from app.reminders import mails
from app.reminders.views import bp

bp.cli.help = "Mails that customers have chosen."


@bp.cli.command("queue")
def queue_command() -> None:
    """Queue the mails about new and due bills; the worker does this every hour, by day."""
    click.echo(f"queued: {sum(mails.queue_due(clock.now()))}")
