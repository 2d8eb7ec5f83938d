"""`flask privacy breach …`: from the first suspicion to the last notice."""

import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app

from app import clock
from app.accounts.models import Account
from app.audit import trail
from app.db import writing
from app.forms import joined
from app.privacy import breach, breach_notice, breach_report
from app.privacy.breach import IncidentError, Said, Scope, Window
from app.privacy.commands import BY, JSON, line
from app.privacy.models import Cause, Incident
from app.privacy.views import bp

REFERENCE = click.argument("reference")


@bp.cli.group("breach")
def group() -> None:
    """Leaks of people's data, and what may be one: who is concerned, notices, clock, report."""


def moment(context: click.Context, parameter: click.Parameter, value: str | None) -> datetime:
    """A moment; Seoul's time unless it has an offset. Nothing is now."""
    if value is None:
        return clock.now()
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter("write it like 2026-11-24T02:10") from None
    return found if found.tzinfo else found.replace(tzinfo=clock.SEOUL)


def optional(most: int) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    """As `line`, or nothing."""
    check = line(most)
    return lambda context, parameter, value: value and check(context, parameter, value)


def incident(reference: str) -> Incident:
    return done_or_refused(lambda: breach.find(joined(reference)))


def done_or_refused(act: Callable[[], Any]) -> Any:
    """What an act gives; exits 1 with the sentence of why it cannot be."""
    try:
        return act()
    except IncidentError as error:
        click.echo(str(error), err=True)
        sys.exit(1)


def noted(what: str, one: Incident, by: str) -> None:
    """A line in the audit log: who did what with an incident."""
    with writing():
        details = {"incident": one.reference}
        trail.record(trail.system(by), f"incident.{what}", now=clock.now(), details=details)


def number_of(email: str) -> int:
    account = Account.get_or_none(Account.email == email.lower())
    if account is None:
        raise click.BadParameter(f"{email} has no account", param_hint="--account")
    return int(account.id)


@group.command("open")
@click.option("--from", "begin", required=True, callback=moment, help="When it began.")
@click.option("--to", "end", callback=moment, help="When it ended; else now.")
@click.option("--known", callback=moment, help="When we came to know: 72 hours run; else now.")
@click.option("--table", "tables", multiple=True, required=True, help="Which tables were seen.")
@click.option("--office", "offices", multiple=True, help="Only premises of these offices (091).")
@click.option("--account", "emails", multiple=True, help="Only these accounts, by e-mail.")
@click.option("--cause", type=click.Choice([one.value for one in Cause]), default="unknown")
@click.option("--confirmed", is_flag=True, help="It is certain; else the notice says `may have`.")
@click.option("--how", default=breach.HOW["ko"], callback=line(400), help="In Korean.")
@click.option("--how-en", default=breach.HOW["en"], callback=line(400))
@click.option("--advice", default=breach.ADVICE["ko"], callback=line(400), help="In Korean.")
@click.option("--advice-en", default=breach.ADVICE["en"], callback=line(400))
@click.option("--measures", default=breach.MEASURES["ko"], callback=line(400), help="In Korean.")
@click.option("--measures-en", default=breach.MEASURES["en"], callback=line(400))
@BY
def open_command(
    begin: datetime, end: datetime, known: datetime, confirmed: bool, by: str, **given: Any
) -> None:
    """Open an incident; prints its reference, by which the other commands know it."""
    accounts = tuple(number_of(email) for email in given["emails"])
    scope = Scope(given["tables"], given["offices"], accounts)
    said = Said(
        **{
            name: {"ko": given[name], "en": given[f"{name}_en"]}
            for name in ("how", "advice", "measures")
        }
    )
    window, now = Window(begin, end, known), clock.now()
    cause = Cause(given["cause"])
    made: Incident = done_or_refused(
        lambda: breach.open_incident(window, cause, scope, said, by, now)
    )
    if confirmed:
        breach.confirm(made, now)
    noted("opened", made, by)
    click.echo(made.reference)
    click.echo(f"tell people by {breach_report.local(breach.deadline(made))}", err=True)


