"""A move that the office records late: each link gets the time that its proof is of (S-04)."""

from datetime import date

import pytest

from app import clock
from app.bills.seen import seen_by
from app.homes.models import HomeEvent, What
from app.supply.models import Home
from tests import make
from tests.homes.conftest import NUMBER, by_contact, by_paper, last_code, queued
from tests.homes.test_contact import enter
from tests.markup import Page

LAST = date(2026, 8, 28)
OLD, FINAL, NEW = "SDPZDS2345", "FNA2FNA222", "7K2MQ9XD4F"


@pytest.fixture
def bills(place):
    """Bills before 28 June, until 28 August (it came after that), and until 29 October."""
    make.bill(premises=place, month="2026-07", code=OLD)
    make.bill(premises=place, month="2026-09", code=FINAL, to_on=LAST)
    make.bill(premises=place, month="2026-11", code=NEW, from_on=LAST)
    for day, litres in ((LAST, 11_111), (date(2026, 8, 29), 22_222)):
        make.daily_use(premises=place, day=day, litres=litres)
    return place


@pytest.fixture
def link(sign_in):
    """link(code) is the client of somebody who linked with a bill before the move was recorded."""

    def start(code, **values):
        client = sign_in(make.account(**values))
        assert by_paper(client, code=code).status_code == 303
        return client

    return start


def move(runner, on=LAST):
    answer = runner.invoke(args=["homes", "move", NUMBER, "--on", f"{on}", "--name", "새사람"])
    assert answer.exit_code == 0, answer.output
    return answer.output


def months(client):
    return [one.month for one in seen_by(client.account)]


def home_of(client):
    return Home.get(Home.account == client.account)


def shown(client):
    """The bills that open, the days in the file, and the documents that are made of bills."""
    home = home_of(client).reference
    form = Page(client.get(f"/homes/{home}/ending").text).form(f"/homes/{home}/ending")
    all_months = ("2026-07", "2026-09", "2026-11")
    opened = [one for one in all_months if client.get(f"/bills/{home}/{one}").status_code == 200]
    made = [
        one
        for one in all_months
        if client.post(f"/documents/bills/{home}/{one}", data=form).status_code == 303
    ]
    table = client.get(f"/patterns/{home}.csv").text
    assert opened == made == months(client)[::-1]
    return opened, ("11111" in table, "22222" in table)


def test_who_linked_with_an_own_bill_before_the_move_was_recorded_keeps_it(runner, bills, link):
    new = link(NEW)
    assert len(months(new)) == 3

    move(runner)

    assert shown(new) == (["2026-11"], (False, True))
    assert (home_of(new).since_on, home_of(new).until_on) == (LAST, None)
    told = queued("home_timed")[-1]
    assert (told[2], told[3]["time"]) == (new.account.email, "2026. 8. 29.부터")


def test_who_lived_there_before_keeps_the_time_before(runner, bills, link):
    old = link(OLD)

    move(runner)

    assert shown(old) == (["2026-07", "2026-09"], (True, False))
    assert (home_of(old).until_on, len(queued("home_moved"))) == (LAST, 1)


def test_a_bill_that_came_after_the_move_does_not_tell_whose_link_it_is(runner, bills, link):
    """The final bill of who left: it lay in the letter box of who lives there now."""
    client = link(FINAL)
    reference = home_of(client).reference

    assert "ended: 1" in move(runner)

    assert (Home.select().count(), months(client)) == (0, [])
    assert client.get(f"/bills/{reference}/2026-11").status_code == 404
    told = queued("home_again")[-1]
    assert (told[2], told[3]["link"][-10:]) == (client.account.email, "/homes/new")
    assert HomeEvent.select().where(HomeEvent.what == What.ENDED).count() == 1
    assert by_paper(client, code=NEW).status_code == 303
    assert months(client) == ["2026-11"]


def test_a_bill_over_the_move_does_not_tell_either(runner, bills, link):
    client = link(NEW)

    move(runner, on=date(2026, 9, 10))

    assert (Home.select().count(), months(client)) == (0, [])


