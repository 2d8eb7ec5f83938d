"""Moving: the day ends what one sees and begins what the next one does (S-04)."""

from datetime import date

import pytest

from app import clock
from app.bills.seen import seen_by
from app.homes import links
from app.homes.links import Wish
from app.homes.models import HomeEvent
from app.supply.models import Home, Occupancy
from app.supply.tenancies import of as tenancies_of
from tests import make
from tests.homes.conftest import NUMBER, by_paper, queued
from tests.homes.test_contact import by_contact, enter, last_code

LAST = "2026-10-29"


def move(runner, *more, on=LAST, name="새사람"):
    return runner.invoke(args=["homes", "move", NUMBER, "--on", on, "--name", name, *more])


def tenancies():
    chosen = Occupancy.select().where(Occupancy.role == "user").order_by(Occupancy.started_on)
    return [(one.name, one.started_on, one.ended_on) for one in chosen]


def test_a_move_ends_one_tenancy_and_begins_the_next(runner, place):
    answer = move(runner, "--email", "new@example.com", "--phone", "010-1234-5678")

    assert answer.exit_code == 0, answer.output
    assert tenancies() == [
        ("김보기", make.START, date(2026, 10, 29)),
        ("새사람", date(2026, 10, 30), None),
    ]
    new = Occupancy.get(Occupancy.name == "새사람")
    assert (new.email, new.phone) == ("new@example.com", "+821012345678")
    assert new.billing_address == place.road_address


def test_the_former_tenant_keeps_own_bills_and_sees_nothing_newer(sign_in, runner, bill):
    old = sign_in(make.account())
    by_contact(old)
    enter(old, last_code())
    move(runner)
    make.bill(premises=bill.premises, month="2027-01", from_on=date(2026, 10, 29), code="2" * 10)
    make.daily_use(premises=bill.premises, day=date(2026, 10, 29), litres=11_111)
    make.daily_use(premises=bill.premises, day=date(2026, 10, 30), litres=22_222)

    home = Home.get().reference
    assert [one.month for one in seen_by(old.account)] == ["2026-11"]
    assert old.get(f"/bills/{home}/2026-11").status_code == 200
    assert old.get(f"/bills/{home}/2027-01").status_code == 404
    table = old.get(f"/patterns/{home}.csv").text
    assert ("11111" in table, "22222" in table) == (True, False)
    made = old.submit(f"/bills/{home}/2026-11", f"/documents/bills/{home}/2026-11")
    assert old.get(made.location).status_code == 200


def test_the_new_tenant_sees_nothing_older(sign_in, runner, bill):
    move(runner, "--email", "new@example.com")
    make.bill(premises=bill.premises, month="2027-01", from_on=date(2026, 10, 29), code="2" * 10)
    make.daily_use(premises=bill.premises, day=date(2026, 10, 29), litres=11_111)
    make.daily_use(premises=bill.premises, day=date(2026, 10, 30), litres=22_222)
    new = sign_in(make.account())
    by_contact(new, name="새사람")
    enter(new, last_code())

    home = Home.get().reference
    assert [one.month for one in seen_by(new.account)] == ["2027-01"]
    assert new.get(f"/bills/{home}/2026-11").status_code == 404
    table = new.get(f"/patterns/{home}.csv").text
    assert ("11111" in table, "22222" in table) == (False, True)
    page = new.get("/documents/").text
    assert "2026년 11월" not in page


def test_with_the_old_paper_the_new_tenant_gets_only_the_old_time(sign_in, runner, bill):
    """Whoever holds a paper sees the time of that paper, never more."""
    make.bill(premises=bill.premises, month="2026-09", code="SDPZDS2345")
    move(runner)
    make.bill(premises=bill.premises, month="2027-01", from_on=date(2026, 10, 29))
    new = sign_in(make.account())
    by_paper(new, code="SDPZDS2345")

    assert [one.month for one in seen_by(new.account)] == ["2026-11", "2026-09"]


