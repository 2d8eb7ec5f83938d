"""`flask texts balance`."""

import click
from flask import current_app

from app import clock
from app.texts import settings
from app.texts.provider import ProviderError, open_provider
from app.texts.reports import READ_SECONDS
from app.texts.views import bp

bp.cli.help = "Text messages."


@bp.cli.command("balance")
def balance_command() -> None:
    """Print how many won are left in the provider's account; shows whether its settings are right.

    Exits 1 when the provider cannot be asked.
    """
    if not settings.is_on(current_app.config):
        raise click.UsageError("Text messages are switched off: WATER_SMS_URL is empty.")
    provider = open_provider(current_app.config, READ_SECONDS)
    try:
        click.echo(provider.balance(clock.now()))
    except ProviderError as error:
        raise click.ClickException(f"The provider cannot be asked: {error}") from error
    finally:
        provider.close()
