"""`flask db backup` and `flask operations metrics`."""

import sys
from ipaddress import ip_address
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app import clock, migration
from app.operations import backup, metrics
from app.operations.views import bp

bp.cli.help = "For operators."


@migration.commands.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def backup_command(file: Path) -> None:
    """Copy the database to a new FILE and check the copy; pages go on meanwhile.

    FILE belongs on another disk. Exits 1 when there is no good copy.
    """
    config = current_app.config
    try:
        made = backup.backup(
            file.absolute(), Path(config["DATA_DIR"]), config["DATABASE_URL"], clock.now()
        )
    except backup.BackupError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    click.echo(f"{made.file}: {made.size} bytes, checked")


@bp.cli.command("metrics")
@click.option("--host", default="127.0.0.1", show_default=True, help="An address of this machine.")
@click.option("--port", default=9464, show_default=True, type=click.IntRange(1, 65535))
def metrics_command(host: str, port: int) -> None:
    """Give out figures for Prometheus at http://HOST:PORT/metrics, until it is stopped.

    They say how much waits and fails, nothing about persons. Refuses an address of all networks.
    """
    if ip_address(host).is_unspecified:
        raise click.UsageError("Name the one address that Prometheus comes to.")
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    click.echo(f"http://{host}:{port}/metrics")
    metrics.serve(app, host, port)
