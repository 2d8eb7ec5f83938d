"""Named places at which a test lets a process die."""

import os
import signal

import pytest

from app import crashpoint


@pytest.fixture(autouse=True)
def disarmed():
    yield
    crashpoint.arm("")


def ends_with(work):
    """How a child that does this ends."""
    process = os.fork()
    if not process:
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def passing(*names):
    def work():
        for name in names:
            crashpoint.crashpoint(name)

    return work


def test_a_place_that_is_not_armed_is_passed():
    assert ends_with(passing("one", "two")) == 0


def test_a_process_dies_at_the_place_that_is_armed():
    crashpoint.arm("two")

    assert ends_with(passing("one", "three")) == 0
    assert ends_with(passing("one", "two", "three")) == -signal.SIGKILL


def test_a_process_can_die_on_a_later_pass():
    crashpoint.arm("one:3")

    assert ends_with(passing("one", "one")) == 0
    assert ends_with(passing("one", "one", "one")) == -signal.SIGKILL


def test_the_setting_arms_it_in_development(make_app):
    make_app(CRASH_AT="somewhere")

    assert crashpoint.Armed.name == "somewhere"
