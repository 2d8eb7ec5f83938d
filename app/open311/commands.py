"""`flask open311 …`: keys for programs that report problems."""

import sys

import click

from app import clock
from app.open311.models import ReportKey
from app.open311.views import bp

bp.cli.help = "Keys of programs that report problems (Open311 GeoReport v2)."


@bp.cli.command("add-key")
@click.argument("name")
@click.option("--contact", required=True, help="How to reach who is responsible.")
def add_key_command(name: str, contact: str) -> None:
    """Make a key for the program NAME and print it; it is not kept and not shown again."""
    made, key = ReportKey.issue(name[:100], contact[:200], clock.now())
    click.echo(f"{made.reference}  {made.name}", err=True)
    click.echo(key)


@bp.cli.command("keys")
def keys_command() -> None:
    """All keys: reference, name, contact, since when, until when."""
    for one in ReportKey.listed():
        until = f"revoked {one.revoked_at:%Y-%m-%d}" if one.revoked_at else "live"
        since = f"{one.created_at:%Y-%m-%d}"
        click.echo("  ".join((one.reference, one.name, one.contact, since, until)))


@bp.cli.command("revoke-key")
@click.argument("reference")
def revoke_key_command(reference: str) -> None:
    """Take a key back at once. Exits 1 when there is no live one of that reference."""
    if not ReportKey.revoke(reference, clock.now()):
        click.echo("There is no live key of that reference.", err=True)
        sys.exit(1)
