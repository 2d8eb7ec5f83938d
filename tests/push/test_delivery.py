"""Push messages: sealed, signed, without names; browsers that are gone are forgotten."""

import base64
import json
from datetime import timedelta

import pytest

from app import clock
from app.accounts.subscriptions import Keys, Subscription
from app.messages.kinds import Priority
from app.messages.models import Cause, Message, State
from app.push import vapid
from app.push.channel import payload
from tests import make
from tests.push.conftest import TEXT

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def day(clock_at):
    clock_at("2026-11-20 10:00")


@pytest.fixture
def account(db):
    return make.account()


def again(message):
    return Message.get_by_id(message.id)


def mails():
    return [one.recipient for one in Message.select().where(Message.channel == "mail")]


def test_a_browser_opens_what_was_sealed_for_it(account, subscribed, notice, deliver, service):
    subscribed(account)
    message = notice(account)

    deliver()

    (found,) = service.read("pushes")
    said = json.loads(found["text"])
    assert (said["title"], said["body"]) == tuple(TEXT.split("\n"))
    assert (said["url"], said["tag"], said["lang"]) == ("/verify/abc", message.reference, "ko")
    headers = found["headers"]
    assert headers == {"TTL": "172800", "Urgency": "normal", "Topic": message.reference}
    assert again(message).state == State.SENT


def test_names_do_not_leave_the_house(account, subscribed, notice, deliver, service):
    subscribed(account)
    notice(account)

    deliver()

    assert "김보기" not in service.read("pushes")[0]["text"]


def test_all_browsers_of_an_account_show_it_and_no_other(
    account, subscribed, notice, deliver, shown
):
    for _ in range(3):
        subscribed(account)
    subscribed(make.account())
    notice(account)

    deliver()

    assert len(shown()) == 3


@pytest.mark.parametrize("mode", ["gone", "404"])
def test_a_browser_that_is_gone_is_forgotten_and_the_mail_follows(
    account, subscribed, notice, deliver, service, mode
):
    subscribed(account)
    message = notice(account)
    service.next(mode, door="push")

    deliver()

    assert Subscription.of(account.id).count() == 0
    assert (again(message).state, again(message).cause) == (State.FAILED, Cause.PERMANENT)
    assert mails() == [account.email]


def test_one_browser_that_is_gone_does_not_matter_while_another_shows_it(
    account, subscribed, notice, deliver, service, shown
):
    subscribed(account)
    subscribed(account)
    message = notice(account)
    service.next("gone", door="push")

    deliver()

    assert (again(message).state, len(shown()), mails()) == (State.SENT, 1, [])
    assert Subscription.of(account.id).count() == 1


@pytest.mark.parametrize("mode", ["429", "500"])
def test_a_service_that_is_busy_gets_it_later(account, subscribed, notice, deliver, service, mode):
    subscribed(account)
    message = notice(account)
    service.next(mode, door="push")

    deliver()
    waiting = again(message)
    deliver(2 * MINUTE)

    assert (waiting.state, waiting.run_after) == (State.CREATED, clock.now() + MINUTE)
    assert again(message).state == State.SENT


def test_what_is_too_large_is_given_up(account, subscribed, notice, deliver, service):
    subscribed(account)
    message = notice(account)
    service.next("413", door="push")

    deliver()

    assert (again(message).state, mails()) == (State.FAILED, [account.email])
    assert Subscription.of(account.id).count() == 1


@pytest.mark.parametrize("mode", ["401", "403"])
def test_a_key_that_is_not_taken_is_told_and_blocks_nobody_else(
    account, subscribed, notice, deliver, service, log_lines, mode
):
    subscribed(account)
    refused = notice(account)
    other = make.account()
    subscribed(other)
    sent = notice(other)
    service.next(mode, door="push")

    deliver()

    assert log_lines()[0]["event"] == "push: our key is not taken"
    assert (again(refused).state, again(sent).state) == (State.CREATED, State.SENT)
    assert Subscription.of(account.id).count() == 1


