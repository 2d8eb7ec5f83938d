"""What somebody may try: to shut others out, to write to them, to see what was left behind."""

from datetime import timedelta

import pytest

from app import clock
from app.complaints import acts, following, photos, places, public, seeing, uploads
from app.complaints.acting import By
from app.complaints.models import Complaint, State
from app.complaints.records import ComplaintPhoto
from app.messages.models import Message
from tests import make
from tests.complaints.steps import (
    LEAK,
    PHONE,
    PLACE,
    begin,
    file_leak,
    jpeg,
    released,
    send,
    to_check,
    to_photos,
    token,
    upload,
)
from tests.markup import Page

TUS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture(autouse=True)
def now(clock_at):
    clock_at("2026-11-23 09:30")


@pytest.fixture
def folder(app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "DATA_DIR", str(tmp_path))
    return tmp_path


def look(client, number, phone, last=1):
    client.environ_base["REMOTE_ADDR"] = f"192.0.2.{last}"
    return client.submit("/complaints/status", "/complaints/status", number=number, phone=phone)


def test_one_network_shuts_nobody_out_however_often_it_guesses(app, client, monkeypatch):
    monkeypatch.setattr("app.complaints.status_views.PER_NUMBER", 8)
    number = file_leak(client)
    stranger = app.test_client()
    for _ in range(12):
        look(stranger, number, "010-1111-0000")

    assert look(app.test_client(), number, PHONE, 2).location == f"/complaints/{number}"


def test_who_knows_the_telephone_number_may_look_as_often_as_they_like(app, client, monkeypatch):
    monkeypatch.setattr("app.complaints.status_views.PER_NUMBER", 2)
    number = file_leak(client)

    for _ in range(4):
        assert look(app.test_client(), number, PHONE).status_code == 303


def test_a_place_as_somebody_typed_it_is_not_told_to_everybody(client):
    one = released(dong="김보기 010-1234-5678", district="성동구")

    assert places.area(one) == "성동구"
    for path in (
        "/complaints/public",
        f"/complaints/public/{one.reference}",
        f"/open311/v2/requests/{one.reference}.json",
    ):
        assert "김보기" not in client.get(path).text


def test_an_address_gets_few_wishes_to_confirm_in_a_day(client, clock_at):
    for hour in range(10, 18):
        clock_at(f"2026-11-23 {hour}:30")
        path = f"/complaints/public/{released().reference}"
        client.submit(path, path, email="victim@example.com")

    assert Message.select().where(Message.kind == "complaint_follow").count() == 5


def test_one_address_is_written_to_for_few_complaints_in_an_hour(client, monkeypatch):
    monkeypatch.setattr("app.complaints.check_views.FILED_PER_EMAIL", 1)
    file_leak(client, email="victim@example.com", phone="010-1111-0001")
    to_check(client, email="victim@example.com", phone="010-1111-0002")

    assert send(client).status_code == 429


def test_messages_are_written_only_so_often(client, monkeypatch):
    monkeypatch.setattr("app.complaints.status_views.SAID_PER_NETWORK", 1)
    path = f"/complaints/{file_leak(client)}"

    answers = [client.submit(path, f"{path}/messages", text=f"{number}번") for number in range(2)]

    assert [answer.status_code for answer in answers] == [303, 429]


def test_a_home_is_asked_for_again_when_somebody_has_signed_out(app, signed_in):
    home = make.home(account=signed_in.account)
    begin(signed_in, "leak_home")
    signed_in.submit("/complaints/place", home=home.reference)
    home.delete_instance()
    answers = {"q_meter": "turns", "body": "물이 샙니다."}
    signed_in.submit("/complaints/details", **answers)
    signed_in.submit("/complaints/photos")
    signed_in.submit("/complaints/contact", phone=PHONE, name="김보기")

    answer = signed_in.get("/complaints/check")

    assert answer.location == "/complaints/place"
    assert Complaint.select().count() == 0


def test_a_check_page_of_another_draft_files_nothing_unseen(client):
    to_check(client)
    old = Page(client.get("/complaints/check").text).form()
    client.submit("/complaints/discard")
    to_check(client)

    answer = client.post("/complaints/check", data=old)

    assert answer.status_code == 422
    assert "다른 창에서" in answer.text
    assert Complaint.select().count() == 0


def test_without_the_photo_that_is_needed_nothing_is_filed(client, folder):
    begin(client, "damage")
    client.submit("/complaints/place", **PLACE)
    client.submit("/complaints/details", q_what="차", q_on="2026-11-20", body="젖었습니다.")
    client.submit("/complaints/photos", photo=[upload(jpeg())])
    client.submit("/complaints/contact", phone=PHONE, name="김보기")
    photo = ComplaintPhoto.get()
    form = {"csrf_token": token(client)}
    client.post(f"/complaints/photos/{photo.name}/removal", data=form)

    assert client.get("/complaints/check").location == "/complaints/photos"


