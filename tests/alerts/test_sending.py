"""Who is told of what: exactly those whom a change touches, each once, and still at sending."""

import pytest

from app import clock
from app.accounts.models import Account
from app.alerts import sending
from app.alerts.models import Alert, Revision
from app.messages import kinds
from app.messages.kinds import Waiting
from app.messages.lanes import MANY
from app.messages.models import Message
from tests import make
from tests.alerts.conftest import BACK, EXTENDED, OFF, WIDER
from tests.outages.test_views import BURST
from tests.outbox import queued

PHONE = "+821012345678"


@pytest.fixture(autouse=True)
def afternoon(clock_at):
    clock_at("2026-11-26 16:30")


def told():
    """(recipient, change) of all messages, in order."""
    return [(one.to, one.values["change"]) for one in queued()]


def is_wanted(at=-1):
    row = list(Message.select().order_by(Message.id))[at]
    values = queued()[at].values
    one = Waiting(values, row.recipient, row.account_id, clock.now(), row.channel)
    return kinds.find(row.kind).wanted(one)


def test_everybody_in_the_area_is_told_once_and_nobody_else(watch, outage_file):
    make.outage_alert(recipient="here@example.com")
    make.outage_alert(recipient="there@example.com", dong="삼성동")
    make.outage_alert(recipient="silent@example.com", confirmed_at=None)
    outage_file("burst", **BURST)

    watch()
    watch()

    assert told() == [("here@example.com", "announced")]
    assert queued()[0].kind == "outage_urgent"
    assert queued()[0].values["headline"] == (
        "강남구 역삼동 긴급 단수: 11월 26일(목) 10:00부터 18:00까지"
    )


def test_extending_tells_only_the_change_and_only_those_it_touches(watch, outage_file):
    make.outage_alert(recipient="here@example.com")
    make.outage_alert(recipient="there@example.com", dong="삼성동")
    outage_file("burst", **BURST)
    watch()

    outage_file("burst", **EXTENDED)
    watch()

    assert told()[1:] == [("here@example.com", "changed")]
    assert "22:00까지" in queued()[1].values["headline"]


def test_a_wider_area_is_news_only_to_those_who_came_in(watch, outage_file):
    make.outage_alert(recipient="here@example.com")
    make.outage_alert(recipient="there@example.com", dong="삼성동")
    outage_file("burst", **BURST)
    watch()

    outage_file("burst", **WIDER)
    watch()

    assert told()[1:] == [("there@example.com", "announced")]


def test_restoring_tells_all_that_it_is_over_and_closing_tells_nobody(watch, outage_file):
    make.outage_alert(recipient="here@example.com")
    for version in (BURST, EXTENDED, BACK):
        outage_file("burst", **version)
        watch()
    closed = [*BACK["updates"], ("2026-11-26T16:20:00+09:00", "closed", "마쳤습니다.")]
    outage_file("burst", **{**BACK, "state": "closed", "updates": closed})
    watch()

    assert [change for _, change in told()] == ["announced", "changed", "restored"]


def test_an_outage_that_is_over_when_it_is_first_seen_is_told_to_nobody(watch, outage_file):
    make.outage_alert(recipient="here@example.com")
    outage_file("burst", **BACK)

    watch()

    assert told() == []
    assert Revision.get(Revision.outage == "burst").told_at is not None


def test_changing_words_without_an_update_tells_nobody(watch, outage_file):
    make.outage_alert(recipient="here@example.com")
    outage_file("burst", **BURST)
    watch()

    outage_file("burst", **{**BURST, "cause": "관이 낡았습니다."})
    watch()

    assert len(told()) == 1


def test_who_has_two_wishes_for_one_change_is_told_once(watch, outage_file):
    account = make.account(email="two@example.com")
    make.outage_alert(account=account)
    make.outage_alert(account=account, road="테헤란로", number=5)
    outage_file("burst", **BURST)

    watch()

    assert told() == [("two@example.com", "announced")]


def test_an_address_is_told_by_its_house_number(watch, outage_file):
    make.outage_alert(recipient="in@example.com", road="테헤란로", number=101)
    make.outage_alert(recipient="out@example.com", road="테헤란로", number=99)
    outage_file("burst", **{**BURST, "area": {"roads": ["강남구 역삼동 테헤란로 101-159"]}})

    watch()

    assert [to for to, _ in told()] == ["in@example.com"]


