"""Whose data an incident concerns: by table, time window, office and account (S-58)."""

from datetime import date

import pytest

from app.privacy import breach
from app.privacy.breach import IncidentError
from app.privacy.models import Cause
from app.privacy.register import blocks
from tests import make
from tests.privacy.incidents import DAY, NOW, again, opened, people

SINCE = date(2025, 1, 10)


def affected(incident):
    breach.affected(incident, NOW)
    return set(people(incident))


def of(account):
    return f"account {account.id}"


def user(occupancy):
    return f"{occupancy.role} {occupancy.premises_id} {occupancy.started_on}"


def test_accounts_that_were_there_before_its_end_are_concerned(db):
    before = make.account(created_at=NOW - DAY)
    make.account(created_at=NOW - DAY / 2)

    assert affected(opened("accounts")) == {of(before)}


def test_only_accounts_with_something_in_the_table_are_concerned(db):
    passkey = make.passkey(created_at=NOW - 9 * DAY)
    make.passkey(created_at=NOW)
    make.account()

    assert affected(opened("passkeys")) == {of(passkey.account)}


def test_accounts_that_were_closed_since_are_concerned_but_not_those_closed_before(db):
    since = make.account(closed_at=NOW - DAY)
    make.account(closed_at=NOW - 3 * DAY)

    assert affected(opened("accounts")) == {of(since)}


def test_several_tables_concern_each_person_once(db):
    account = make.account()
    make.passkey(account=account)
    make.consent(account=account)

    assert affected(opened("accounts", "passkeys", "consents")) == {of(account)}


def test_of_some_accounts_only_these_are_concerned(db):
    one, _other = make.account(), make.account()

    assert affected(opened("accounts", accounts=[one.id])) == {of(one)}


def test_of_an_office_only_people_with_a_home_there_are_concerned(db):
    here, there = make.premises(office="091"), make.premises(office="100")
    mine, _other = make.home(premises=here), make.home(premises=there)
    living, elsewhere = make.occupancy(premises=here), make.occupancy(premises=there)

    assert affected(opened("accounts", offices=["091"])) == {of(mine.account)}
    assert affected(opened("occupancies", offices=["091"])) == {user(living)}
    assert affected(opened("occupancies")) == {user(living), user(elsewhere)}


def test_bills_concern_who_lived_there_in_their_time(db):
    place = make.premises()
    old = make.occupancy(premises=place, ended_on=date(2026, 8, 31))
    new = make.occupancy(premises=place, started_on=date(2026, 9, 1))
    owner = make.occupancy(premises=place, role="owner")
    other = make.occupancy()
    make.bill(premises=place, month="2026-09")

    found = affected(opened("bills"))

    assert found == {user(new), user(owner)}
    assert not {user(old), user(other)} & found


def test_who_moved_in_after_its_end_is_not_concerned(db):
    place = make.premises()
    make.occupancy(premises=place, started_on=NOW.date())

    assert affected(opened("premises", "occupancies")) == set()


@pytest.mark.parametrize("table", [b.table for b in blocks().values() if b.person or b.premises])
def test_people_can_be_found_for_every_table_that_leads_to_them(db, table):
    assert affected(opened(table)) == set()


@pytest.mark.parametrize("table", ["limits", "signups", "nothing"])
def test_a_table_that_leads_to_nobody_is_refused(db, table):
    with pytest.raises(IncidentError, match="leads to nobody"):
        opened(table)


def test_what_cannot_be_is_refused(db):
    with pytest.raises(IncidentError, match="began"):
        opened("accounts", begin=NOW, end=NOW - DAY)
    with pytest.raises(IncidentError, match="future"):
        opened("accounts", end=NOW + DAY)
    with pytest.raises(IncidentError, match="future"):
        opened("accounts", known=NOW + DAY)
    with pytest.raises(IncidentError, match="of homes, not of accounts"):
        opened("bills", accounts=[1])


def test_who_is_listed_stays_and_who_is_found_later_is_added(db):
    first, incident = make.account(), opened("accounts")
    affected(incident)
    second = make.account()

    assert affected(incident) == {of(first), of(second)}
    assert again(incident).listed_at == NOW


@pytest.mark.parametrize(
    ("count", "tables", "cause", "reasons"),
    [
        (999, ["accounts"], Cause.MISTAKE, 0),
        (1000, ["accounts"], Cause.MISTAKE, 1),
        (1, ["reductions"], Cause.LOSS, 1),
        (1, ["accounts"], Cause.INTRUSION, 1),
        (1000, ["reductions", "accounts"], Cause.INTRUSION, 3),
    ],
)
def test_the_commission_is_told_of_many_of_what_is_sensitive_and_of_intrusions(
    db, count, tables, cause, reasons
):
    assert len(breach.reasons_to_report(opened(*tables, cause=cause), count)) == reasons
