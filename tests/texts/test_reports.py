"""Whether texts arrived: reports that are late, double, out of order, false, unknown or missing."""

import json
from datetime import timedelta

import pytest

from app import clock
from app.config import SMS_HOOK_SECRET
from app.messages import sweep
from app.messages.lanes import Lane
from app.messages.models import Cause, State
from app.messages.timetable import Timetable
from app.texts import reports
from app.texts.models import MessageEvent
from app.texts.solapi import Solapi
from tests.texts.conftest import DAY, again

HOOK = f"/hooks/texts/{SMS_HOOK_SECRET}"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def day(clock_at):
    clock_at(DAY)


@pytest.fixture
def accepted(text, deliver, provider):
    """A message that the provider has, and that is under way for a minute."""
    provider.turn(final_after=60)
    message = text()
    deliver()
    return message


@pytest.fixture
def ask(app, provider):
    """ask(after) has the provider asked of all that is due at a later moment."""

    def start(after=timedelta(0)):
        moment = clock.now() + after
        with app.app_context(), clock.at(moment):
            return sum(reports.ask_all(moment))

    return start


@pytest.fixture
def post(client):
    """post(event, …) posts reports as the provider does; the status of the answer."""

    def send(*events, path=HOOK):
        answer = client.post(path, data=json.dumps(events), content_type="application/json")
        return answer.status_code

    return send


def event(message, code="4000", key="event-1", **data):
    fields = {"reference": message.reference} if message else {}
    known = {"messageId": again(message).provider_id if message else "M4V-unknown"}
    return {
        "eventDataId": key,
        "retryCount": 0,
        "data": {**known, "customFields": fields, "statusCode": code, **data},
    }


def events(message):
    found = MessageEvent.select().where(MessageEvent.message == message).order_by(MessageEvent.id)
    return [(one.source, one.code) for one in found]


def test_a_report_is_a_hint_and_the_provider_is_asked(accepted, post, ask):
    early = ask()
    status = post(event(accepted))
    noted = again(accepted).state

    asked = ask(2 * MINUTE)

    assert (early, status, noted, asked) == (0, 204, State.ACCEPTED, 1)
    assert again(accepted).state == State.DELIVERED
    assert events(accepted) == [("hook", "4000"), ("read", "4000")]


def test_many_messages_are_asked_for_at_once(text, deliver, provider, ask, monkeypatch):
    messages = [text(to=f"+8210{number:08d}") for number in range(7)]
    deliver()
    monkeypatch.setattr(reports, "AT_ONCE", 3)
    before = len(provider.store.run("SELECT 1 FROM signatures"))

    asked = ask(6 * MINUTE)

    assert asked == 7
    assert len(provider.store.run("SELECT 1 FROM signatures")) - before == 3
    assert {again(one).state for one in messages} == {State.DELIVERED}


def test_a_provider_that_lists_one_at_a_time_is_asked_one_by_one(text, deliver, ask, monkeypatch):
    messages = [text(to=f"+8210{number:08d}") for number in range(3)]
    deliver()
    listed = Solapi.listed

    def one_by_one(self, query, now):
        return {} if "messageIds[0]" in query else listed(self, query, now)

    monkeypatch.setattr(Solapi, "listed", one_by_one)
    ask(6 * MINUTE)

    assert {again(one).state for one in messages} == {State.DELIVERED}


def test_without_any_report_the_provider_is_asked_all_the_same(accepted, ask):
    early = ask(4 * MINUTE)
    ask(6 * MINUTE)

    assert early == 0
    assert again(accepted).state == State.DELIVERED


def test_a_false_report_changes_nothing(accepted, post, ask, provider):
    """It says delivered; the provider says that it is under way, and then that it has failed."""
    post(event(accepted, "4000"))
    ask(MINUTE / 2)
    under_way = again(accepted).state
    provider.store.run("UPDATE messages SET result = '3104'")
    post(event(accepted, "4000", key="event-2"))
    ask(6 * MINUTE)

    assert under_way == State.ACCEPTED
    assert again(accepted).state == State.FAILED
    assert [code for _, code in events(accepted)] == ["4000", "3000", "4000", "3104"]


def test_a_report_that_comes_twice_is_kept_once(accepted, post, clock_at):
    statuses = [post(event(accepted), event(accepted))]
    clock_at(clock.now() + HOUR)
    statuses.append(post(event(accepted)))

    assert statuses == [204, 204]
    assert events(accepted) == [("hook", "4000")]


