"""Where an outage stands, and what a revision is to somebody at one place."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from app.frontmatter import RECORD_NAME, take_apart
from app.outages import schema
from app.outages.area import Place
from app.outages.record import NEXT, Change, Phase, State, change
from tests.outages import files

HERE, THERE = Place("강남구", "역삼동"), Place("강남구", "삼성동")
START = datetime.fromisoformat("2026-11-30T23:00:00+09:00")
END = datetime.fromisoformat("2026-12-01T05:00:00+09:00")


def outage(**fields):
    source = take_apart("outages", "x.md", files.text(**fields).encode(), RECORD_NAME)
    return schema.outage(source)


def revised(state, **fields):
    first = files.FIELDS["updates"]
    more = [("2026-11-30T23:10:00+09:00", state, "바뀌었습니다.")]
    return outage(state=state, updates=[*first, *more], **fields)


@pytest.mark.parametrize(
    ("at", "phase"),
    [
        ("2026-11-23T09:59:00+09:00", Phase.HIDDEN),
        ("2026-11-23T10:00:00+09:00", Phase.PLANNED),
        ("2026-11-30T23:00:00+09:00", Phase.NOW),
        ("2026-12-02T04:59:00+09:00", Phase.NOW),
        ("2026-12-02T05:00:00+09:00", Phase.PAST),
        ("2026-12-31T05:00:00+09:00", Phase.HIDDEN),
    ],
)
def test_a_planned_outage_begins_and_ends_without_an_editor(at, phase):
    assert outage().phase(datetime.fromisoformat(at)) is phase


def test_it_is_late_when_its_end_has_passed_and_nobody_said_that_it_is_over():
    assert outage().is_late(END + timedelta(hours=1))
    assert not outage().is_late(END - timedelta(hours=1))
    assert not revised("restored").is_late(END + timedelta(hours=1))


def test_a_draft_is_shown_to_nobody():
    assert outage(state="draft").phase(START) is Phase.HIDDEN


def test_every_moment_at_which_it_looks_different_is_told():
    one = outage()
    moments = sorted(one.moments())

    for before, after in pairwise(moments):
        inside = [before, before + (after - before) / 2, after - timedelta(seconds=1)]
        assert len({(one.phase(at), one.is_late(at)) for at in inside}) == 1


def test_who_is_in_the_area_is_told_first_and_others_never():
    assert change(HERE, None, outage()) is Change.ANNOUNCED
    assert change(THERE, None, outage()) is Change.NOTHING


def test_a_change_of_words_tells_nobody():
    assert change(HERE, outage(), revised("in_progress")) is Change.NOTHING


def test_a_later_end_is_told_to_those_who_are_still_in_it():
    later = revised("extended", to="2026-12-01T09:00:00+09:00")

    assert change(HERE, outage(), later) is Change.CHANGED
    assert change(THERE, outage(), later) is Change.NOTHING


def test_a_wider_area_is_told_to_those_who_came_in_only():
    wider = revised("in_progress", area={"dongs": ["강남구 역삼동", "강남구 삼성동"]})

    assert change(THERE, outage(), wider) is Change.ANNOUNCED
    assert change(HERE, outage(), wider) is Change.NOTHING


def test_a_smaller_area_is_told_to_those_who_left_it():
    smaller = revised("in_progress", area={"dongs": ["강남구 삼성동"]})

    assert change(HERE, outage(), smaller) is Change.LEFT
    assert change(THERE, outage(), smaller) is Change.ANNOUNCED


@pytest.mark.parametrize(
    ("state", "told"), [("restored", Change.RESTORED), ("cancelled", Change.CANCELLED)]
)
def test_the_end_is_told_to_all_who_were_told_of_the_beginning(state, told):
    assert change(HERE, outage(), revised(state)) is told
    assert change(THERE, outage(), revised(state)) is Change.NOTHING


def test_closing_tells_nobody_what_restoring_has_told():
    assert change(HERE, revised("restored"), revised("closed")) is Change.NOTHING


def test_water_that_fails_again_is_announced_again():
    assert change(HERE, revised("restored"), revised("in_progress")) is Change.ANNOUNCED


def test_nobody_hears_of_an_outage_for_the_first_time_when_it_is_over():
    assert change(HERE, None, revised("restored")) is Change.NOTHING


def test_every_state_has_what_may_follow():
    assert set(NEXT) == set(State)
    assert not {after for ends in NEXT.values() for after in ends} - set(State)
