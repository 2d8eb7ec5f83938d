"""Lines that are taken back, files that are deleted: what is told then, and what is not sent."""

from pathlib import Path

import pytest

from app.alerts import seen
from app.alerts.models import Revision
from tests import make
from tests.alerts.conftest import BACK, EXTENDED, OFF
from tests.alerts.test_sending import is_wanted, told
from tests.outages.conftest import reread
from tests.outages.test_views import BURST, FORWARD

AGAIN = ("2026-11-26T16:00:00+09:00", "extended", "더 늦어집니다.")
"""Another second line."""
OTHER = {**EXTENDED, "to": "2026-11-26T23:00:00+09:00", "updates": [FORWARD[0], AGAIN]}
ELSEWHERE = {**EXTENDED, "area": {"dongs": ["강남구 삼성동"]}}


@pytest.fixture(autouse=True)
def afternoon(clock_at, db):
    clock_at("2026-11-26 16:30")
    make.outage_alert(recipient="here@example.com")


@pytest.fixture
def delete(app):
    def now(name):
        (Path(app.config["DATA_DIR"]) / "outages" / f"{name}.md").unlink()
        reread(app)

    return now


@pytest.fixture
def elsewhere(monkeypatch):
    """From now on another machine looks."""

    def go():
        monkeypatch.setattr(seen, "machine", lambda: "elsewhere")

    return go


def changes():
    return [change for _, change in told()]


def test_a_line_in_the_place_of_one_that_was_taken_back_is_told(watch, outage_file):
    for version in (BURST, EXTENDED, BURST, OTHER):
        outage_file("burst", **version)
        watch()

    assert changes() == ["announced", "changed", "changed"]
    assert [is_wanted(at) for at in range(3)] == [False, False, True]


def test_a_checkout_that_is_behind_tells_nothing_again(watch, outage_file):
    for version in (BURST, EXTENDED, OTHER, BURST, EXTENDED, OTHER, BURST):
        outage_file("burst", **version)
        watch()

    assert changes() == ["announced", "changed", "changed"]


def test_taking_a_line_back_tells_nothing_though_the_file_was_never_seen_so(watch, outage_file):
    for version in (EXTENDED, BURST):
        outage_file("burst", **version)
        watch()

    assert changes() == ["announced"]
    assert is_wanted()


def test_a_told_line_in_better_words_is_told_to_nobody(watch, outage_file):
    outage_file("burst", **BURST)
    watch()
    words = [(*BURST["updates"][0][:2], "배수관이 터졌습니다.")]
    outage_file("burst", **{**BURST, "updates": words})
    watch()

    assert changes() == ["announced"]
    assert is_wanted()


@pytest.mark.parametrize("state", [None, "draft"])
def test_what_is_deleted_or_a_draft_again_is_not_sent_any_more(watch, outage_file, delete, state):
    outage_file("burst", **BURST)
    watch()
    assert is_wanted()

    if state:
        outage_file("burst", **{**BURST, "state": state})
    else:
        delete("burst")
    watch()
    assert not is_wanted()

    outage_file("burst", **BURST)
    watch()
    assert is_wanted()
    assert changes() == ["announced"]


def test_an_older_message_is_stopped_by_a_deletion_too(watch, outage_file, delete):
    outage_file("burst", **BURST)
    watch()
    outage_file("burst", **{**BURST, "updates": FORWARD, "state": "extended"})
    watch()
    assert is_wanted(0), "the second line is no news to this place"

    delete("burst")
    watch()

    assert not is_wanted(0)


def test_what_comes_back_with_a_new_line_is_announced_again(watch, outage_file, delete):
    outage_file("burst", **BURST)
    watch()
    delete("burst")
    watch()

    outage_file("burst", **EXTENDED)
    watch()

    assert changes() == ["announced", "announced"]
    assert [is_wanted(0), is_wanted(1)] == [False, True]


def test_who_was_told_of_what_was_withdrawn_hears_that_it_is_off_or_elsewhere(
    watch, outage_file, delete
):
    for name, version in (("works", OFF), ("burst", ELSEWHERE)):
        outage_file(name, **({} if name == "works" else BURST))
        watch()
        delete(name)
        watch()
        outage_file(name, **version)
        watch()

    assert changes() == ["announced", "cancelled", "announced", "left"]
    assert [is_wanted(at) for at in range(4)] == [False, True, False, True]


def test_that_it_is_over_is_sent_though_its_file_was_cleared_away(watch, outage_file, delete):
    for version in (BURST, EXTENDED, BACK):
        outage_file("burst", **version)
        watch()

    delete("burst")
    watch()

    assert changes()[-1] == "restored"
    assert is_wanted()


def test_cancelling_stops_what_was_not_sent_yet(watch, outage_file):
    outage_file("works")
    watch()
    outage_file("works", **OFF)
    watch()

    assert [is_wanted(0), is_wanted(1)] == [False, True]


def test_a_machine_that_does_not_have_the_file_yet_stops_nothing(
    watch, outage_file, delete, elsewhere
):
    outage_file("burst", **BURST)
    watch()

    delete("burst")
    elsewhere()
    watch()

    assert is_wanted()
    assert Revision.get().withdrawn_at is None
