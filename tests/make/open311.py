"""Rows of keys of other programs."""

from app import clock
from app.open311.models import ReportKey
from tests.make.base import create, numbers


def report_key(**values):
    number = next(numbers)
    return create(
        ReportKey,
        values,
        reference=f"KEY{number:07d}",
        name="동네 알림 앱",
        contact="apps@demo.invalid",
        key_hash=f"{number:064x}",
        created_at=clock.now(),
        revoked_at=None,
    )
