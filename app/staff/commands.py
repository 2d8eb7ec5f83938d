"""`flask staff …`: the first administrators; everything else happens on the staff's pages."""

import sys

import click

from app import clock
from app.audit import trail
from app.db import writing
from app.staff import team
from app.staff.approvals import ApprovalError
from app.staff.models import ALL_OFFICES
from app.staff.views import bp

bp.cli.help = "Members of staff."
ENOUGH = 2


@bp.cli.command("first-admin")
@click.argument("email")
@click.argument("name")
@click.option("--by", required=True, help="Who runs this, for the record.")
def first_admin_command(email: str, name: str, by: str) -> None:
    """Invite an administrator by mail, while there are fewer than two.

    Roles need two persons: one proposes, another approves. So the first two come from here, and
    then this command refuses. Exits 1 when it does.
    """
    who, now = trail.system(by), clock.now()
    try:
        with writing():
            if team.administrators() >= ENOUGH:
                raise ApprovalError("There are two administrators: invite on the staff's pages.")
            member = team.invite(email, name, "", "", who, now)
            team.grant(member, "administrator", ALL_OFFICES, f"command: {by}", now)
            details = {"member": member.reference, "role": "administrator"}
            trail.record(who, "team.first_admin", now=now, details=details)
    except ApprovalError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    click.echo(f"invited: {member.email}; the link in the mail holds for 48 hours")
