"""The desk's page of a customer: masked, whole for a reason, each look written down."""

import json

import pytest

from app import clock
from app.audit import trail
from app.audit.models import Entry
from app.audit.trail import About, Actor
from app.customers import texts
from app.messages.models import State
from app.supply.models import Occupancy
from tests import make, outbox

NAME, MAIL, PHONE = "한나래", "narae@example.com", "+821012345678"
WHOLE = (NAME, MAIL, "010-1234-5678", "101호")


@pytest.fixture
def place(db):
    found = make.premises(road_address="서울특별시 성북구 물결로 12, 101호 (가상 주소)")
    contact = Occupancy.with_phone(PHONE)
    make.occupancy(premises=found, name=NAME, email=MAIL, billing_address="", **contact)
    make.bill(premises=found, month="2026-11", usage_m3=24)
    return found


def find(client, query):
    return client.submit("/staff/customers/", "/staff/customers/", query=query)


def shown(page):
    return [text for text in WHOLE if text in page]


def test_a_number_leads_to_the_page_at_once(at_desk, place):
    client = at_desk("clerk")

    found = client.get(find(client, place.number).location)

    assert found.location == f"/staff/customers/{place.number}"
    assert client.get(found.location).status_code == 200


def test_no_address_holds_what_was_typed(at_desk, place):
    answer = find(at_desk("clerk"), NAME)

    assert answer.status_code == 303
    assert NAME not in answer.location
    assert len(answer.location.rsplit("/", 1)[1]) == 20


def test_anothers_search_is_not_there(at_desk, place):
    location = find(at_desk("clerk"), NAME).location

    assert at_desk("clerk").get(location).location == "/staff/customers/"


def test_lists_and_pages_are_masked(at_desk, place):
    make.occupancy(premises=make.premises(), name="한나라")
    client = at_desk("clerk")

    results = client.get(find(client, "한나").location).text
    page = client.get(f"/staff/customers/{place.number}").text

    assert shown(results) == shown(page) == []
    assert "한*래" in page


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("물결로", True),
        ("종로구", True),
        ("물결로12길", True),
        ("홍길순", False),
        ("물결로 99", False),
    ],
)
def test_an_address_without_a_house_number_is_told_what_it_lacks(at_desk, place, query, told):
    client = at_desk("clerk")

    page = client.get(find(client, query).location).text

    assert "담당 사업소에는 맞는 고객이 없습니다." in page
    assert ("건물 번호까지" in page) is told


def test_a_reason_shows_all_for_ten_minutes(at_desk, place, clock_at):
    clock_at("2026-11-26 12:00")
    client = at_desk("clerk")
    path = f"/staff/customers/{place.number}"

    assert client.submit(f"{path}/unmasking", reason="").status_code == 422
    client.submit(f"{path}/unmasking", reason="전화 상담")
    page = client.get(path).text
    other = at_desk("clerk").get(path).text
    clock_at("2026-11-26 12:10")

    assert shown(page) == [*WHOLE]
    assert shown(other) == []
    assert shown(client.get(path).text) == []
    entry = Entry.get(Entry.action == "customer.unmasked")
    assert (entry.premises_id, entry.details) == (place.get_id(), '{"reason": "전화 상담"}')


def test_who_may_not_unmask_is_refused(at_desk, place):
    client = at_desk("clerk")
    role = "customers.unmask"

    from app.staff.roles import giving

    assert "auditor" not in giving(role)
    assert at_desk("auditor").get(f"/staff/customers/{place.number}/unmasking").status_code == 403
    assert client.get(f"/staff/customers/{place.number}/unmasking").status_code == 200


def test_an_accounts_page_shows_homes_of_the_own_office_only(at_desk, place):
    account = make.account(name=NAME, email=MAIL)
    make.home(account=account, premises=place)
    far = make.premises(office="093")
    make.home(account=account, premises=far)
    path = f"/staff/customers/accounts/{account.reference}"

    page = at_desk("clerk").get(path).text

    assert f"/staff/customers/{place.number}" in page
    assert far.number not in page
    assert shown(page) == []
    assert far.number in at_desk("clerk", office="").get(path).text


def test_messages_are_shown_without_what_they_said(at_desk):
    account = make.account()
    make.message(account_id=account.id, kind="reset", recipient="secret@example.com")
    path = f"/staff/customers/accounts/{account.reference}"

    page = at_desk("clerk").get(path).text

    assert "비밀번호" in page
    assert "secret@example.com" not in page


def test_each_state_of_a_message_has_a_word_and_each_kind_a_name(at_desk):
    account = make.account()
    for state in State:
        make.message(account_id=account.id, kind="phone_code", channel="sms", state=state)

    page = at_desk("clerk").get(f"/staff/customers/accounts/{account.reference}").text

    assert {state: str(texts.SENT[state]) in page for state in State} == dict.fromkeys(State, True)
    assert page.count("휴대전화 확인번호 ●●●●●●.") == len(State)
    assert "문자 · 도착함" in page


def test_the_name_of_a_kind_holds_no_invented_code(at_desk):
    account = make.account()
    make.message(account_id=account.id, kind="proof_code")

    page = at_desk("clerk").get(f"/staff/customers/accounts/{account.reference}").text

    assert "확인번호 ●●●●●●" in page
    assert "012345" not in page


