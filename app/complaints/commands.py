"""`flask complaints due`: when something is due by law."""

from datetime import datetime

import click

from app.clock import SEOUL
from app.complaints import (  # noqa: F401 more views
    check_views,
    clock,
    kinds,
    photo_views,
    public_views,
    status_views,
    sweep,
    upload_views,
)
from app.complaints.views import bp

bp.cli.help = "Complaints and requests."


def moment(context: click.Context, parameter: click.Parameter, value: str) -> datetime:
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter("write the moment like 2026-03-06T16:00") from None
    return found if found.tzinfo else found.replace(tzinfo=SEOUL)


def legal_period(context: click.Context, parameter: click.Parameter, value: str) -> clock.Period:
    try:
        return clock.period(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@bp.cli.command("due")
@click.option(
    "--received", required=True, callback=moment, help="In Seoul unless it has an offset."
)
@click.option("--period", required=True, callback=legal_period, help="3h, 3d, 7d, 14d …")
def due_command(received: datetime, period: clock.Period) -> None:
    """Print the legal due moment of something RECEIVED that has a PERIOD."""
    found = clock.due(received, period)
    click.echo(found.isoformat(timespec="seconds") if found else "")


@bp.cli.command("kinds")
def kinds_command() -> None:
    """Print the kinds of complaints; exit 1 and say what is wrong when a file cannot be read."""
    try:
        known = kinds.types()
    except kinds.WrongTypeError as error:
        raise click.ClickException(str(error)) from error
    for one in known.values():
        click.echo(f"{one.code:<14} {clock.written(one.period):<4} {one.name}")
