"""`flask push key`."""

import click

from app.push import vapid
from app.push.views import bp

bp.cli.help = "Notifications in browsers."


@bp.cli.command("key")
def key_command() -> None:
    """Print a new private key for WATER_VAPID_KEY. With another key all browsers must subscribe
    anew.
    """
    click.echo(vapid.new_key())