def test_many_persons_in_an_hour_are_an_alarm_once(at_desk, make_app, monkeypatch, app, log_lines):
    monkeypatch.setitem(app.config, "LOOKS_ALARM", 3)
    auditor = make.member("auditor", office="")
    client = at_desk("clerk")
    for place in [make.premises() for _ in range(4)]:
        for _twice in range(2):
            client.get(f"/staff/customers/{place.number}")

    assert Entry.select().where(Entry.action == "alarm.looks").count() == 1
    assert [one.to for one in outbox.queued("staff_alarm")] == [auditor.email]
    errors = [line["event"] for line in log_lines() if line["level"] == "error"]
    assert errors == ["a look that should be asked about"]


def test_the_same_person_again_and_again_is_no_alarm(at_desk, app, monkeypatch):
    monkeypatch.setitem(app.config, "LOOKS_ALARM", 3)
    client, place = at_desk("clerk"), make.premises()
    for _ in range(6):
        client.get(f"/staff/customers/{place.number}")

    assert Entry.select().where(Entry.action == "alarm.looks").count() == 0


def test_persons_that_searches_find_count_for_the_alarm_each(at_desk, app, monkeypatch):
    monkeypatch.setitem(app.config, "LOOKS_ALARM", 5)
    for sign in "가나다":
        make.occupancy(premises=make.premises(), name=f"한나{sign}")
        make.account(name=f"한나{sign}")
    client, alarms = at_desk("clerk"), Entry.select().where(Entry.action == "alarm.looks")

    client.get(find(client, "한나가").location)
    client.get(find(client, "한나가").location)
    assert alarms.count() == 0
    for _ in range(3):
        client.get(find(client, "한나").location)

    assert alarms.count() == 1


def test_a_search_that_finds_one_account_is_about_it(at_desk):
    one = make.account(email="hit@example.com")
    client = at_desk("clerk")

    client.get(find(client, "hit@example.com").location)

    entry = Entry.get(Entry.action == "customer.searched")
    assert (entry.account_id, entry.premises_id) == (one.id, None)
    assert json.loads(entry.details)["accounts"] == one.reference


def test_a_search_that_finds_several_names_them_and_is_about_none(at_desk, place):
    one = make.account(name=NAME)
    client = at_desk("clerk")

    client.get(find(client, NAME).location)

    entry = Entry.get(Entry.action == "customer.searched")
    assert (entry.account_id, entry.premises_id) == (None, None)
    said = json.loads(entry.details)
    assert (said["numbers"], said["accounts"]) == (place.number, one.reference)


def test_looking_at_somebody_of_ones_own_name_is_an_alarm(at_desk):
    client = at_desk(member=make.member("clerk", name="박같은"))
    place = make.premises()
    make.occupancy(premises=place, name="박같은")

    client.get(f"/staff/customers/{place.number}")

    assert Entry.get(Entry.action == "alarm.looks").actor_id == client.member.id


def test_when_the_look_cannot_be_written_down_nothing_is_shown(at_desk, place, monkeypatch):
    client = at_desk("clerk")

    def broken(*arguments, **options):
        raise ArithmeticError("fault injected by a test")

    monkeypatch.setattr("app.audit.trail.record", broken)
    answer = client.get(f"/staff/customers/{place.number}")

    assert answer.status_code == 500
    assert place.number not in answer.text


def test_the_time_line_shows_what_happened(at_desk, place):
    account = make.account()
    make.home_event(account=account, premises=place, what="linked", at=clock.now())
    client = at_desk("clerk")
    client.get(f"/staff/customers/{place.number}")

    page = client.get(f"/staff/customers/{place.number}").text

    assert "집을 연결함" in page
    assert "고객 정보를 봄" in page


def test_the_time_line_of_an_account_shows_nothing_of_other_offices(at_desk, place):
    account, far = make.account(), make.premises(office="093")
    for home, who in ((place, "가까운이"), (far, "먼이")):
        make.home(account=account, premises=home)
        make.home_event(account=account, premises=home, actor=who)
    path = f"/staff/customers/accounts/{account.reference}"
    at_desk(member=make.member("clerk", office="093", name="먼담당")).get(path)
    far_look, now = Actor("staff", 99, "높은담당"), clock.now()
    trail.record(far_look, "home.granted", About(account.id, far.get_id()), now=now)
    trail.record(far_look, "home.granted", About(account.id, place.get_id()), now=now)

    client = at_desk("clerk")
    client.get(path)
    page = client.get(path).text

    shown = ("가까운이", "박담당", "먼이", "먼담당")
    assert [name for name in shown if name in page] == ["가까운이", "박담당"]
    assert page.count("높은담당") == 1


def test_messages_about_homes_are_hidden_where_an_account_has_some_in_other_offices(at_desk, place):
    account = make.account()
    make.home(account=account, premises=place)
    for kind in ("bill_due", "home_linked", "payment_received", "reset"):
        make.message(account_id=account.id, kind=kind)
    client, everywhere = at_desk("clerk"), at_desk("clerk", office="")

    def rows_of(desk):
        page = desk.get(f"/staff/customers/accounts/{account.reference}").text
        return page.count(str(texts.SENT["created"]))

    assert rows_of(client) == 4
    make.home(account=account, premises=make.premises(office="093"))
    assert (rows_of(client), rows_of(everywhere)) == (1, 4)
