"""kill -9 in the middle of an import of bills: after a restart nothing is missing or doubled."""

import random

import pytest

from app.db import database as current
from app.db import rows
from tests.billing.delivery import delivered, july, write
from tests.test_kills import city, finish, kill_at, new_url, stored

__all__ = ["city", "new_url"]

pytestmark = pytest.mark.slow

KILLS = 10
IMPORT = """
from app.billing import imported
imported.BATCH = 40
imported.import_file(b"key", Path(sys.argv[1]), date(2026, 11, 22), clock.now(), print_)
"""


def bills_for(path):
    """Two bills of each home of the city that is open, some of them wrong."""
    numbers = [number for (number,) in rows("SELECT number FROM premises ORDER BY id")]
    made = []
    for at, number in enumerate(numbers):
        total = "1" if at % 50 == 7 else "31480"
        made += [july(customer_number=number), delivered(customer_number=number, total=total)]
    current.close()
    return write(path, *made)


def test_a_killed_import_of_bills_ends_like_an_undisturbed_one(city):
    calm, calm_path = city("calm_bills")
    finish(IMPORT, calm, bills_for(calm_path))
    torn, torn_path = city("torn_bills")
    bills_for(torn_path)
    luck = random.Random(20261122)

    kills = [kill_at(IMPORT, torn, torn_path, luck.randint(1, 4)) for _ in range(KILLS)]
    finish(IMPORT, torn, torn_path)

    assert sum(kills) >= 8
    assert stored(torn, torn_path) == stored(calm, calm_path)
