"""`flask accounts disable` and `enable`: what an operator does at somebody's request."""

import click

from app import clock
from app.accounts.models import Account, Session
from app.accounts.views import bp
from app.db import writing
from app.observe import log

bp.cli.help = "Accounts of customers."
BY = click.option("--by", required=True, help="Who does it; goes into the log.")


def found(email: str) -> Account:
    """The account of an address; exits with a sentence when there is none."""
    mine = (Account.email == email.lower()) & Account.closed_at.is_null()
    account = Account.get_or_none(mine)
    if account is None:
        raise click.ClickException("No account has this address.")
    return account


def note(what: str, account: Account, by: str) -> None:
    log.warning(what, extra={"fields": {"account": account.id, "by": by}})


@bp.cli.command("disable")
@click.argument("email")
@BY
def disable_command(email: str, by: str) -> None:
    """Let nobody use the account of EMAIL: all its sessions end at once."""
    account, now = found(email), clock.now()
    with writing():
        Account.update(disabled_at=now).where(Account.id == account.id).execute()
        Session.end_all(account, now)
    note("account disabled", account, by)


@bp.cli.command("enable")
@click.argument("email")
@BY
def enable_command(email: str, by: str) -> None:
    """Let the account of EMAIL be used again."""
    account = found(email)
    with writing():
        Account.update(disabled_at=None).where(Account.id == account.id).execute()
    note("account enabled", account, by)
