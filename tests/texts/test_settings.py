"""The settings of text messages: off, on with what is needed, or no start at all."""

import pytest

from app.messages import worker
from app.messages.lanes import LANES
from app.texts import settings
from tests.messages.conftest import lane, sink  # noqa: F401 fixtures
from tests.test_security import REAL, SECRETS

GOOD = {
    "MODE": "production",
    "SMS_URL": "https://api.solapi.com",
    "SMS_KEY": "NCSAYU7YDBXYORXC",
    "SMS_SECRET": "Q7M2XW9KD4R8T1ZB5V6YH3JN0CFGLPSA",
    "SMS_HOOK_SECRET": "r8K2mZ5xQ1wE7tY4uI9oP3aS6dF0gHjL",
    "SENDER_NUMBERS": "02-3146-1000 1588-5121",
}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SMS_URL": "http://api.solapi.com"}, "not https"),
        ({"SMS_URL": "https://127.0.0.1:8001"}, "not allowed"),
        ({"SMS_URL": "https://localhost"}, "must be the name"),
        ({"SMS_URL": "http://127.0.0.1:8001"}, "not https"),
        ({"SMS_URL": "https://169.254.169.254/"}, "must be the name"),
        ({"SMS_URL": "https://[::1]/"}, "must be the name"),
        ({"SMS_URL": "api.solapi.com"}, "the https address"),
        ({"SMS_KEY": "development-only-sms-key"}, "WATER_SMS_KEY"),
        ({"SMS_KEY": ""}, "WATER_SMS_KEY"),
        ({"SMS_SECRET": "development-only-sms-secret"}, "WATER_SMS_SECRET"),
        ({"SMS_SECRET": "a" * 40}, "WATER_SMS_SECRET"),
        ({"SMS_HOOK_SECRET": "development-only-sms-hook-secret"}, "WATER_SMS_HOOK_SECRET"),
        ({"SMS_HOOK_SECRET": "short"}, "WATER_SMS_HOOK_SECRET"),
        ({"SMS_HOOK_SECRET": ""}, "WATER_SMS_HOOK_SECRET"),
        ({"SENDER_NUMBERS": ""}, "WATER_SENDER_NUMBERS"),
        ({"SENDER_NUMBERS": "120"}, "WATER_SENDER_NUMBERS"),
        ({"SENDER_NUMBERS": "ARISU"}, "WATER_SENDER_NUMBERS"),
        ({"SENDER_NUMBERS": "02-3146-1000 012345678901"}, "WATER_SENDER_NUMBERS"),
        ({"SMS_PROVIDER": "pigeons"}, "WATER_SMS_PROVIDER"),
        ({"MODE": "development"}, "In development"),
    ],
)
def test_settings_with_which_no_text_can_go_are_told(app, changes, sentence):
    assert sentence in settings.complaint({**app.config, **GOOD, **changes})


def test_good_settings_are_fine_and_none_are_needed_without_texts(app):
    assert settings.complaint({**app.config, **GOOD}) is None
    off = {"SMS_URL": "", "SENDER_NUMBERS": "", "SMS_SECRET": ""}
    assert settings.complaint({**app.config, **GOOD, **off}) is None


def test_production_starts_without_texts_and_refuses_the_emulator(make_app, db):
    own = {"MODE": "production", **SECRETS, **REAL}
    found = make_app(**own)

    assert not settings.is_on(found.config)
    with pytest.raises(RuntimeError, match="WATER_SMS_URL"):
        make_app(**own, SMS_URL="http://127.0.0.1:8001", KEPT_PAGES_MB=5)


@pytest.mark.parametrize(
    ("wanted", "found"), [("", "0231461000"), ("1588-5121", "15885121"), ("0231461000",) * 2]
)
def test_a_sender_is_one_of_the_registered_numbers(wanted, found):
    assert settings.sender(GOOD, wanted) == found


@pytest.mark.parametrize("wanted", ["0299999999", "ARISU", "02-3146-100"])
def test_any_other_sender_is_refused(wanted):
    with pytest.raises(ValueError, match="not registered"):
        settings.sender(GOOD, wanted)


def test_a_worker_has_lanes_for_the_channels_that_are_on(app, monkeypatch):
    with_all = worker.lanes_of(app, 60)
    monkeypatch.setitem(app.config, "SMS_URL", "")
    monkeypatch.setitem(app.config, "MODE", "production")
    without = worker.lanes_of(app, 60)

    assert with_all == list(LANES)
    assert without == ["urgent", "rest", "many", "money", "telling"]
