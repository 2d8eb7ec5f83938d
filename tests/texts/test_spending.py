"""What texts may cost: a cap for the hour, of which codes keep a part; so many for each phone."""

from datetime import timedelta

import pytest

from app import clock
from app.messages.kinds import Priority
from app.messages.models import Channel, State
from app.texts import spending
from tests.messages.conftest import deliver_due
from tests.texts.conftest import CODE, DAY, PHONE, again

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def day(clock_at):
    clock_at(DAY)


@pytest.fixture
def code(text, text_kind):
    """code() is a code that waits, to a phone of its own."""
    kind = text_kind("code", Priority.URGENT, CODE, channels=(Channel.SMS,))
    numbers = iter(range(10**8))
    return lambda: text(kind, to=f"+8210{next(numbers):08d}")


def states(messages):
    return [str(again(one).state) for one in messages]


def test_beyond_the_cap_texts_wait_for_the_next_hour(text, text_lane, provider, log_lines):
    messages = [text(to=f"+8210{number:08d}") for number in range(5)]
    ours = text_lane(SMS_COST_CAP=60, SMS_PRICE=18)

    for minutes in range(0, 59, 6):
        deliver_due(ours, clock.now() + minutes * MINUTE)
    before = states(messages)
    with clock.at(clock.now() + HOUR):
        deliver_due(ours, clock.now())

    assert before == ["accepted", "accepted", "accepted", "held", "held"]
    assert states(messages) == ["accepted"] * 5
    assert log_lines()[0]["problem"] == "the cost cap of this hour is reached"
    assert len(provider.messages()) == 5


def test_a_bulk_leaves_a_tenth_of_the_cap_to_codes(text, code, text_lane):
    bulk = [text(to=f"+8210{number:08d}") for number in range(10)]
    deliver_due(text_lane(SMS_COST_CAP=180, SMS_PRICE=18), clock.now())
    codes = [code(), code()]

    deliver_due(text_lane("urgent texts", SMS_COST_CAP=180, SMS_PRICE=18), clock.now())

    assert states(bulk).count("accepted") == 9
    assert states(codes) == ["accepted", "held"]


def test_a_code_that_is_held_by_the_cap_expires_and_is_not_late(code, text_lane, provider):
    messages = [code(), code()]
    ours = text_lane("urgent texts", SMS_COST_CAP=20, SMS_PRICE=18)

    for minutes in range(7):
        deliver_due(ours, clock.now() + minutes * MINUTE)

    assert states(messages) == ["accepted", "expired"]
    assert len(provider.messages()) == 1


def test_long_texts_cost_more(text, text_kind, text_lane):
    long = text_kind("long", sms="가" * 50)
    messages = [text(long, to=f"+8210{number:08d}") for number in range(3)]

    deliver_due(text_lane(SMS_COST_CAP=100, SMS_PRICE=18, LMS_PRICE=45), clock.now())

    assert states(messages) == ["accepted", "accepted", "held"]


@pytest.mark.parametrize("mode", ["429", "400", "402"])
def test_what_was_not_sent_costs_nothing(text, text_lane, provider, app, mode):
    text()
    provider.next(mode)

    deliver_due(text_lane(), clock.now())

    window = spending.window_end(clock.now(), spending.HOUR)
    assert spending.counted(spending.COST, spending.WON, window) == 0


def test_one_phone_gets_twenty_texts_a_day_and_the_rest_by_other_ways(
    text, text_kind, text_lane, provider, clock_at
):
    kind = text_kind()
    messages = [text(kind, otherwise=[("mail", "a@b.kr")]) for _ in range(22)]

    deliver_due(text_lane(), clock.now())

    assert states(messages) == ["accepted"] * 20 + ["failed"] * 2
    assert again(messages[-1]).problem == "too many for one phone today"
    kinds = type(messages[0]).select().where(type(messages[0]).channel == "mail").count()
    assert (kinds, len(provider.messages(to="01012345678"))) == (2, 20)


def test_codes_are_not_counted_among_those(text, text_kind, text_lane):
    kind = text_kind("code", Priority.URGENT, CODE, channels=(Channel.SMS,))
    codes = [text(kind, to=PHONE) for _ in range(22)]

    deliver_due(text_lane("urgent texts"), clock.now())

    assert set(states(codes)) == {State.ACCEPTED}


def test_the_numbers_that_are_counted_cannot_be_read(text, text_lane, db):
    text()
    deliver_due(text_lane(), clock.now())

    stored = str(db.execute_sql("SELECT * FROM limits").fetchall())
    assert "texts phone" in stored
    assert "1012345678" not in stored
