"""개발용 우편함: mails that became files, in development only."""

import re

import pytest

from app import clock
from app.messages.smtp import mail_folder
from tests.markup import Page
from tests.messages.conftest import deliver_due
from tests.test_security import production


@pytest.fixture
def mailed(app, queued, lane):
    """mailed(**values) writes a mail into a file; its address in the mailbox."""

    def make(**values):
        message = queued(**values)
        deliver_due(lane(), clock.now())
        found = next(mail_folder(app.config).glob(f"*-{message.reference}.eml"))
        return f"/mailbox/{found.stem}"

    yield make
    for path in mail_folder(app.config).glob("*"):
        path.unlink()


def test_the_mailbox_lists_the_newest_mail_first(client, mailed, clock_at):
    clock_at("2026-11-22 14:30")
    first = mailed(to="old@example.com")
    clock_at("2026-11-22 14:31")
    second = mailed(to="new@example.com")

    text = client.get("/mailbox/").text

    assert re.findall(r'"(/mailbox/\d[^"]*)"', text) == [second, first]
    assert "제목: 김보기" in text
    assert "new@example.com, 2026-11-22 14:31:00" in text


def test_an_empty_mailbox_says_so(client):
    assert "아직 메일이 없습니다." in client.get("/mailbox/").text


def test_a_mail_is_shown_with_its_link_to_click_and_its_html(client, mailed):
    text = client.get(mailed()).text

    assert '<a href="http://127.0.0.1:8000/verify/abc">' in text
    assert "&lt;!doctype html&gt;" in text


def test_what_a_mail_says_is_never_taken_for_html(client, mailed):
    page = client.get(mailed(values={"name": "<script>alert(1)</script>", "link": "-"})).text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("name", ["x", "20261122-143000000000-NOTHING", "..%2farisu.db", "%2e%2e"])
def test_there_is_nothing_but_mails_in_the_mailbox(client, name):
    assert client.get(f"/mailbox/{name}").status_code == 404


def test_the_mailbox_is_found_from_every_page_in_development(client):
    footer = Page(client.get("/").text).tagged("footer")[0]

    assert "개발용 우편함" in footer.words


@pytest.mark.slow
def test_there_is_no_mailbox_in_production(make_app):
    client = production(make_app).test_client()

    answers = [client.get(path, base_url="https://a.kr") for path in ("/mailbox/", "/mailbox/x")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert "개발용" not in client.get("/", base_url="https://a.kr").text
