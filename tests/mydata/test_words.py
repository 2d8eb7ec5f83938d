"""What people read of messages and bills of their own: each state has a word."""

import pytest

from app import clock
from app.messages.models import Channel, State
from app.messages.state_words import CHANNELS, STATES
from tests import make


def cells(page):
    """The texts of the cells of the page's tables."""
    return [part.split("</td>")[0].split(">", 1)[1] for part in page.split("<td")[1:]]


def test_every_state_and_channel_of_a_message_has_a_word():
    assert set(STATES) == set(State)
    assert set(CHANNELS) == set(Channel)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("accepted", "보냄"),
        ("delivered", "도착함"),
        ("held", "기다리는 중"),
        ("failed", "보내지 못함"),
    ],
)
def test_what_became_of_a_text_is_said(me, state, said):
    make.message(account_id=me.account.id, kind="phone_code", channel="sms", state=state)

    assert cells(me.get("/profile/data/messages").text)[2:4] == ["문자", said]


def bills(me):
    """The last cell of each bill, newest first."""
    table = me.get("/profile/data/bills").text.split("<h2>")[1]
    return cells(table)[3::4]


def corrected(me, paid_at=None):
    first = make.bill(premises=me.place, month="2026-09", usage_m3=20, paid_at=paid_at)
    before = first.total if paid_at else 0
    make.bill(premises=me.place, month="2026-09", usage_m3=20, revision=1, paid_before=before)


def test_a_bill_that_was_replaced_says_so_and_not_that_it_is_unpaid(me):
    corrected(me)

    assert bills(me)[1:] == ["고친 고지서, 내지 않음", "고친 고지서로 바뀜"]


def test_a_correction_of_a_paid_bill_leaves_nothing_to_pay(me):
    corrected(me, paid_at=clock.now())

    newest, replaced = bills(me)[1:]
    assert newest == "고친 고지서, 낼 것 없음"
    assert replaced.startswith("고친 고지서로 바뀜, 2026. 11. 26.")


def test_bills_speak_english_and_none_is_none(me):
    corrected(me)

    me.get("/?lang=en")

    assert bills(me)[1:] == ["corrected bill, not paid", "replaced by a corrected bill"]