@pytest.mark.parametrize(
    ("made", "until"), [("2026-08-28 10:00", LAST), ("2026-08-29 00:10", None)]
)
def test_without_a_record_of_the_proof_the_day_of_the_link_counts(
    runner, bills, clock_at, made, until
):
    """Days are those of Seoul."""
    home = make.home(premises=bills, since_on=make.START, role="payer")
    clock_at(made)
    make.home_event(account=home.account, premises=bills, at=clock.now())
    clock_at("2026-11-20 10:30")

    move(runner)

    assert [one.until_on for one in Home.select()] == ([until] if until else [])
    assert len(queued("home_again")) == (0 if until else 1)


def test_a_code_to_the_contact_follows_its_tenant(runner, bills, sign_in):
    """Whoever got it is the one on file, whenever that was."""
    old = sign_in(make.account())
    by_contact(old)
    enter(old, last_code())

    move(runner)

    assert months(old) == ["2026-09", "2026-07"]


@pytest.mark.parametrize(
    ("since", "window"), [("2026-08-28", ("s", LAST)), ("2026-08-29", (LAST, None))]
)
def test_a_day_that_the_office_knows_tells_whose_link_it_is(runner, bills, since, window):
    wish = make.home_request()
    given = ["--premises", NUMBER, "--role", "payer", "--since", since, "--by", "가" * 30]
    assert runner.invoke(args=["homes", "grant", wish.reference, *given]).exit_code == 0

    move(runner)

    home = Home.get()
    assert home.until_on == window[1]
    assert (home.since_on == LAST) == (window[0] == LAST)


def test_links_of_the_owner_stay_whatever_their_proof(runner, bills, sign_in):
    owner = sign_in(make.account())
    by_contact(owner, name="박주인")
    enter(owner, last_code())

    move(runner)

    assert home_of(owner).until_on is None
    assert len(months(owner)) == 3


def test_who_comes_into_a_time_that_they_have_a_link_to_has_one(runner, bills, link):
    """An account has one link to a tenancy."""
    client = link(NEW)
    other = make.home(account=client.account, premises=bills, since_on=LAST, tenancy="owner")

    move(runner)

    assert [home.id for home in Home.select()] == [other.id]


@pytest.fixture
def empty(runner, place):
    """김보기 left on 28 August, and nobody is known to have come."""
    assert runner.invoke(args=["homes", "move-out", NUMBER, "--on", f"{LAST}"]).exit_code == 0
    return place


def move_in(runner, on):
    more = ["--on", on, "--name", "새사람"]
    assert runner.invoke(args=["homes", "move-in", NUMBER, *more]).exit_code == 0


def test_who_moved_into_an_empty_home_keeps_own_bills_when_that_is_recorded(runner, empty, sign_in):
    """Until then the time without a user is shown to who has its bills."""
    client = sign_in(make.account())
    make.bill(premises=empty, month="2026-10", from_on=LAST, to_on=date(2026, 9, 28), code=FINAL)
    make.bill(premises=empty, month="2026-11", from_on=date(2026, 9, 28), code=NEW)
    by_paper(client, code=NEW)
    assert months(client) == ["2026-11", "2026-10"]

    move_in(runner, "2026-09-29")

    assert months(client) == ["2026-11"]
    assert (home_of(client).since_on, home_of(client).until_on) == (date(2026, 9, 28), None)


@pytest.mark.parametrize(
    ("was", "on", "left"),
    [
        ("2026-10-01", "2026-10-01", ("2026-08-28", "2026-09-30")),
        ("2026-08-28", "2026-09-10", ("2026-09-10", "2026-09-30")),
        ("2026-10-01", "2026-08-29", None),
    ],
)
def test_a_link_to_a_time_without_a_user_lies_between_those_of_users(runner, empty, was, on, left):
    make.home(premises=empty, since_on=LAST)
    move_in(runner, "2026-10-01")

    assert runner.invoke(args=["homes", "correct-move", NUMBER, "--was", was, "--on", on])

    found = [(f"{home.since_on}", f"{home.until_on}") for home in Home.select()]
    assert found == ([left] if left else [])


def test_a_day_on_which_nobody_lived_there_after_all_opens_no_empty_time(runner, bills):
    wish = make.home_request()
    given = ["--premises", NUMBER, "--role", "payer", "--since", "2026-09-05", "--by", "김담당"]
    runner.invoke(args=["homes", "grant", wish.reference, *given])

    runner.invoke(args=["homes", "move-out", NUMBER, "--on", f"{LAST}"])

    assert Home.select().count() == 0
    assert len(queued("home_again")) == 1
