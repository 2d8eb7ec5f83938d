"""Moving out, moving in, and mending a wrong day: tenancies, and what each link shows then."""

from datetime import date

import pytest

from app.bills.seen import seen_by
from app.homes.models import HomeEvent
from app.supply.models import Home, Occupancy
from app.supply.tenancies import of as tenancies_of
from tests import make
from tests.homes.conftest import CODE, NUMBER, by_contact, by_paper, last_code, queued
from tests.homes.test_contact import enter

LAST = "2026-10-29"


@pytest.fixture
def flask(runner):
    """flask("move-out", "--on", …) is the exit code and what was said."""

    def run(command, *more):
        answer = runner.invoke(args=["homes", command, NUMBER, *more])
        return answer.exit_code, answer.output

    return run


@pytest.fixture
def moved(place, flask, sign_in):
    """김보기 left on 29 October and 새사람 came; both are linked by their contact."""
    old, new = sign_in(make.account()), sign_in(make.account())
    by_contact(old)
    enter(old, last_code())
    who = ("--name", "새사람", "--email", "new@example.com")
    assert flask("move", "--on", LAST, *who)[0] == 0
    by_contact(new, name="새사람")
    enter(new, last_code())
    return old, new


def tenancies():
    chosen = Occupancy.select().where(Occupancy.role == "user").order_by(Occupancy.started_on)
    return [(one.name, f"{one.started_on}", f"{one.ended_on}") for one in chosen]


def window(client):
    home = Home.get(Home.account == client.account)
    return f"{home.since_on}", f"{home.until_on}"


def correct(flask, was, on):
    return flask("correct-move", "--was", was, "--on", on)


