"""A signed-in customer with a home, on a day in November."""

import pytest

from tests import make


@pytest.fixture(autouse=True)
def today(clock_at):
    clock_at("2026-11-20 10:00")


@pytest.fixture
def home(signed_in):
    return make.home(account=signed_in.account, name="우리집", reference="HOME234567")
