"""Money, days, references and words: the small modules that everything else stands on."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import clock, references, words, workdays
from app.db import DayColumn, InstantColumn, MoneyColumn
from app.money import Money


@pytest.mark.parametrize(
    ("text", "won"),
    [("23,450원", 23450), ("23450", 23450), (" ２３４５０ 원", 23450), ("-10", -10), ("0", 0)],
)
def test_money_reads_what_people_write(text, won):
    assert Money.parse(text) == won


@pytest.mark.parametrize("text", ["", "원", "12.5", "1,23", "1e3", "٣", "12 34", "9" * 20])
def test_money_refuses_what_is_no_amount(text):
    with pytest.raises(ValueError, match="not an amount"):
        Money.parse(text)


@given(st.integers(-(10**12), 10**12))
def test_money_is_read_back_as_it_was_written(amount):
    assert Money.parse(str(Money(amount))) == amount


def test_columns_refuse_what_would_be_stored_wrongly():
    with pytest.raises(TypeError, match="never a float"):
        MoneyColumn().db_value(1.5)
    with pytest.raises(ValueError, match="time zone"):
        InstantColumn().db_value(datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(TypeError, match="a day is a date"):
        DayColumn().db_value("2026-01-01")
    with pytest.raises(TypeError, match="a day is a date"):
        DayColumn().db_value(datetime(2026, 1, 1, tzinfo=UTC))


def test_the_day_is_that_of_seoul():
    with clock.at(datetime(2026, 1, 31, 14, 59, 59, tzinfo=UTC)):
        assert clock.today() == date(2026, 1, 31)
    with clock.at(datetime(2026, 1, 31, 15, 0, tzinfo=UTC)):
        assert clock.today() == date(2026, 2, 1)
    with pytest.raises(ValueError, match="time zone"), clock.at(datetime(2026, 1, 1)):  # noqa: DTZ001
        pass


@pytest.mark.parametrize(
    ("month", "count", "other"),
    [("2026-11", -1, "2026-10"), ("2026-01", -1, "2025-12"), ("2025-12", 14, "2027-02")],
)
def test_months_are_counted_over_the_year(month, count, other):
    assert clock.add_months(month, count) == other


@pytest.mark.parametrize("month", ["2026-1", "2026-13", "26-01", "2026-11-01", ""])
def test_a_month_that_is_none_is_refused(month):
    with pytest.raises(ValueError, match="written YYYY-MM"):
        clock.first_day(month)


@pytest.mark.parametrize(
    ("day", "open_on"),
    [
        ("2017-09-30", "2017-10-10"),
        ("2026-02-16", "2026-02-19"),  # Lunar New Year
        ("2026-05-24", "2026-05-26"),  # Buddha's birthday on a Sunday and its substitute
        ("2026-12-31", "2026-12-31"),
        ("2027-01-01", "2027-01-04"),
        ("2024-02-29", "2024-02-29"),
    ],
)
def test_business_days_know_weekends_holidays_and_substitutes(day, open_on):
    assert workdays.next_business_day(date.fromisoformat(day)) == date.fromisoformat(open_on)


def test_a_holiday_declared_later_is_one_line_of_data(monkeypatch):
    friday = date(2026, 11, 27)
    assert workdays.is_business_day(friday)

    monkeypatch.setattr(workdays, "_declared", lambda: {friday: "임시공휴일"})

    assert not workdays.is_business_day(friday)


def test_references_are_long_random_and_without_look_alikes():
    found = {references.new() for _ in range(500)}

    assert len(found) == 500
    assert not set("01OILU") & set("".join(found))


def test_a_keyed_reference_follows_from_key_and_text_alone():
    one = references.keyed(b"key", "012345678 2026-11 0")

    assert one == references.keyed(b"key", "012345678 2026-11 0")
    assert one != references.keyed(b"key", "012345678 2026-11 1")
    assert one != references.keyed(b"other", "012345678 2026-11 0")
    assert len(one) == 10


def test_words_are_written_the_korean_way():
    assert words.day(date(2026, 8, 31)) == "2026. 8. 31."
    assert words.day_in_sentence(date(2026, 11, 30)) == "11월 30일(월)"
    assert words.won(23450) == "23,450원"
    assert words.won(-8) == "−8원"
    assert (words.tenths(696), words.tenths(240)) == ("69.6㎥", "24㎥")
    assert words.number("012345678") == "012-345-678"