def test_an_empty_home_is_recorded_and_then_moved_into(place, flask):
    home = make.home(premises=place, tenancy="user")

    assert flask("move-out", "--on", LAST)[0] == 0
    assert tenancies() == [("김보기", f"{make.START}", LAST)]
    assert Home.get_by_id(home.id).until_on == date(2026, 10, 29)
    assert flask("move-in", "--on", "2026-11-10", "--name", "새사람", "--phone", "010-1")[0] == 0

    assert tenancies()[1] == ("새사람", "2026-11-10", "None")
    assert Occupancy.get(Occupancy.name == "새사람").phone == "010-1"
    assert len(queued("home_moved")) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("move-out", "--on", "2026-11-21"), 1, "has not come yet"),
        (("move-out", "--on", "2020-01-01"), 1, "is before the present tenancy began"),
        (("move-out", "--on", "yesterday"), 2, "YYYY-MM-DD"),
        (("move-out",), 2, "--on"),
        (("move-in", "--on", "2026-11-20", "--name", "새사람"), 1, "has not moved out"),
        (("move-in", "--on", "2026-11-21", "--name", "새사람"), 1, "has not come yet"),
        (("move-in", "--on", "2026-11-20", "--name", ""), 2, "write who moves in"),
        (("correct-move", "--was", LAST, "--on", "2026-11-01"), 1, "No move is recorded"),
        (("correct-move", "--was", LAST, "--on", "2026-11-21"), 1, "has not come yet"),
        (("correct-move", "--was", LAST), 2, "--on"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(place, flask, arguments, code, said):
    before = tenancies()

    answer = flask(*arguments)

    assert (answer[0], said in answer[1]) == (code, True), answer
    assert tenancies() == before


def test_nobody_moves_out_twice(place, flask):
    flask("move-out", "--on", LAST)

    assert flask("move-out", "--on", "2026-11-01")[0] == 1


def test_a_premises_that_is_not_there_is_told(db, flask):
    for command in (("move-out", "--on", LAST), ("correct-move", "--was", LAST, "--on", LAST)):
        assert flask(*command) == (1, f"There is no premises {NUMBER}.\n")


@pytest.mark.parametrize("day", ["2026-08-28", "2026-11-12"])
def test_another_day_of_a_move_changes_the_time_of_both_tenants(place, flask, moved, day):
    old, new = moved
    make.bill(premises=place, month="2026-11", from_on=date(2026, 8, 28))
    make.daily_use(premises=place, day=date(2026, 10, 29), litres=11_111)
    earlier = day < LAST

    code, said = correct(flask, LAST, day)

    assert (code, "another time: 2, ended: 0" in said) == (0, True)
    assert (window(old)[1], window(new)) == (day, (day, "None"))
    for client, sees in ((old, not earlier), (new, earlier)):
        assert [one.month for one in seen_by(client.account)] == ["2026-11"] * sees
        home = Home.get(Home.account == client.account).reference
        assert ("11111" in client.get(f"/patterns/{home}.csv").text) == sees
    assert [end for _, _, end in tenancies()] == [day, "None"]
    told = {one[2]: one[3]["time"] for one in queued("home_timed")}
    assert set(told) == {old.account.email, new.account.email}


def test_a_link_gets_back_the_time_that_a_wrong_day_took(place, flask, moved):
    old, _ = moved
    before = window(old), tenancies()
    correct(flask, LAST, "2026-03-01")
    correct(flask, "2026-03-01", LAST)

    assert (window(old), tenancies()) == before
    assert len(queued("home_timed")) == 4


def test_a_move_out_that_was_recorded_alone_is_corrected(place, flask):
    make.home(premises=place, since_on=make.START)
    flask("move-out", "--on", "2026-09-01")

    assert correct(flask, "2026-09-01", LAST)[0] == 0

    assert (tenancies()[0][2], f"{Home.get().until_on}") == (LAST, LAST)


def test_a_first_day_in_an_empty_home_is_corrected(place, flask, sign_in):
    flask("move-out", "--on", "2026-09-01")
    flask("move-in", "--on", "2026-10-01", "--name", "새사람", "--email", "new@example.com")
    new = sign_in(make.account())
    by_contact(new, name="새사람")
    enter(new, last_code())

    assert correct(flask, "2026-10-01", "2026-09-20")[0] == 0

    assert tenancies() == [
        ("김보기", f"{make.START}", "2026-09-01"),
        ("새사람", "2026-09-20", "None"),
    ]
    assert window(new) == ("2026-09-19", "None")


@pytest.mark.parametrize(
    ("was", "on", "said"),
    [
        ("2026-05-31", "2026-09-30", "is not before the next tenancy ended (2026-09-30)"),
        ("2026-05-31", "2020-01-01", f"is before that tenancy began ({make.START})"),
        ("2026-09-30", "2026-11-01", "lies within the next tenancy, which began on 2026-11-01"),
        ("2026-11-01", "2026-09-30", "lies within the tenancy before, which ended on 2026-09-30"),
        ("2026-06-01", "2026-10-01", "is after that tenancy ended (2026-09-30)"),
    ],
)
def test_a_corrected_day_takes_nothing_from_another_tenancy(place, flask, was, on, said):
    flask("move", "--on", "2026-05-31", "--name", "둘째")
    flask("move-out", "--on", "2026-09-30")
    flask("move-in", "--on", "2026-11-01", "--name", "셋째")
    before = tenancies()

    code, told = correct(flask, was, on)

    assert (code, said in told) == (1, True), told
    assert tenancies() == before


def test_a_paper_link_goes_where_its_bill_lies_after_a_correction(flask, bill, sign_in):
    """The bill is of 28 August to 29 October: its tenant is who lived there then."""
    client = sign_in(make.account())
    flask("move", "--on", "2026-08-28", "--name", "새사람")
    by_paper(client, code=CODE)
    assert window(client) == ("2026-08-28", "None")

    correct(flask, "2026-08-28", "2026-11-15")

    assert window(client) == (f"{tenancies_of(bill.premises.id)[0].since_on}", "2026-11-15")
    assert (Home.get().level, Home.select().count()) == (1, 1)


def test_who_proves_again_gets_the_time_that_the_tenancy_has(place, sign_in):
    """A link that somebody cut short by hand."""
    client = sign_in(make.account())
    by_contact(client)
    enter(client, last_code())
    Home.update(until_on=date(2026, 9, 1)).execute()

    by_contact(client)
    landed = enter(client, last_code())

    assert (window(client)[1], Home.select().count()) == ("None", 1)
    assert "이미 연결한 집입니다" in client.get(landed.location).text
    events = HomeEvent.select().order_by(HomeEvent.id)
    assert [event.what for event in events] == ["linked", "raised"]


def test_of_two_users_without_an_end_only_the_present_one_moves_out(place, flask):
    """A tenancy that nobody ended lasts until the next one began."""
    make.occupancy(premises=place, name="둘째", started_on=date(2026, 8, 30))
    before = tenancies_of(place.id)[0]

    flask("move-out", "--on", LAST)

    known = tenancies_of(place.id)
    assert known[0] == before
    assert (known[0].until_on, known[1].since_on) == (date(2026, 8, 29), date(2026, 8, 29))
    assert f"{known[1].until_on}" == LAST