@pytest.mark.parametrize("late", ["3104", "3000", "2000"])
def test_a_final_state_never_moves_back(accepted, post, ask, late):
    post(event(accepted))
    ask(2 * MINUTE)

    post(event(accepted, late, key="event-2"))
    ask(HOUR)

    assert again(accepted).state == State.DELIVERED
    assert ("hook", late) in events(accepted)


def test_reports_in_the_wrong_order_end_well(accepted, post, ask, provider):
    for key, code in (("second", "4000"), ("first", "3000")):
        post(event(accepted, code, key=key))
    ask(2 * MINUTE)

    assert again(accepted).state == State.DELIVERED


def test_a_report_of_a_message_that_is_not_ours_is_kept_and_forgotten(post, ask, app):
    assert post(event(None)) == 204
    found = MessageEvent.get()
    ask(HOUR)

    reports.forget(clock.now() + timedelta(days=89))
    kept = MessageEvent.select().count()
    reports.forget(clock.now() + timedelta(days=91))

    assert (found.message_id, found.provider_id, kept) == (None, "M4V-unknown", 1)
    assert MessageEvent.select().count() == 0


def test_a_report_without_our_reference_is_found_by_the_providers_id(accepted, post):
    post(event(accepted, customFields={}))

    assert events(accepted) == [("hook", "4000")]


def test_a_report_of_a_message_whose_answer_was_lost_has_it_asked_for_soon(
    text, deliver, provider, post
):
    message = text()
    provider.next("lost")
    deliver()
    before = again(message).run_after

    post(event(message, messageId="M4V-whatever"))
    deliver()

    assert before > clock.now()
    assert again(message).state == State.ACCEPTED
    assert len(provider.messages()) == 1


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("3104", Cause.PERMANENT),
        ("9999", Cause.PERMANENT),
        ("3018", Cause.TEMPORARY),
        ("3059", Cause.TECHNICAL),
    ],
)
def test_a_message_that_did_not_arrive_says_why(text, deliver, provider, ask, code, cause):
    provider.turn(result=code, final_after=60)
    message = text()
    deliver()

    ask(6 * MINUTE)

    found = again(message)
    assert (found.state, found.problem, found.cause) == (State.FAILED, code, cause)


def test_a_message_of_which_nothing_is_heard_fails_after_three_days(accepted, ask, provider):
    provider.turn(final_after=10**7)
    provider.store.run("UPDATE messages SET final_at = '9'")
    ask(timedelta(hours=71))
    before = again(accepted).state
    ask(timedelta(hours=78))

    found = again(accepted)
    assert before == State.ACCEPTED
    assert (found.state, found.problem, found.cause) == (State.FAILED, "no report", "temporary")


def test_it_is_asked_less_and_less_often(accepted, ask, provider):
    provider.store.run("UPDATE messages SET final_at = '9'")

    asked = sum(ask(number * 5 * MINUTE) for number in range(12 * 24))

    assert 5 <= asked <= 20


def test_a_clock_that_was_a_day_ahead_keeps_nobody_from_asking(accepted, ask):
    type(accepted).update(run_after=clock.now() + timedelta(days=1)).execute()

    sweep.wake(clock.now())
    ask(2 * MINUTE)

    assert again(accepted).state == State.DELIVERED


def test_a_provider_that_cannot_be_asked_is_asked_again(accepted, ask, provider, log_lines):
    provider.turn(list="off")
    ask(6 * MINUTE)
    failed = again(accepted).state
    provider.turn(list="on")
    ask(12 * MINUTE)

    assert failed == State.ACCEPTED
    assert log_lines()[0]["event"] == "texts: the provider cannot be asked"
    assert again(accepted).state == State.DELIVERED


def test_the_lane_of_texts_asks_by_itself(app, text_lane, accepted):
    lane = Lane(app, "texts", text_lane().adapter, timedelta(seconds=60))
    lane.timetable = Timetable("texts")
    with app.app_context():
        lane.step(lambda: clock.now() + 6 * MINUTE)

    assert again(accepted).state == State.DELIVERED or events(accepted)


@pytest.mark.parametrize(("money", "told"), [(49_000, True), (51_000, False)])
def test_little_money_is_an_error_in_the_log(app, text_lane, provider, log_lines, money, told):
    text_lane()
    provider.turn(money=money)

    with app.app_context():
        reports.watch_balance(clock.now())

    assert [line["won"] for line in log_lines()] == ([money] if told else [])
