"""An outage's file and the worker's look at it."""

import pytest

from app import clock
from app.alerts import sending
from tests.outages.conftest import outage_file  # noqa: F401 a fixture
from tests.outages.test_views import BURST, FORWARD

EXTENDED = {**BURST, "state": "extended", "updates": FORWARD, "to": "2026-11-26T22:00:00+09:00"}
WIDER = {**EXTENDED, "area": {"dongs": ["강남구 역삼동", "강남구 삼성동"]}, "to": BURST["to"]}
BACK = {
    **EXTENDED,
    "state": "restored",
    "updates": [*FORWARD, ("2026-11-26T16:00:00+09:00", "restored", "다시 나옵니다.")],
}
OFF = {
    "state": "cancelled",
    "updates": [
        ("2026-11-23T10:00:00+09:00", "announced", "알립니다."),
        ("2026-11-26T15:00:00+09:00", "cancelled", "비가 와서 미룹니다."),
    ],
}


@pytest.fixture
def watch(app, db):
    """What the worker does every few seconds, to the end."""

    def run():
        with app.test_request_context():
            return list(sending.watch(clock.now()))

    return run