def test_own_premises_are_matched_by_address_and_block_as_long_as_they_are_linked(
    watch, outage_file
):
    address = "서울특별시 강남구 테헤란로 7"
    area = {"district": "강남구", "dong": "역삼동", "road_address": address}
    places = [make.premises(supply_block=block, **area) for block in ("GN-03", "GN-04")]
    for number, place in enumerate(places):
        home = make.home(premises=place, account=make.account(email=f"{number}@example.com"))
        make.outage_alert(account=home.account, premises=place)
    moved = make.home(premises=places[0], until_on=make.START)
    make.outage_alert(account=moved.account, premises=places[0])
    outage_file("burst", **{**BURST, "area": {"blocks": ["강남구 역삼동 GN-03"]}})

    watch()

    assert [to for to, _ in told()] == ["0@example.com"]


def test_an_account_is_reached_by_its_verified_phone_and_by_mail_when_that_fails(
    watch, outage_file
):
    account = make.account(email="own@example.com")
    Account.update(**Account.with_phone(PHONE, clock.now())).where(
        Account.id == account.id
    ).execute()
    make.outage_alert(account=account, channel="sms")
    outage_file("burst", **BURST)

    watch()

    row = Message.get()
    assert (row.channel, row.recipient) == ("sms", PHONE)
    assert "own@example.com" in row.otherwise
    assert is_wanted()


def test_a_phone_that_is_not_verified_any_more_gets_nothing(watch, outage_file):
    make.outage_alert(account=make.account(email="own@example.com"), channel="sms")
    outage_file("burst", **BURST)

    watch()

    assert (Message.get().channel, Message.get().recipient) == ("mail", "own@example.com")


def test_who_stopped_meanwhile_gets_nothing(watch, outage_file):
    alert = make.outage_alert(recipient="here@example.com")
    outage_file("burst", **BURST)
    watch()
    assert is_wanted()

    Alert.stop(alert.reference)

    assert not is_wanted()


def test_an_address_that_was_changed_meanwhile_gets_nothing(watch, outage_file):
    account = make.account(email="old@example.com")
    make.outage_alert(account=account)
    outage_file("burst", **BURST)
    watch()

    Account.update(email="new@example.com").where(Account.id == account.id).execute()

    assert not is_wanted()


def test_news_that_are_overtaken_are_not_sent_any_more(watch, outage_file):
    make.outage_alert(recipient="here@example.com")
    for version in (BURST, EXTENDED):
        outage_file("burst", **version)
        watch()

    assert not is_wanted(0)
    assert is_wanted(1)


def test_a_change_elsewhere_does_not_stop_the_news(watch, outage_file):
    make.outage_alert(recipient="here@example.com")
    for version in (BURST, WIDER):
        outage_file("burst", **version)
        watch()

    assert is_wanted(0)


def test_an_outage_whose_end_has_long_passed_is_not_announced(watch, outage_file, clock_at):
    make.outage_alert(recipient="here@example.com")
    outage_file("burst", **BURST)
    watch()

    clock_at("2026-11-27 18:00")

    assert not is_wanted()


def test_only_emergencies_are_sent_at_night(watch, outage_file):
    assert not sending.URGENT.rests(lambda: None)
    assert sending.PLANNED.rests(lambda: None)
    assert (sending.URGENT.priority, sending.PLANNED.priority) == MANY


def test_a_planned_outage_waits_for_the_day_and_calling_it_off_is_told(watch, outage_file):
    make.outage_alert(recipient="here@example.com")
    outage_file("works")
    watch()
    outage_file("works", **OFF)
    watch()

    assert [one.kind for one in queued()] == ["outage", "outage"]
    assert [change for _, change in told()] == ["announced", "cancelled"]


def test_news_come_in_the_language_of_who_is_told(watch, outage_file):
    make.outage_alert(recipient="here@example.com", language="en")
    outage_file("burst", **BURST)

    watch()

    assert queued()[0].values["headline"].startswith("Emergency outage in Gangnam-gu 역삼동")


def test_telling_goes_on_where_it_was_interrupted(watch, outage_file, monkeypatch, log_lines):
    monkeypatch.setattr(sending, "BATCH", 2)
    for number in range(5):
        make.outage_alert(recipient=f"{number}@example.com")
    outage_file("burst", **BURST)
    calls = iter([sending.queue_many])
    with monkeypatch.context() as broken:
        broken.setattr(sending, "queue_many", lambda *values: next(calls)(*values))
        watch()  # the second batch finds no way to queue
    assert len(told()) == 2
    assert "burst" in [line.get("outage") for line in log_lines()]

    watch()

    assert [to for to, _ in told()] == [f"{number}@example.com" for number in range(5)]
    assert Revision.get(Revision.outage == "burst").queued == 5


def test_operators_hear_of_a_change_that_was_not_told(db):
    assert sending.stuck(clock.now()) is None

    make.outage_revision(outage="burst")

    assert sending.stuck(clock.now()) == "아직 알리지 못했습니다: burst"
