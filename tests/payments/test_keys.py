"""Keys and addresses that the program refuses to start with, and those that are left out."""

import pytest

from app.payments import keys
from app.payments.gate import Closed, why_closed
from tests.test_security import production

LIVE = {"PAY_CLIENT_KEY": "live_ck_abc", "PAY_SECRET_KEY": "live_sk_abc"}
TEST = {"PAY_CLIENT_KEY": "test_ck_abc", "PAY_SECRET_KEY": "test_sk_abc"}
EMPTY = {"PAY_URL": "", "PAY_CLIENT_KEY": "", "PAY_SECRET_KEY": ""}


def complaint(mode="development", **changes):
    return keys.complaint({"MODE": mode, **EMPTY, **changes})


@pytest.mark.parametrize(
    ("mode", "given"),
    [
        ("development", {}),
        ("development", TEST),
        ("development", {"PAY_CLIENT_KEY": "test_gck_a", "PAY_SECRET_KEY": "test_gsk_a"}),
        ("production", LIVE),
        ("production", {**LIVE, "PAY_URL": "https://gateway.example"}),
    ],
)
def test_keys_that_go_together(mode, given):
    assert complaint(mode, **given) is None


@pytest.mark.parametrize(
    ("mode", "given", "why"),
    [
        ("development", LIVE, "production only"),
        ("production", TEST, "needs live keys"),
        ("development", {**TEST, "PAY_SECRET_KEY": "test_ck_abc"}, "no secret key"),
        ("development", {**TEST, "PAY_CLIENT_KEY": "test_sk_abc"}, "no client key"),
        ("development", {**TEST, "PAY_SECRET_KEY": "test_gsk_abc"}, "not of one set"),
        ("production", {**LIVE, "PAY_SECRET_KEY": "test_sk_abc"}, "not of one set"),
        ("production", {**LIVE, "PAY_SECRET_KEY": "live_sk_"}, "no secret key"),
        ("production", {**LIVE, "PAY_SECRET_KEY": ""}, "no secret key"),
        ("production", {**LIVE, "PAY_URL": "http://gateway.example"}, "no emulator"),
        ("production", {**LIVE, "PAY_URL": "https://127.0.0.1:8001"}, "no emulator"),
        ("production", {**LIVE, "PAY_URL": "https://localhost"}, "no emulator"),
    ],
)
def test_keys_that_must_not_be_used(mode, given, why):
    assert why in complaint(mode, **given)


def test_production_does_not_start_with_test_keys(make_app):
    with pytest.raises(RuntimeError, match="needs live keys"):
        production(make_app, **TEST)


def test_production_does_not_start_with_the_emulator(make_app):
    with pytest.raises(RuntimeError, match="no emulator"):
        production(make_app, **LIVE, PAY_URL="http://127.0.0.1:8001")


def test_production_does_not_kill_itself(make_app):
    with pytest.raises(RuntimeError, match="does not kill itself"):
        production(make_app, CRASH_AT="confirm.after_intent")


def test_production_without_keys_runs_and_takes_no_payments(make_app):
    app = production(make_app)

    with app.app_context():
        assert why_closed() is Closed.NOT_SET


def test_the_keys_of_the_emulator_are_its_own():
    from app.sandbox import pay

    assert (keys.EMULATOR_CLIENT, keys.EMULATOR_SECRET) == (pay.CLIENT_KEY, pay.SECRET_KEY)