@group.command("affected")
@REFERENCE
@click.option("--csv", "file", type=click.Path(path_type=Path), help="Write the list there.")
@BY
def affected_command(reference: str, file: Path | None, by: str) -> None:
    """List whose data it concerns; may be repeated when more is known."""
    found, now = incident(reference), clock.now()
    count = breach.affected(found, now)
    noted("listed", found, by)
    if file:
        with file.open("x", encoding="utf-8", newline="") as target:
            file.chmod(0o600)
            target.writelines(breach_report.table(found, now))
    click.echo(f"persons: {count}")


@group.command("confirm")
@REFERENCE
@BY
def confirm_command(reference: str, by: str) -> None:
    """It is certain now: `notify` tells everybody again, with what is known."""
    found = incident(reference)
    breach.confirm(found, clock.now())
    noted("confirmed", found, by)
    click.echo("confirmed; run notify")


@group.command("notify")
@REFERENCE
@click.option("--dry-run", is_flag=True, help="Only count.")
@BY
def notify_command(reference: str, dry_run: bool, by: str) -> None:
    """Queue a notice for each person of the list, once; run it again for mails that failed.

    It may be killed and started again: nobody is told twice.
    """
    found, now = incident(reference), clock.now()
    if found.listed_at is None:
        done_or_refused(lambda: refuse("List the persons first (affected)."))
    if not dry_run:
        for _count in breach_notice.notify(found, current_app.config["SECRET_KEY"], now):
            pass
        noted("notified", found, by)
    counts = breach_report.counts(found)
    told = f"by mail: {counts['mail']}, by letter: {counts['letter']}"
    click.echo(f"{told}, no contact: {counts['none']}, to be told: {counts['']}")
    if counts["none"]:
        click.echo("some cannot be reached: put up the site notice for 30 days", err=True)


def refuse(sentence: str) -> None:
    raise IncidentError(sentence)


@group.command("report")
@REFERENCE
@click.option("--anyway", is_flag=True, help="Also when no report is needed.")
@click.option("--sent", "by", callback=optional(60), help="Note that it was sent, and by whom.")
def report_command(reference: str, anyway: bool, by: str | None) -> None:
    """Print the draft of the report to the commission (Markdown, Korean).

    It is needed from 1,000 persons on, for sensitive data, and after an intrusion.
    """
    found, now = incident(reference), clock.now()
    if by:
        with writing():
            Incident.update(reported_at=now).where(Incident.id == found.id).execute()
        noted("reported", found, by)
        click.echo("noted as reported")
        return
    reasons = breach.reasons_to_report(found, breach_report.counts(found).total())
    if not reasons and not anyway:
        click.echo("no report is needed (--anyway prints one)")
        return
    click.echo(breach_report.report(found, now), nl=False)


@group.command("site-notice")
@REFERENCE
def site_notice_command(reference: str) -> None:
    """Print the page for content/notices/ that stands for 30 days when contacts are unknown."""
    click.echo(breach_report.site_notice(incident(reference), clock.now()), nl=False)


@group.command("status")
@click.argument("reference", required=False)
@JSON
def status_command(reference: str | None, to_json: bool) -> None:
    """Where an incident stands, or all that are open. Exits 1 when something is late."""
    now = clock.now()
    chosen = [incident(reference)] if reference else breach.open_ones()
    found = [breach_report.status(one, now) for one in chosen]
    if to_json:
        click.echo(json.dumps(found[0] if reference else found, ensure_ascii=False))
    else:
        for one in found:
            for name, value in one.items():
                click.echo(f"{name:18} {value}")
            click.echo()
        click.echo(f"incidents: {len(found)}")
    sys.exit(1 if any(one["late"] for one in found) else 0)


@group.command("close")
@REFERENCE
@BY
def close_command(reference: str, by: str) -> None:
    """All is done: the record is destroyed three years later."""
    found = incident(reference)
    with writing():
        Incident.update(closed_at=clock.now()).where(Incident.id == found.id).execute()
    noted("closed", found, by)
    click.echo("closed")
