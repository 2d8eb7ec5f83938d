"""민원 접수: one thing a page, a draft on the server, one complaint however often it is sent."""

import pytest

from app.accounts.models import digest
from app.complaints.models import Complaint
from app.complaints.records import ComplaintDraft, ComplaintKey
from app.db import rows
from app.sealed import lookup_hash
from tests import make
from tests.complaints.steps import (
    LEAK,
    PHONE,
    begin,
    file_leak,
    send,
    to_check,
    to_photos,
)
from tests.markup import Page


@pytest.fixture(autouse=True)
def now(clock_at):
    clock_at("2026-11-23 09:30")


def test_a_passer_by_files_a_leak_without_an_account(client):
    number = file_leak(client)

    one = Complaint.referred(number)
    assert (one.type, one.office, one.account_id) == ("leak_street", "093", None)
    assert (one.place, one.dong, one.body) == ("12번지 앞", "가상1동", "길에서 물이 솟습니다.")
    assert one.phone_hash == lookup_hash("+821012345678")


def test_the_confirmation_has_the_number_and_what_happens_by_when(client):
    number = file_leak(client)

    page = client.get(f"/complaints/{number}/received").text

    assert number in page
    assert "2026. 11. 23. 13:30까지 답합니다" in page
    assert "동부수도사업소" in page
    assert 'href="tel:02-3146-2600"' in page
    assert PHONE in page


def test_each_kind_can_be_begun_and_says_what_helps_before(client):
    page = client.get("/complaints/new/leak_street").text
    assert "120(다산콜)" in page
    assert "지금 접수하면 2026. 11. 23. 13:30" in page

    listed = client.get("/complaints/").text

    for code in ("leak_home", "no_water", "praise", "damage"):
        assert f'href="/complaints/new/{code}"' in listed
        assert client.get(f"/complaints/new/{code}").status_code == 200
    assert 'href="/outages/"' in client.get("/complaints/new/no_water").text
    assert client.get("/complaints/new/nothing").status_code == 404


def test_where_it_is_better_to_call_first_the_number_can_be_called(client):
    def calls(matter):
        main = client.get(f"/complaints/new/{matter}").text.split("<main")[1].split("</main>")[0]
        return 'href="tel:02-120"' in main

    assert (calls("leak_street"), calls("praise")) == (True, False)


def test_a_wrong_bill_needs_an_account(client, signed_in):
    page = client.get("/complaints/new/bill").text
    assert "/login?next=/complaints/new/bill" in page
    assert Page(page).form("/complaints/new/bill") is None

    assert begin(signed_in, "bill").location == "/complaints/place"


def test_a_step_is_not_shown_before_the_ones_in_front_of_it(client):
    assert client.get("/complaints/check").location == "/complaints/"
    begin(client)

    for step in ("details", "photos", "contact", "check"):
        assert client.get(f"/complaints/{step}").location == "/complaints/place"


def test_a_question_is_about_no_place(client):
    begin(client, "question")

    answer = client.submit("/complaints/details", body="언제 합니까?")

    assert answer.location == "/complaints/photos"
    assert client.get("/complaints/place").location == "/complaints/photos"


def test_what_was_typed_is_kept_sealed_and_shown_again(client):
    to_photos(client)

    page = client.get("/complaints/details").text
    assert "길에서 물이 솟습니다." in page
    assert 'value="flows" checked' in page
    assert "이어서 쓰기" in client.get("/complaints/").text
    ((stored,),) = rows("SELECT typed FROM complaint_drafts")
    assert stored.startswith("k")
    assert "물이" not in stored


def test_going_back_to_a_step_leads_on_to_the_check(client):
    to_check(client)

    answer = client.submit("/complaints/details", **{**LEAK, "body": "더 셉니다."})

    assert answer.location == "/complaints/check"
    assert "더 셉니다." in client.get("/complaints/check").text


def test_sent_twice_it_is_one_complaint(client):
    to_check(client)
    form = Page(client.get("/complaints/check").text).form()

    answers = [client.post("/complaints/check", data=form) for _ in range(3)]

    assert len({answer.location for answer in answers}) == 1
    assert Complaint.select().count() == 1


def test_another_browser_with_the_same_form_gets_nothing(app, client):
    to_check(client)
    form = Page(client.get("/complaints/check").text).form()
    client.post("/complaints/check", data=form)
    stranger = app.test_client()
    own = Page(stranger.get("/complaints/new/praise").text).form("/complaints/new/praise")

    answer = stranger.post("/complaints/check", data={**form, **own})

    assert answer.location == "/complaints/"


def test_after_filing_the_draft_is_over_and_the_next_one_is_another(client):
    first = file_leak(client)
    assert ComplaintDraft.select().count() == 0

    second = file_leak(client)

    assert first != second
    assert Complaint.select().count() == 2


def test_another_browser_does_not_see_the_confirmation(app, client):
    number = file_leak(client)

    assert app.test_client().get(f"/complaints/{number}/received").status_code == 404


def test_a_browser_sees_what_it_filed_for_a_day(client, clock_at):
    number = file_leak(client)
    with client.session_transaction() as session:
        assert ComplaintKey.get().browser_hash == digest(session["browser"])

    clock_at("2026-11-24 09:31")

    assert client.get(f"/complaints/{number}/received").status_code == 404


def test_a_draft_is_over_after_a_day(client, clock_at):
    to_check(client)

    clock_at("2026-11-24 09:31")

    assert client.get("/complaints/check").location == "/complaints/"


def test_one_phone_files_only_so_often(client):
    for _ in range(10):
        file_leak(client)
    to_check(client)

    answer = send(client)

    assert answer.status_code == 429
    assert Complaint.select().count() == 10


def test_signed_in_people_find_their_contact_filled_in(sign_in):
    client = sign_in(make.account(phone="+821087654321", email="me@example.com"))
    to_photos(client)
    client.submit("/complaints/photos")

    page = client.get("/complaints/contact").text

    for text in ("김보기", "010-8765-4321", "me@example.com"):
        assert f'value="{text}"' in page


def test_it_speaks_english(client):
    begin(client)

    page = client.get("/complaints/place?lang=en").text

    assert "Where is it?" in page
    assert "Leak in the street" in page


@pytest.mark.parametrize("path", ["/complaints/", "/complaints/public", "/complaints/check"])
def test_who_only_looks_gets_no_session(client, path):
    client.get(path)

    assert client.get_cookie("sid") is None


def test_who_has_a_notified_browser_may_choose_it_for_their_own(signed_in):
    to_photos(signed_in)
    signed_in.submit("/complaints/photos")
    assert "wants_push" not in signed_in.get("/complaints/contact").text
    make.push_subscription(account=signed_in.account)

    signed_in.submit("/complaints/contact", phone=PHONE, name="김보기", wants_push="y")

    assert "<dt>기기 알림</dt>" in signed_in.get("/complaints/check").text
    answer = send(signed_in)
    assert Complaint.get().wants_push
    page = signed_in.get(answer.location).text
    assert "처리할 때마다 알려 드립니다: 기기 알림, 이메일." in page


def test_who_is_not_signed_in_gets_no_notification(client):
    to_check(client, wants_push="y")

    send(client)

    assert not Complaint.get().wants_push