@pytest.mark.parametrize("role", ["holder", "payer", "viewer"])
def test_every_link_of_the_tenancy_ends_and_its_person_is_told(runner, place, role):
    account = make.account(email="old@example.com")
    make.home(account=account, premises=place, role=role, name="살던 집")

    move(runner, "--by", "김담당")

    assert Home.get().until_on == date(2026, 10, 29)
    event = HomeEvent.get()
    assert (event.what, event.actor, event.account) == ("moved_out", "김담당", account)
    (told,) = queued()
    assert told[:3] == ("home_moved", "mail", "old@example.com")
    assert (told[3]["home"], told[3]["last"]) == ("살던 집", "2026. 10. 29.")


def test_while_a_move_is_recorded_no_link_is_made_to_what_was_before(app, runner, place):
    before = tenancies_of(place.id)[0]
    move(runner)

    with app.app_context():
        wish = Wish("payer", 1, "우리집", "test", "bill 2026-11/0")
        assert links.link(make.account(), before, wish, clock.now()) is None

    assert Home.select().count() == 0


def test_the_owners_link_and_links_of_other_times_stay(runner, place):
    owner = make.home(premises=place, tenancy="owner")
    older = make.home(premises=place, until_on=date(2024, 1, 1))
    move(runner)

    ends = dict(Home.select(Home.id, Home.until_on).tuples())
    assert ends == {owner.id: None, older.id: date(2024, 1, 1)}
    assert queued() == []


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("2026-11-21", "has not come yet"),
        ("2026-08-29", "is before the present tenancy began (2026-08-30)"),
        ("2026-03-01", "lies within a tenancy that ended on 2026-08-29"),
        ("2023-01-01", "is before the present tenancy began"),
    ],
)
def test_a_move_that_cannot_have_been_is_refused_with_a_sentence(runner, former, on, said):
    before = tenancies()
    make.home(premises=former.premises)

    answer = move(runner, on=on)

    assert answer.exit_code == 1
    assert said in answer.output
    assert tenancies() == before
    assert (Home.get().until_on, HomeEvent.select().count()) == (None, 0)


def test_the_day_is_that_of_seoul(runner, place, clock_at):
    clock_at("2026-11-20 23:30+00:00")  # the 21st in Seoul

    assert move(runner, on="2026-11-21").exit_code == 0


def test_the_same_move_is_not_recorded_twice(runner, place):
    move(runner)
    before = tenancies()

    assert move(runner).exit_code == 1
    assert tenancies() == before


def test_an_empty_home_is_moved_into(runner, place):
    Occupancy.update(ended_on=date(2026, 9, 30)).where(Occupancy.role == "user").execute()

    assert move(runner, on="2026-09-29").exit_code == 1
    assert move(runner).exit_code == 0
    assert tenancies()[-1] == ("새사람", date(2026, 10, 30), None)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["999999999", "--on", LAST, "--name", "새사람"], 1),
        ([NUMBER, "--on", "29.10.2026", "--name", "새사람"], 2),
        ([NUMBER, "--on", LAST, "--name", ""], 2),
        ([NUMBER, "--on", LAST, "--name", "새\n사람"], 2),
        ([NUMBER, "--on", LAST], 2),
    ],
)
def test_what_the_command_cannot_use_is_told_by_its_exit_code(runner, place, arguments, code):
    assert runner.invoke(args=["homes", "move", *arguments]).exit_code == code
    assert len(tenancies()) == 1


def test_after_two_moves_each_tenant_has_an_own_time(sign_in, runner, place, clock_at):
    first, second = sign_in(make.account()), sign_in(make.account())
    make.bill(
        premises=place, month="2026-07", code="A" * 10,
        to_on=date(2026, 6, 20), issued_on=date(2026, 6, 25),
    )  # fmt: skip
    move(runner, on="2026-06-28", name="둘째")
    make.bill(
        premises=place, month="2026-09", code="B" * 10,
        from_on=date(2026, 6, 28), to_on=date(2026, 8, 20), issued_on=date(2026, 8, 25),
    )  # fmt: skip
    by_paper(first, code="A" * 10)
    by_paper(second, code="B" * 10)
    move(runner, on="2026-08-28", name="셋째")
    make.bill(premises=place, month="2026-11", code="C" * 10, from_on=date(2026, 8, 28))

    assert [one.month for one in seen_by(first.account)] == ["2026-07"]
    assert [one.month for one in seen_by(second.account)] == ["2026-09"]
