"""What tests of delivered bills share."""

import pytest

from app import clock
from app.billing import imported
from tests.billing.delivery import write
from tests.billing.supply import KEY, day


@pytest.fixture
def bring(db, tmp_path):
    """bring(bill, …) imports a file of these bills."""

    def start(*of, name="bills.csv", **options):
        path = write(tmp_path / name, *of, **options)
        return imported.import_file(KEY, path, day("2026-11-22"), clock.now())

    return start
