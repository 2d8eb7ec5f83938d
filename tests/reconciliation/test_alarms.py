"""What an operator hears of money."""

from datetime import timedelta

from app import clock
from app.payments import gate
from app.payments.models import State
from app.reconciliation import alarms
from tests import make


def test_a_payment_without_an_end_is_an_alarm_after_ten_minutes(counter):
    now = clock.now()
    make.attempt(state=State.UNKNOWN, changed_at=now - timedelta(minutes=10))
    make.attempt(state=State.PAID, changed_at=now - timedelta(days=1))

    assert alarms.unknown(now).startswith("결과를 10분 넘게 모르는 결제 1건")
    assert alarms.unknown(now - timedelta(seconds=1)) is None


def test_closed_payment_is_an_alarm_unless_there_is_none(counter, app, monkeypatch):
    assert counter.do(alarms.closed, clock.now()) is None
    counter.do(gate.close, "a test", "가 담당", clock.now())

    assert "직원이 닫았습니다" in counter.do(alarms.closed, clock.now())
    monkeypatch.setitem(app.config, "MODE", "production")
    monkeypatch.setitem(app.config, "PAY_CLIENT_KEY", "")
    monkeypatch.setitem(app.config, "PAY_SECRET_KEY", "")
    assert counter.do(alarms.closed, clock.now()) is None


def test_a_difference_is_an_alarm_until_somebody_has_decided(counter):
    assert alarms.different(clock.now()) is None
    found = make.discrepancy()

    assert alarms.different(clock.now()).startswith("장부와 다른 결제 1건")
    found.decided_at = clock.now()
    found.save()
    assert alarms.different(clock.now()) is None


def test_the_alarms_are_on_the_page_of_health(counter, client):
    make.attempt(state=State.UNKNOWN, changed_at=make.LONG_AGO)

    assert "unknown payments" in client.get("/healthz").text
