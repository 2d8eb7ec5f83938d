"""Following a public complaint: confirmed by mail, told of each step, ended by a link."""

import json
from datetime import timedelta

import pytest

from app import clock
from app.complaints import acts, following
from app.complaints.acting import By
from app.complaints.models import Outcome
from app.complaints.records import ComplaintFollower
from app.messages.models import Message
from tests import make
from tests.complaints.steps import released

CLERK = By("staff", "박담당")
pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture(autouse=True)
def now(clock_at):
    clock_at("2026-11-23 09:30")


def follow(client, one, email="Neighbour@Example.com"):
    path = f"/complaints/public/{one.reference}"
    return client.submit(path, path, email=email)


def link_of(number=-1, name="link"):
    messages = list(Message.select().order_by(Message.id))
    return json.loads(messages[number].content)[name].removeprefix("http://127.0.0.1:8000")


def test_following_is_confirmed_by_the_link_in_a_mail(client):
    one = released()

    assert follow(client, one).location.endswith("/asked")
    acts.start(one, CLERK, clock.now())
    assert [message.kind for message in Message.select()] == ["complaint_follow"]
    link = link_of()
    assert ComplaintFollower.get().confirmed_at is None
    client.submit(link)

    assert ComplaintFollower.get().confirmed_at == clock.now()
    acts.close(one, Outcome.SOLVED, "비밀 답변", CLERK, clock.now())
    news = Message.select().order_by(Message.id.desc()).get()
    assert (news.kind, news.recipient) == ("complaint_followed", "neighbour@example.com")
    assert json.loads(news.content)["what"] == "처리를 마쳤습니다"
    assert "비밀 답변" not in news.content


def test_looking_at_the_link_confirms_nothing(client):
    follow(client, released())

    client.get(link_of())

    assert ComplaintFollower.get().confirmed_at is None


def test_asking_twice_sends_one_mail_and_says_the_same(client, clock_at):
    one = released()
    first = follow(client, one)
    client.submit(link_of())
    clock_at("2026-11-23 10:30")

    again = follow(client, one)

    assert again.location == first.location
    assert Message.select().count() == 1
    assert ComplaintFollower.get().confirmed_at


def test_who_lost_the_mail_may_ask_again_later(client, clock_at):
    one = released()
    follow(client, one)
    follow(client, one)
    assert Message.select().count() == 1
    clock_at("2026-11-23 10:30")

    follow(client, one)

    assert Message.select().count() == 2
    assert ComplaintFollower.select().count() == 1


def test_of_what_is_public_no_more_nobody_is_told(client):
    one = released()
    follow(client, one)
    client.submit(link_of())
    acts.release(one, "", CLERK, clock.now(), 1)

    acts.start(one, CLERK, clock.now())

    assert [message.kind for message in Message.select()] == ["complaint_follow"]


def test_the_link_in_each_mail_ends_it_without_a_form_token(app, client):
    one = released()
    follow(client, one)
    link = link_of()
    client.submit(link)
    acts.start(one, CLERK, clock.now())
    end = link_of(name="unsubscribe")
    assert "그만 받기" in client.get(end).text

    assert app.test_client().post(end).status_code == 200

    assert ComplaintFollower.select().count() == 0
    assert client.get(link).status_code == 404
    assert app.test_client().post(end).status_code == 200


def test_a_forged_link_leads_nowhere(client):
    follow(client, released())
    link = link_of()

    assert client.get(f"{link[:-3]}abc").status_code == 404
    assert client.get("/complaints/follow/x").status_code == 404


def test_news_that_waits_is_dropped_when_somebody_has_ended_it(client):
    one = released()
    follow(client, one)
    client.submit(link_of())
    follower = ComplaintFollower.get()
    waiting = following.Waiting({"follower": follower.id}, follower.address, None, clock.now())
    assert following.still_follows(waiting)

    following.end(follower)

    assert not following.still_follows(waiting)


def test_one_address_gets_few_such_mails(client):
    for _ in range(7):
        follow(client, released())

    assert Message.select().count() == 5


def test_what_is_over_cannot_be_followed(client):
    one = released(state="done", closed_at=clock.now())

    page = client.get(f"/complaints/public/{one.reference}").text

    assert 'name="email"' not in page


def test_wishes_that_nobody_confirmed_and_old_ones_go(db):
    open_one, over = released(), released(closed_at=clock.now() - timedelta(days=91))
    now = clock.now()
    make.complaint_follower(complaint=open_one, created_at=now - timedelta(days=1))
    make.complaint_follower(complaint=over, created_at=now, confirmed_at=now)
    stays = make.complaint_follower(complaint=open_one, created_at=now, confirmed_at=now)
    make.complaint_follower(complaint=open_one, created_at=now)

    assert following.forget(now) == 2

    assert stays.id in {one.id for one in ComplaintFollower.select()}


def by_text(client, one, phone="010-9999-8888"):
    path = f"/complaints/public/{one.reference}"
    return client.submit(path, path, channel="sms", phone=phone)


def test_news_come_by_text_message_to_who_chose_that_and_confirmed_it(client):
    one = released()

    assert by_text(client, one).location.endswith("/asked")
    asked = Message.get()
    assert (asked.kind, asked.channel, asked.recipient) == (
        "complaint_follow", "sms", "+821099998888",
    )  # fmt: skip
    client.submit(link_of())
    acts.start(one, CLERK, clock.now())

    news = Message.select().order_by(Message.id.desc()).get()
    assert (news.kind, news.channel, news.recipient) == (
        "complaint_followed", "sms", "+821099998888",
    )  # fmt: skip


@pytest.mark.parametrize(
    "typed", [{"phone": "02-3146-2000"}, {"phone": ""}, {"channel": "mail"}, {"channel": "x"}]
)
def test_what_cannot_be_reached_is_said(client, typed):
    one = released()
    path = f"/complaints/public/{one.reference}"

    answer = client.submit(path, path, **{"channel": "sms", "phone": "010-9999-8888", **typed})

    assert answer.status_code == 422
    assert Message.select().count() == 0


def test_where_no_texts_are_sent_none_are_offered(client, app, monkeypatch):
    monkeypatch.setitem(app.config, "SMS_URL", "")
    one = released()

    assert 'name="channel"' not in client.get(f"/complaints/public/{one.reference}").text
    assert by_text(client, one).status_code == 422
