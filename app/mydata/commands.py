"""`flask accounts close`: what the office does when somebody asks it to."""

import click
from flask import current_app

from app import clock
from app.accounts.commands import BY, found, note
from app.accounts.views import bp as accounts
from app.audit import trail
from app.audit.trail import About
from app.db import writing
from app.mydata.views import bp, forget_files
from app.privacy import leaving

__all__ = ["bp"]


@accounts.cli.command("close")
@click.argument("email")
@BY
@click.option("--yes", is_flag=True, help="Do not ask.")
def close_command(email: str, by: str, yes: bool) -> None:
    """Close the account of EMAIL for good, as its owner can: see `flask privacy register`.

    What the law wants is kept apart; bills and payments belong to the premises and stay. The
    person gets a mail.
    """
    account, now = found(email), clock.now()
    if not yes:
        click.confirm("The account cannot be brought back. Close it?", abort=True)
    if not leaving.leave(current_app.config, account.id, now):
        raise click.ClickException("It is closed already.")
    with writing():
        trail.record(trail.system(by), "account.closed", About(account.id), now=now)
    forget_files(now)
    note("account closed", account, by)
