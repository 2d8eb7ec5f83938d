"""Advertising by text: its mark, its consent, its hours, and a free way to refuse it."""

from datetime import datetime, timedelta

import pytest

from app import clock
from app.messages import kinds
from app.messages.kinds import Kind, Priority
from app.messages.models import Channel, State
from tests.messages.conftest import deliver_due
from tests.texts.conftest import PHONE, again

AD = "(광고)[아리수] {{ name }}\n무료 수신거부 {{ refusal }}"
EVENING, NIGHT, MORNING = "2026-11-20 20:59", "2026-11-20 21:30", "2026-11-21 08:00"
REFUSAL = {"SMS_REFUSAL": "0808880000"}


def seoul(text):
    return datetime.fromisoformat(text).replace(tzinfo=clock.SEOUL)


@pytest.fixture
def consents():
    """What the person has agreed to: to advertising, and to it at night."""
    return {"given": True, "night": False}


@pytest.fixture
def advert(text_kind, consents):
    """advert(sms=…) is a kind of advertising."""

    def make(sms=AD, **values):
        return text_kind(
            "advert",
            Priority.NORMAL,
            channels=(Channel.SMS, Channel.MAIL),
            sms=sms,
            advertising=True,
            wanted=lambda one: consents["given"],
            at_night=lambda one: consents["night"],
            **values,
        )

    return make


def test_at_night_it_is_held_until_the_morning(text, advert, text_lane, provider, clock_at):
    clock_at(NIGHT)
    message, ours = text(advert()), text_lane(**REFUSAL)

    deliver_due(ours, clock.now())
    held = again(message)
    deliver_due(ours, seoul(MORNING))

    assert (held.state, held.run_after, held.attempts) == (State.HELD, seoul(MORNING), 0)
    assert again(message).state == State.ACCEPTED
    assert provider.messages()[0]["text"] == "(광고)[아리수] 김보기\n무료 수신거부 0808880000"


def test_who_agreed_to_nights_gets_it_at_night(
    text, advert, consents, text_lane, provider, clock_at
):
    clock_at(NIGHT)
    consents["night"] = True
    message = text(advert())

    deliver_due(text_lane(**REFUSAL), clock.now())

    assert again(message).state == State.ACCEPTED


def test_a_consent_that_was_withdrawn_meanwhile_suppresses_it(
    text, advert, consents, text_lane, provider, clock_at
):
    clock_at(NIGHT)
    message, ours = text(advert(), otherwise=[("mail", "a@b.kr")]), text_lane(**REFUSAL)
    deliver_due(ours, clock.now())
    consents["given"] = False

    deliver_due(ours, seoul(MORNING))

    assert again(message).state == State.SUPPRESSED
    assert provider.messages() == []
    assert type(message).select().count() == 1


def test_by_day_it_is_sent_at_once(text, advert, text_lane, clock_at):
    clock_at(EVENING)
    message = text(advert())

    deliver_due(text_lane(**REFUSAL), clock.now())

    assert again(message).state == State.ACCEPTED


@pytest.mark.parametrize(
    "sms",
    [
        "[아리수] {{ name }}\n무료 수신거부 {{ refusal }}",
        "안내 (광고) {{ name }}\n무료 수신거부 {{ refusal }}",
        "(광고)[아리수] {{ name }}",
        "(광고)[아리수] {{ refusal }} {{ name }}",
    ],
)
def test_without_its_mark_or_a_way_to_refuse_it_is_not_sent(
    text, advert, text_lane, provider, sms, log_lines, clock_at
):
    clock_at(EVENING)
    message = text(advert(sms))

    deliver_due(text_lane(**REFUSAL), clock.now())

    assert (again(message).state, provider.messages()) == (State.CREATED, [])
    assert log_lines()[0]["event"] == "message: a message cannot be made"


def test_without_a_toll_free_number_none_is_sent(text, advert, text_lane, provider, clock_at):
    clock_at(EVENING)
    text(advert(sms="(광고) {{ name }}"))

    deliver_due(text_lane(), clock.now())

    assert provider.messages() == []


def test_advertising_that_asks_for_no_consent_is_no_kind():
    with pytest.raises(ValueError, match="asks for no consent"):
        kinds.register(Kind("loud", Priority.BULK, timedelta(days=1), advertising=True))


@pytest.mark.parametrize("values", [{"by_day": True}, {}])
def test_what_is_no_advertising_rests_by_our_own_choice(
    text, text_kind, text_lane, provider, clock_at, values
):
    clock_at(NIGHT)
    message = text(text_kind("notice", Priority.NORMAL if values else Priority.BULK, **values))
    urgent = text(text_kind("alarm", Priority.URGENT), to=PHONE)

    deliver_due(text_lane(), clock.now())
    deliver_due(text_lane("many texts"), clock.now())

    assert (again(message).state, again(urgent).state) == (State.HELD, State.ACCEPTED)


def test_a_reminder_whose_reason_went_in_the_night_is_dropped(
    text, text_kind, text_lane, provider, clock_at
):
    clock_at(NIGHT)
    unpaid = [True]
    bill = text_kind("bill", Priority.BULK, wanted=lambda one: unpaid[0])
    message, ours = text(bill), text_lane("many texts")
    deliver_due(ours, clock.now())
    unpaid[0] = False

    deliver_due(ours, seoul(MORNING))

    assert (again(message).state, provider.messages()) == (State.DROPPED, [])
