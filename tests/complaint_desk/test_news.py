"""A queue that is left open says by itself what has come, and costs little while it waits."""

from datetime import timedelta

import pytest

from app import clock
from app.complaint_desk import news
from app.complaint_desk.news import Mark
from app.complaints import acts
from app.complaints.acting import APPLICANT, SYSTEM
from app.complaints.models import ComplaintEvent, Outcome
from app.complaints.queue import Wanted
from app.db import is_postgres
from app.staff.sign_ins import StaffSession
from tests import make
from tests.complaint_desk.conftest import MONDAY
from tests.complaints.steps import file_leak
from tests.markup import Page

QUEUE = "/staff/complaints/"
ASKS = {"HX-Request": "true", "HX-Target": "news"}


def arrive(**values):
    one = make.complaint(received_at=MONDAY, due_at=MONDAY + timedelta(hours=9), **values)
    make.complaint_event(complaint=one, at=clock.now(), kind="received")
    return one


def look(client, **narrowed):
    """What an open page sends along with each of its questions."""
    page = Page(client.get(QUEUE, query_string=narrowed).text)
    fields = {e.get("name"): e.get("value") for e in page.tagged("input") if e.get("id")}
    mark = {"since": fields["since"], "seen": fields["seen"]}

    def ask(seen=None):
        sent = {**narrowed, **mark, "seen": seen or mark["seen"]}
        return client.get(QUEUE, query_string=sent, headers=ASKS)

    return ask


def test_an_open_queue_says_what_has_come_and_names_it(at_desk, client):
    ask = look(at_desk("clerk", office=""))
    assert ask().status_code == 204

    number = file_leak(client)

    told = ask()
    assert "새로 온 민원 1건" in told.text
    assert f'href="{QUEUE}{number}"' in told.text
    assert "<table" not in told.text
    assert ask(seen="1").status_code == 204


def test_each_change_that_brings_one_into_the_queue_is_told(clerk, meanwhile):
    other, done = make.complaint(office="093"), make.complaint(state="waiting", due_at=None)
    closed = make.complaint(state="done", closed_at=clock.now())
    ask = look(clerk)

    meanwhile(acts.move, other, "091", SYSTEM, clock.now())
    meanwhile(acts.give, done, "여기 있습니다.", APPLICANT, clock.now())
    meanwhile(acts.reopen, closed, "그대로입니다.", APPLICANT, clock.now())

    assert "새로 온 민원 3건" in ask().text


def test_what_others_do_or_other_offices_get_is_no_news(clerk, meanwhile):
    known = arrive()
    ask = look(clerk)

    arrive(office="093")
    meanwhile(acts.start, known, SYSTEM, clock.now())
    meanwhile(acts.close, arrive(), Outcome.SOLVED, "고쳤습니다.", SYSTEM, clock.now())

    assert ask().status_code == 204


def test_a_narrowed_queue_tells_only_of_what_it_would_show(clerk):
    ask = look(clerk, type="bill")

    arrive()
    assert ask().status_code == 204
    arrive(type="bill")
    assert "새로 온 민원 1건" in ask().text


def test_what_came_a_moment_before_the_page_is_shown_by_it_and_told_by_nothing(clerk, clock_at):
    arrive()
    clock_at("2026-11-23 10:00:01")

    assert look(clerk)().status_code == 204


def test_an_event_that_is_seen_later_than_a_younger_one_is_told(db, clock_at):
    late, young = arrive(), arrive()
    event = ComplaintEvent.get(ComplaintEvent.complaint == late)
    ComplaintEvent.delete().where(ComplaintEvent.complaint == late).execute()
    clock_at("2026-11-23 10:00:01")
    mark = news.mark(["091"], Wanted(), clock.now())
    assert mark.known == 1

    event.save(force_insert=True)

    assert len(news.since(mark, ["091"], Wanted(), clock.now())) == 1
    assert young.id


def test_more_than_can_be_counted_is_a_plus(clerk, monkeypatch):
    monkeypatch.setattr(news, "MOST", 2)
    ask = look(clerk)

    numbers = [arrive().reference for _ in range(3)]

    assert "새로 온 민원 2건+" in ask().text
    assert numbers[-1] in ask().text


@pytest.mark.parametrize("text", ["", "x", "1", "1.x", "-1.0", "1.2.3", "².1"])
def test_a_mark_that_no_page_has_made_finds_nothing(clerk, text):
    assert Mark.of(text) is None
    arrive()

    answer = clerk.get(QUEUE, query_string={"since": text, "seen": "0"}, headers=ASKS)

    assert answer.status_code == 204


def test_it_can_be_stopped_and_begun_again(clerk):
    page = clerk.get(f"{QUEUE}?type=bill").text
    assert 'hx-trigger="every 4s"' in page
    assert f'href="{QUEUE}?type=bill&amp;live=off"' in page

    stopped = clerk.get(f"{QUEUE}?type=bill&live=off").text

    assert "hx-" not in stopped
    assert f'href="{QUEUE}?type=bill"' in stopped


def test_an_open_page_alone_keeps_nobody_signed_in(clerk, clock_at):
    ask = look(clerk)
    seen = StaffSession.get().seen_at

    clock_at("2026-11-23 10:05")
    ask()
    assert StaffSession.get().seen_at == seen

    clerk.get(QUEUE)
    assert StaffSession.get().seen_at > seen


def test_looking_for_news_reads_the_newest_events_and_not_the_queue(db):
    arrive()
    sql, values = news.behind(["091", "093"], Wanted(), clock.now(), 0).sql()

    if is_postgres():
        assert len(db.execute_sql(sql, values).fetchall()) == 1
    else:
        plan = " ".join(row[3] for row in db.execute_sql(f"EXPLAIN QUERY PLAN {sql}", values))
        assert "SEARCH t1 USING INTEGER PRIMARY KEY (rowid>?)" in plan
        assert "SEARCH t2 USING INTEGER PRIMARY KEY (rowid=?)" in plan
