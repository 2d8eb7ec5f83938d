"""내 정보 모두 보기: everything that is held about oneself, and nothing about others (S-57)."""

import json
from datetime import date

import pytest

from app import clock
from app.language import LANGUAGES
from app.mydata import person
from app.mydata.topics import TOPICS
from app.privacy.register import blocks, models
from app.supply.models import Home
from tests import make

SHOWN = {
    "account": ("한나래", "narae@example.com", "010-1234-5678"),
    "sign_in": ("내 열쇠", "로그인한 적이 있는 브라우저"),
    "consents": ("소식 메일 (광고)", "메일의 링크", "2026-11-22"),
    "homes": ("바닷가 집", "012345678", "file@example.com", "청구지 7", "뒷마당", "김*수"),
    "home_record": ("고지서로 확인", "******678"),
    "bills": ("2026-11", "1,031", "정기 검침"),
    "payments": ("2026년 11월 수도요금", "31,680", "납부함"),
    "uses": ("777", "2026. 11. 18."),
    "documents": ("DCMNT2345678",),
    "complaints": ("도로 누수", "접수했습니다"),
    "messages": ("계정 알림", "보냄"),
    "notices": ("고지서가 나오면", "Safari · iPhone"),
    "asked": ("집을 샀다고 썼습니다.", "청구지를 고쳐 주십시오."),
    "looks": ("없습니다.",),
}


def test_the_first_page_counts_what_there_is_under_each_topic(me):
    page = me.get("/profile/data/").text

    for topic in TOPICS:
        assert f'href="/profile/data/{topic.code}"' in page
    assert "한나래 님에 대해" in page
    assert page.count("없습니다.</span>") == 1  # nobody looked


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.code)
def test_each_topic_shows_what_is_held_and_where_it_is_changed(me, topic):
    page = me.get(f"/profile/data/{topic.code}").text

    for text in SHOWN[topic.code]:
        assert text in page
    for href, name in topic.links:
        assert f'href="{href}"' in page
        assert str(name) in page


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.code)
def test_each_topic_speaks_english(me, topic):
    page = me.get(f"/profile/data/{topic.code}?lang=en").text

    assert '<html lang="en"' in page
    for table in topic.tables:
        assert str(table.title) not in page


def test_every_link_of_a_topic_opens(me):
    paths = {href for topic in TOPICS for href, _ in topic.links}

    assert {path: me.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


def test_no_topic_is_hidden_by_another_page(app):
    """A page of its own at the address of a topic would be opened instead."""
    urls = app.url_map.bind("localhost")

    for topic in TOPICS:
        assert urls.match(f"/profile/data/{topic.code}")[0] == "mydata.topic", topic.code


def test_a_topic_that_there_is_not_is_not_found(me):
    assert me.get("/profile/data/nothing").status_code == 404


def test_details_want_the_password_again_after_some_minutes(me, clock_at):
    clock_at("2026-11-26 12:10")

    assert me.get("/profile/data/").status_code == 200
    answer = me.get("/profile/data/account")
    assert answer.location == "/login/again?next=/profile/data/account&how=any"


def test_only_the_newest_are_shown_and_the_rest_is_told(me):
    for number in range(60):
        make.message(account_id=me.account.id, dedupe_key=f"more {number}")

    page = me.get("/profile/data/messages").text

    assert page.count("<tr>") == 13
    assert "오래된 것 49건이 더 있습니다" in page


def test_who_only_looks_on_sees_no_number_no_holder_and_no_reduction(me, sign_in):
    viewer = make.account()
    make.home(account=viewer, premises=me.place, role="viewer", name="아이 집")
    client = sign_in(viewer)

    homes = client.get("/profile/data/homes").text
    bills = client.get("/profile/data/bills").text

    assert "아이 집" in homes
    for hidden in ("012345678", "한나래", "file@example.com", "뒷마당"):
        assert hidden not in homes
    assert "기초생활" not in bills


def test_what_was_before_and_after_ones_time_is_not_there(me, sign_in):
    tenant = make.account()
    window = {"since_on": date(2026, 11, 1), "until_on": date(2026, 11, 10)}
    make.home(account=tenant, premises=me.place, **window)
    client = sign_in(tenant)

    bills, uses = client.get("/profile/data/bills").text, client.get("/profile/data/uses").text

    assert "2026-11</td>" not in bills
    assert "1,031" not in bills
    assert "777" not in uses


def test_the_tenant_before_is_not_shown_to_the_next_one(me):
    make.occupancy(
        premises=me.place, started_on=date(2010, 1, 1), ended_on=date(2012, 1, 1), name="옛사람"
    )

    assert "옛사람" not in me.get("/profile/data/homes").text


def test_another_account_sees_nothing_of_it(me, sign_in):
    stranger = sign_in(make.account())

    for topic in TOPICS:
        page = stranger.get(f"/profile/data/{topic.code}").text
        for texts in SHOWN.values():
            for text in ("narae@example.com", *texts[:1]):
                assert text not in page or text in str(topic.tables) or len(text) < 6


def test_every_table_of_accounts_has_rows_in_the_tests_so_that_nothing_is_forgotten(me):
    """Of each table that people see there is a row, which the download is searched for."""
    for block in blocks().values():
        if block.person and block.topic and block.topic != "looks":
            column = models()[block.table]._meta.columns[block.person]
            assert models()[block.table].select().where(column == me.account.id).exists(), block
    assert Home.select().count() == 2


def test_titles_and_columns_are_there_in_every_language(app):
    from app.language import speaking

    for language in LANGUAGES:
        with speaking(language):
            for topic in TOPICS:
                for table in topic.tables:
                    names = [str(name) for name in table.columns.values()]
                    assert len(set(names)) == len(names), (table.code, names)


def test_a_text_and_a_notification_are_given_as_they_were_sent(app, me):
    bill = {"month": "2026년 11월", "amount": "23,450원", "due": "2026. 11. 30.", "number": "678"}
    for channel, to in (("sms", "+821012345678"), ("push", "7")):
        make.message(
            account_id=me.account.id,
            channel=channel,
            kind="bill_ready",
            recipient=to,
            content=json.dumps(bill),
            state="delivered",
            priority=2,
        )

    with app.app_context():
        push, text = person.messages(me.account, clock.now())[:2]

    assert text["said"].startswith("[아리수 사이버고객센터] 2026년 11월 수도요금 23,450원")
    assert (text["to"], text["state"].text) == ("010-1234-5678", "도착함")
    assert push["said"].startswith("새 고지서가 나왔습니다")
    assert push["to"] == ""
