"""처리 상태: by account, or by number and telephone number; what is shown and refreshed."""

from datetime import timedelta

import pytest

from app import clock, references
from app.accounts.models import Session
from app.complaints import acts
from app.complaints.acting import APPLICANT, By
from app.complaints.models import Complaint, Outcome
from tests import make
from tests.complaints.steps import PHONE, file_leak

CLERK = By("staff", "박담당")
HX = {"HX-Request": "true", "HX-Target": "progress"}


@pytest.fixture(autouse=True)
def now(clock_at):
    clock_at("2026-11-23 09:30")


@pytest.fixture
def mine(sign_in):
    """The client of an applicant; `.one` is the complaint, `.path` its page."""
    account = make.account()
    client = sign_in(account)
    client.one = make.complaint(account=account, received_at=clock.now())
    make.complaint_event(complaint=client.one, at=clock.now())
    client.path = f"/complaints/{client.one.reference}"
    return client


def found(client, number, phone):
    return client.submit("/complaints/status", "/complaints/status", number=number, phone=phone)


def test_number_and_telephone_number_open_it_in_this_browser(app, client):
    number = file_leak(client)
    other = app.test_client()
    assert other.get(f"/complaints/{number}").location == f"/complaints/status?number={number}"

    answer = found(other, number.lower(), "+82 10 1234 5678")

    assert answer.location == f"/complaints/{number}"
    page = other.get(answer.location).text
    assert "도로 누수" in page
    assert "접수했습니다" in page


@pytest.mark.parametrize("phone", ["010-1234-5679", "010", "x"])
def test_another_telephone_number_does_not_open_it(app, client, phone):
    number = file_leak(client)

    wrong = found(app.test_client(), number, phone)
    unknown = found(app.test_client(), "2345678923", PHONE)

    assert wrong.status_code == unknown.status_code == 422
    for text in (wrong.text, unknown.text):
        assert "접수 번호와 전화번호가 맞지 않습니다" in text


def test_who_asks_for_a_page_does_not_learn_whether_there_is_one(app, client):
    number = file_leak(client)
    stranger = app.test_client()

    answers = [stranger.get(f"/complaints/{one}") for one in (number, "2345678923")]

    assert [answer.status_code for answer in answers] == [303, 303]


def test_guessing_the_telephone_number_is_stopped(app, client):
    number = file_leak(client)
    for last in range(5):
        found(app.test_client(), number, f"010-1111-000{last}")

    answer = found(app.test_client(), number, PHONE)

    assert answer.status_code == 422
    assert "오늘 이 번호로 여러 번" in answer.text