def test_without_a_browser_the_mail_follows(account, notice, deliver):
    message = notice(account)

    deliver()

    assert (again(message).state, mails()) == (State.FAILED, [account.email])


def test_a_disabled_account_shows_nothing(account, subscribed, notice, deliver, shown):
    subscribed(account)
    account.disabled_at = clock.now()
    account.save()
    notice(account)

    deliver()

    assert shown() == []


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://169.254.169.254/latest/meta-data/",
        "https://10.0.0.1/push",
        "https://evil.example/push",
        "http://fcm.googleapis.com/x",
    ],
)
def test_a_place_that_may_not_be_called_is_forgotten_unasked(
    account, subscribed, new_browser, notice, deliver, endpoint
):
    """Rows of a time when it was allowed, or that somebody has put into the database."""
    subscribed(account, given={**new_browser(), "endpoint": endpoint})
    message = notice(account)

    deliver()

    assert (again(message).state, Subscription.of(account.id).count()) == (State.FAILED, 0)


def test_keys_that_are_none_are_forgotten(account, subscribed, new_browser, notice, deliver):
    wrong = base64.urlsafe_b64encode(b"\x04" + b"x" * 64).decode().rstrip("=")
    given = new_browser()
    subscribed(account, given={**given, "keys": {**given["keys"], "p256dh": wrong}})
    message = notice(account)

    deliver()

    assert (again(message).state, Subscription.of(account.id).count()) == (State.FAILED, 0)


def test_sent_again_after_a_lost_answer_it_is_one_notice(
    account, subscribed, notice, deliver, service, shown
):
    """Its tag and topic are the same, and browsers show one."""
    subscribed(account)
    message = notice(account)
    deliver()
    Message.update(state=State.SENDING, run_after=clock.now()).execute()

    deliver(MINUTE)

    assert [one["tag"] for one in shown()] == [message.reference] * 2
    assert {one["headers"]["Topic"] for one in service.read("pushes")} == {message.reference}


def test_what_does_not_last_is_not_kept_by_the_service(
    account, subscribed, push_kind, notice, deliver, service
):
    subscribed(account)
    notice(account, push_kind("soon", Priority.NORMAL, timedelta(minutes=10)))

    deliver(4 * MINUTE)

    assert service.read("pushes")[0]["headers"]["TTL"] == "360"


@pytest.mark.parametrize("link", ["https://evil.example/x", "javascript:alert(1)", "//evil", ""])
def test_a_notice_leads_to_this_site_only(app, push_kind, link):
    said = json.loads(payload(app, push_kind(), "ko", {"name": "-", "link": link}, "t"))

    assert said["url"] == "/"


def test_the_key_of_a_developer_is_made_once(app, tmp_path):
    config = {**app.config, "DATA_DIR": str(tmp_path), "VAPID_KEY": ""}

    first, second = vapid.private(config), vapid.private(config)

    assert first == second
    assert (tmp_path / "vapid.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["vapid.key"]
    assert len(vapid.public(first)) == 87


def test_production_has_no_push_without_a_key_and_refuses_a_bad_one(app, monkeypatch, runner):
    monkeypatch.setitem(app.config, "MODE", "production")
    assert not vapid.is_on(app)
    made = runner.invoke(args=["push", "key"]).stdout.strip()
    monkeypatch.setitem(app.config, "VAPID_KEY", made)
    assert vapid.is_on(app)
    assert vapid.complaint(app) is None
    for wrong in ("short", "A" * 43, f"{made}="):
        monkeypatch.setitem(app.config, "VAPID_KEY", wrong)
        assert "flask push key" in vapid.complaint(app)


def test_the_database_cannot_read_where_browsers_are(account, subscribed, db):
    given = subscribed(account)

    stored = str(db.execute_sql("SELECT * FROM push_subscriptions").fetchall())

    assert given["endpoint"] not in stored
    kept = Subscription.of(account.id).get().keys
    assert kept == Keys(given["endpoint"], given["keys"]["p256dh"], given["keys"]["auth"])