def test_photos_of_a_draft_that_is_over_are_not_in_the_next_one(client, folder, clock_at):
    to_photos(client)
    client.submit("/complaints/photos", photo=[upload(jpeg())], add="1")
    clock_at("2026-11-24 09:31")

    to_photos(client)

    assert ComplaintPhoto.select().count() == 0
    assert list(folder.glob("photos/*/*.jpg")) == []


def started(client, **headers):
    """An upload of this client's draft, and what its requests need."""
    to_photos(client)
    known = {**TUS, "X-CSRFToken": token(client)}
    begun = client.post("/complaints/uploads", headers={**known, "Upload-Length": "1000"})
    return begun, known


def test_what_is_erased_takes_half_sent_photos_with_it(client, folder):
    _begun, known = started(client)
    assert len(list(folder.glob("uploads/*/*.part"))) == 1

    client.post("/complaints/discard", data={"csrf_token": known["X-CSRFToken"]})

    assert list(folder.glob("uploads/*/*.part")) == []


def test_a_question_without_a_form_token_ends_no_upload(client, folder):
    begun, _known = started(client)

    client.head(begun.location, headers={**TUS, "X-HTTP-Method-Override": "DELETE"})

    assert len(list(folder.glob("uploads/*/*.part"))) == 1


def test_an_upload_that_ends_at_this_moment_is_no_failure(client, folder, monkeypatch):
    begun, known = started(client)
    find = uploads.find

    def found(*given):
        one = find(*given)
        one.path.unlink()
        return one

    monkeypatch.setattr(uploads, "find", found)

    assert client.head(begun.location, headers=known).status_code == 409


def test_photos_do_not_fill_the_disk(client, folder, monkeypatch):
    monkeypatch.setattr(photos, "LEAST_FREE", 2**62)

    begun, _known = started(client)
    form = client.submit("/complaints/photos", photo=[upload(jpeg())], add="1")

    assert begun.status_code == 503
    assert "잠시 받지 못했습니다" in form.text
    assert list(folder.glob("*/*/*")) == []


def test_photos_that_come_when_it_was_just_closed_break_nothing(client, folder, monkeypatch):
    path = f"/complaints/{file_leak(client)}"
    take = seeing.take

    def closed_meanwhile(*given, **named):
        refused = take(*given, **named)
        Complaint.update(state=State.DONE, closed_at=clock.now()).execute()
        return refused

    monkeypatch.setattr(seeing, "take", closed_meanwhile)

    assert client.submit(path, f"{path}/photos", photo=[upload(jpeg())]).status_code == 303


@pytest.mark.usefixtures("context")
def test_what_is_taken_out_leaves_no_words_in_the_answers(db):
    one = make.complaint(type="leak_home", answers='{"meter": "turns", "visit": "김보기 010-1234"}')

    acts.redact(one, "전화번호가 있습니다.", By("staff", "박담당"), clock.now(), one.version)

    assert Complaint.get_by_id(one.id).answers == '{"meter": "turns"}'


def test_without_a_place_nothing_is_near(db):
    released(at=None, district="", dong="")

    assert public.near("leak_street", None, "", "") == []


def test_numbers_in_full_width_signs_are_asked_about_too(client):
    begin(client)
    client.submit("/complaints/place", **PLACE)

    answer = client.submit("/complaints/details", **{**LEAK, "body": "０１０－１２３４－５６７８"})

    assert answer.status_code == 422


def test_the_newest_is_the_first_in_the_list(client):
    now = clock.now()
    old = released(received_at=now - timedelta(days=3), released_at=now)
    new = released(received_at=now - timedelta(days=1), released_at=now - timedelta(hours=1))

    assert [one.reference for one in public.listed(clock.now())] == [new.reference, old.reference]


@pytest.mark.usefixtures("context")
def test_a_follower_learns_no_more_than_everybody(db):
    assert following.about(released(dong="비밀"))["area"] == "성북구"


def test_what_the_applicant_took_back_is_public_no_more(client):
    one = released(state=State.WITHDRAWN, closed_at=clock.now())

    assert one.reference not in client.get("/complaints/public").text
    assert client.get(f"/complaints/public/{one.reference}").status_code == 404
    assert "버스 정류장" not in client.get(f"/open311/v2/requests/{one.reference}.json").text


def test_what_follows_another_one_is_not_listed_beside_it(client):
    one = released()
    other = released(state=State.MERGED, closed_at=clock.now(), merged_into=one)

    page = client.get("/complaints/public").text

    assert one.reference in page
    assert other.reference not in page


@pytest.mark.parametrize("state", [State.DONE, State.TRANSFERRED])
def test_words_that_come_just_after_the_end_are_not_lost(client, state):
    path = f"/complaints/{file_leak(client)}"
    form = {**Page(client.get(path).text).form(f"{path}/messages"), "text": "아직 물이 샙니다."}
    Complaint.update(state=state, closed_at=clock.now()).execute()

    answer = client.post(f"{path}/messages", data=form)

    assert answer.status_code == 422
    assert "보내지 않았습니다" in answer.text
    assert "아직 물이 샙니다." in answer.text
