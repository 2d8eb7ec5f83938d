"""Withdrawing takes no more steps than giving (S-57): pages and presses are counted."""

from app.accounts import consents
from app.messages.models import Message
from app.reminders import mails
from tests.markup import Page
from tests.signup import steps as signup

PROFILE = "/profile/"


class Walker:
    """Goes through pages like a person and counts the steps: links followed, buttons pressed."""

    def __init__(self, client, start):
        self.client, self.path, self.steps = client, start, 0

    def follow(self, path):
        assert f'href="{path}"' in self.client.get(self.path).text, f"{self.path} has no {path}"
        self.path, self.steps = path, self.steps + 1
        return self

    def press(self, action):
        answer = self.client.submit(self.path, action)
        assert answer.status_code in (200, 303), answer.status_code
        self.path, self.steps = answer.location or self.path, self.steps + 1
        return self


def standing(client):
    return consents.current(client.account)["news"].given


def test_news_are_refused_with_as_many_steps_as_they_are_wanted(me):
    given = Walker(me, PROFILE).follow("/profile/consents")
    me.submit("/profile/consents", "/profile/consents/news/withdrawn")
    given.press("/profile/consents/news/given")
    assert standing(me)

    taken = (
        Walker(me, PROFILE).follow("/profile/consents").press("/profile/consents/news/withdrawn")
    )

    assert not standing(me)
    assert taken.steps <= given.steps


def test_a_mail_ends_with_a_link_and_a_press(app, client, me):
    with app.app_context():
        link = mails.stop_link(me.account.id, "news")
    path = "/" + link.split("/", 3)[3]

    walker = Walker(client, path)
    walker.steps += 1  # the link in the mail
    page = Page(client.get(path).text)
    client.post(path, data=page.form())
    walker.steps += 1

    assert not standing(me)
    assert walker.steps <= 2


def test_notices_are_stopped_with_as_many_steps_as_they_are_wanted(me):
    taken = Walker(me, PROFILE).follow("/reminders/").press("/reminders/bill/mail/off")
    given = Walker(me, PROFILE).follow("/reminders/").press("/reminders/bill/mail/on")

    assert taken.steps <= given.steps


def test_what_is_required_ends_with_fewer_steps_than_it_took_to_join(client, me, now):
    joined = len(signup.ANSWERS) + 2  # the forms, sending them off, and the link in the mail

    closed = (
        Walker(me, PROFILE).follow("/profile/data/closing").follow("/profile/data/closing/check")
    )
    closed.press("/profile/data/closing/check")

    assert consents.current(me.account) == {}
    assert closed.steps == 3
    assert closed.steps < joined
    assert Message.get(Message.kind == "account_closed")
