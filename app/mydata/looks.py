"""Who looked: what staff did with somebody's data, from the audit log, without staff's names."""

import json
from datetime import date, datetime
from typing import NamedTuple

from app import words
from app.accounts.models import Account
from app.audit.words import action
from app.bills.seen import VIEWER
from app.db import as_instant, rows
from app.homes import models
from app.language import _
from app.mydata.values import Row, Word
from app.staff.models import Grant
from app.staff.roles import roles
from app.supply.offices import offices

COLUMNS = "id, at, actor_id, office, action, details"
OF_ACCOUNT = f"""
SELECT {COLUMNS} FROM audit WHERE account_id = ? AND actor_kind = 'staff'
"""  # noqa: S608 texts of ours
OF_PREMISES = f"""
SELECT {COLUMNS} FROM audit WHERE premises_id = ? AND account_id IS NULL AND actor_kind = 'staff'
"""  # noqa: S608 texts of ours


class Look(NamedTuple):
    """What somebody of an office did; their role, and why where that was asked."""

    id: int
    at: datetime
    member_id: int | None
    office: str
    action: str
    reason: str

    @property
    def role(self) -> str:
        """The roles that the member had at that time; staff are not named."""
        mine = (Grant.member == self.member_id) & (Grant.granted_at <= self.at)
        mine &= Grant.ended_at.is_null() | (Grant.ended_at > self.at)
        held = {one.role for one in Grant.select().where(mine)}
        return ", ".join(role.name for code, role in roles().items() if code in held)


def looks(account: Account) -> list[Look]:
    """Every look at an account, and at its homes while they were seen by it; newest first."""
    found = [look(row) for row in rows(OF_ACCOUNT, (account.id,))]
    for link in models.mine(account):
        if link.role != VIEWER:
            seen = (look(row) for row in rows(OF_PREMISES, (link.premises_id,)))
            until = link.until_on or date.max
            found += [one for one in seen if link.since_on < words.local_day(one.at) <= until]
    return sorted(set(found), key=lambda one: one.id, reverse=True)


def look(row: tuple[int, str, int | None, str, str, str]) -> Look:
    number, at, member_id, office, what, details = row
    reason = json.loads(details).get("reason", "")
    return Look(number, as_instant(at), member_id, office, what, str(reason))


def office_name(code: str) -> str:
    """`중부수도사업소`; the headquarters where no single office was meant."""
    known = offices().get(code)
    return _("%(office)s수도사업소", office=known.shown) if known else _("본부")


def table(account: Account, now: datetime) -> list[Row]:
    return [
        {
            "at": one.at,
            "office": Word(one.office or "headquarters", office_name(one.office)),
            "role": one.role or None,
            "action": Word(one.action, action(one.action)),
            "reason": one.reason or None,
        }
        for one in looks(account)
    ]