def elsewhere(app, last):
    """A browser in another network."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = f"192.0.2.{last}"
    return client


def test_who_guesses_shuts_out_no_other_network(app, client):
    number = file_leak(client)
    for last in range(6):
        found(app.test_client(), number, f"010-1111-000{last}")

    assert found(elsewhere(app, 1), number, PHONE).location == f"/complaints/{number}"


def test_guessing_from_many_networks_is_stopped_as_well(app, client, monkeypatch):
    monkeypatch.setattr("app.complaints.status_views.PER_NUMBER", 3)
    number = file_leak(client)
    for last in range(3):
        found(elsewhere(app, last), number, "010-1111-0000")

    answer = found(elsewhere(app, 9), number, PHONE)

    assert "오늘 이 번호로 여러 번" in answer.text


def test_many_tries_from_one_network_are_stopped(client):
    for sign in references.ALPHABET[:20]:
        found(client, f"234567892{sign}", PHONE)

    assert found(client, "2345678923", PHONE).status_code == 429


def test_a_complaint_without_a_telephone_number_is_opened_by_none(app, db):
    one = make.complaint(phone="")

    assert found(app.test_client(), one.reference, "").status_code == 422
    assert found(app.test_client(), one.reference, "-").status_code == 422


def test_an_account_sees_its_own_and_no_others(mine, sign_in):
    page = mine.get("/complaints/status").text
    assert f'href="{mine.path}"' in page
    assert "◔" not in page

    stranger = sign_in(make.account())

    assert mine.path not in stranger.get("/complaints/status").text
    assert stranger.get(mine.path).status_code == 303


def test_the_page_says_state_officer_and_dates(mine):
    member = make.member("clerk", unit="누수팀", phone="02-3146-2010")
    acts.assign(mine.one, member, CLERK, clock.now())

    page = mine.get(mine.path).text

    for text in ("담당자 지정", "◔", "누수팀", "02-3146-2010", "법정 기한", "2026. 11. 23. 13:30"):
        assert text in page
    assert "약속한 때" not in page
    assert "박담당" not in page


def test_a_promise_that_is_another_moment_is_shown_beside_the_legal_date(mine):
    later = mine.one.due_at + timedelta(hours=2)
    Complaint.update(promised_at=later).execute()

    assert "약속한 때" in mine.get(mine.path).text


def test_what_is_late_is_admitted(mine):
    Complaint.update(due_at=clock.now() - timedelta(minutes=1)).execute()

    assert "지났습니다. 죄송합니다" in mine.get(mine.path).text


def test_while_something_is_missing_the_date_stands(mine):
    acts.ask(mine.one, "사진을\n보내 주십시오.", CLERK, clock.now())

    page = mine.get(mine.path).text

    assert "보완요구" in page
    assert "멈춰 있습니다" in page
    assert "<p>사진을</p><p>보내 주십시오.</p>" in page


def test_the_time_line_has_everything_but_what_is_for_the_office(mine):
    acts.note(mine.one, "비밀 메모", CLERK, clock.now())
    acts.say(mine.one, "내일 갑니다.", CLERK, clock.now())

    page = mine.get(mine.path).text

    assert "비밀 메모" not in page
    assert page.index("내일 갑니다.") < page.index("<b>접수했습니다</b>")


def test_nothing_is_sent_when_nothing_has_changed(mine):
    fresh = mine.get(f"{mine.path}?seen=1", headers=HX)
    assert (fresh.status_code, fresh.data) == (204, b"")

    acts.start(mine.one, CLERK, clock.now())
    answer = mine.get(f"{mine.path}?seen=1", headers=HX)

    assert answer.status_code == 200
    assert answer.text.strip().startswith('<section id="progress"')
    assert 'value="2"' in answer.text


def test_the_refresh_can_be_paused_and_has_a_plain_link(mine):
    page = mine.get(mine.path).text
    assert 'hx-trigger="every 30s"' in page
    assert 'role="status"' in page

    paused = mine.get(f"{mine.path}?live=off").text

    assert "hx-trigger" not in paused
    assert "<script" not in paused
    assert f'href="{mine.path}"' in paused


def test_what_is_over_asks_for_nothing_more(mine):
    acts.close(mine.one, Outcome.SOLVED, "고쳤습니다.", CLERK, clock.now())

    page = mine.get(mine.path).text

    assert "hx-trigger" not in page
    assert "해결했습니다" in page
    assert "민원 취하하기" not in page


def test_a_merged_one_shows_how_the_other_stands(mine):
    first = make.complaint(state="working")
    acts.merge(mine.one, first, CLERK, clock.now(), version=1)

    page = mine.get(mine.path).text

    assert "먼저 접수된 같은 민원과 함께" in page
    assert "처리중" in page
    assert first.reference not in page


def test_the_applicant_is_named_by_no_name_on_the_page(mine):
    acts.say(mine.one, "어디쯤 오십니까?", APPLICANT, clock.now())

    page = mine.get(mine.path).text

    assert "신청인" in page
    assert "어디쯤 오십니까?" in page


def test_who_was_asked_for_something_is_told_where_to_answer(mine):
    acts.ask(mine.one, "몇 번지 앞입니까?", CLERK, clock.now())

    page = mine.get(mine.path).text

    assert "<h2>보완하기</h2>" in page
    assert "<h2>말 남기기</h2>" not in page
    mine.submit(mine.path, f"{mine.path}/messages", text="15번지 앞입니다.")
    assert "<h2>보완하기</h2>" not in mine.get(mine.path).text


def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(mine, clock_at):
    seen = Session.get().seen_at
    clock_at("2026-11-23 09:35")

    mine.get(f"{mine.path}?seen=1", headers=HX)
    assert Session.get().seen_at == seen

    mine.get(mine.path)
    assert Session.get().seen_at > seen
