"""The legal clock: the vectors of the law, and a counter that walks minute by minute."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.clock import SEOUL
from app.complaints.clock import Period, Stop, due, period, share, worked
from app.workdays import is_business_day

MINUTE = timedelta(minutes=1)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


HOURS = [
    ("2026-03-06T16:30", "3h", "2026-03-09T10:30"),
    ("2026-03-06T16:00", "1d", "2026-03-09T16:00"),
    ("2026-03-06T16:00", "3d", "2026-03-11T16:00"),
    ("2026-03-09T09:00", "3d", "2026-03-11T18:00"),
    ("2026-03-06T16:00", "4d", "2026-03-12T16:00"),
    ("2026-11-23T09:30", "3h", "2026-11-23T13:30"),
    ("2026-11-23T16:30", "3h", "2026-11-24T10:30"),
    ("2026-11-28T11:00", "3h", "2026-11-30T12:00"),
    ("2026-09-23T17:30", "3h", "2026-09-28T11:30"),
    ("2026-11-23T10:00", "1d", "2026-11-24T10:00"),
    ("2026-11-28T11:00", "1d", "2026-11-30T18:00"),
    ("2026-11-23T10:00", "3d", "2026-11-26T10:00"),
    ("2026-09-23T10:00", "3d", "2026-09-30T10:00"),
]
DAYS = [
    ("2026-03-06T16:00", "7d", "2026-03-16"),
    ("2026-11-23T10:00", "7d", "2026-12-01"),
    ("2026-11-23T23:50", "7d", "2026-12-01"),
    ("2026-11-28T11:00", "7d", "2026-12-08"),
    ("2026-12-23T11:00", "7d", "2027-01-04"),
    ("2026-04-27T11:00", "7d", "2026-05-07"),
    ("2026-06-01T11:00", "7d", "2026-06-10"),
]


@pytest.mark.parametrize(("received", "text", "expected"), HOURS)
def test_periods_up_to_five_days_are_counted_in_hours(received, text, expected):
    assert due(at(received), period(text)) == at(expected)


@pytest.mark.parametrize(("received", "text", "expected"), DAYS)
def test_longer_periods_are_counted_in_days_with_the_first(received, text, expected):
    assert due(at(received), period(text)) == at(f"{expected}T18:00")


def test_days_in_which_a_paper_is_waited_for_do_not_count():
    stop = Stop(at("2026-11-25T15:00"), at("2026-11-30T10:00"))

    assert due(at("2026-11-23T10:00"), period("7d"), [stop]) == at("2026-12-07T18:00")


def test_hours_in_which_a_paper_is_waited_for_do_not_count():
    stop = Stop(at("2026-11-23T11:00"), at("2026-11-24T11:00"))

    assert due(at("2026-11-23T10:00"), period("3h"), [stop]) == at("2026-11-24T14:00")


def test_while_it_is_waited_for_there_is_no_date():
    assert due(at("2026-11-23T10:00"), period("7d"), [Stop(at("2026-11-25T15:00"), None)]) is None


def test_an_extension_is_as_long_as_the_period():
    assert due(at("2026-11-23T10:00"), period("7d").twice()) == at("2026-12-10T18:00")


def test_a_moment_of_another_zone_is_the_same_moment():
    received = at("2026-03-06T16:30").astimezone(UTC)

    assert due(received, period("3h")) == at("2026-03-09T10:30")


@pytest.mark.parametrize("text", ["", "0d", "3", "d", "3w", "-1d", "3 h", "1234d"])
def test_what_is_no_period_is_refused(text):
    with pytest.raises(ValueError, match="written like"):
        period(text)


def test_five_days_are_forty_hours_and_six_are_days():
    assert (period("5d"), period("6d")) == (Period(40, 0), Period(0, 6))


def test_the_calendar_knows_the_coming_year():
    assert not is_business_day(date(2027, 2, 8))
    assert not is_business_day(date(2027, 10, 4))


def is_office_minute(moment):
    minute = moment.hour * 60 + moment.minute
    return is_business_day(moment.date()) and (540 <= minute < 720 or 780 <= minute < 1080)


def naive(received, hours, stops):
    """The minute at which so many office minutes are over, counted one by one."""
    left, now = hours * 60, received
    while True:
        stopped = any(stop.since <= now < stop.until for stop in stops)
        if is_office_minute(now) and not stopped:
            left -= 1
        now += MINUTE
        if not left:
            return now


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 20)).map(  # noqa: DTZ001
    lambda found: found.replace(second=0, microsecond=0, tzinfo=SEOUL)
)


@pytest.mark.slow
@settings(max_examples=40)
@given(MOMENTS, st.integers(1, 30), st.lists(st.integers(0, 6000), max_size=4))
def test_hours_agree_with_a_counter_that_walks_minute_by_minute(received, hours, bounds):
    points = sorted(received + minutes * MINUTE for minutes in bounds)
    stops = [Stop(a, b) for a, b in zip(points[::2], points[1::2], strict=False)]

    assert due(received, Period(hours, 0), stops) == naive(received, hours, stops)


@settings(max_examples=60)
@given(MOMENTS, st.integers(6, 30))
def test_days_agree_with_counting_business_days(received, days):
    day, left = received.date(), days
    while left:
        left -= is_business_day(day)
        last, day = day, day + timedelta(days=1)

    assert due(received, Period(0, days)).date() == last


@settings(max_examples=40)
@given(MOMENTS, st.integers(1, 40))
def test_the_time_worked_until_the_deadline_is_the_period(received, hours):
    assert worked(received, due(received, Period(hours, 0))) == timedelta(hours=hours)


def test_how_much_of_the_time_is_over():
    received, end = at("2026-11-23T10:00"), due(at("2026-11-23T10:00"), period("1d"))

    assert share(received, end, received) == 0
    assert share(received, end, at("2026-11-23T15:00")) == 0.5
    assert share(received, end, end) == 1
    assert share(received, end, end + timedelta(hours=1)) > 1


def test_the_command_prints_the_moment_with_its_offset(runner):
    command = ["complaints", "due", "--received", "2026-03-06T16:00", "--period", "3d"]

    result = runner.invoke(args=command)

    assert result.output == "2026-03-11T16:00:00+09:00\n"
    assert runner.invoke(args=[*command[:-1], "x"]).exit_code == 2
    assert runner.invoke(args=[*command[:3], "soon", "--period", "3d"]).exit_code == 2
