"""A draft outlives a sign-in and a session that runs out; nobody else on the computer sees it."""

import pytest

from app.complaints.models import Complaint
from app.complaints.records import ComplaintDraft, ComplaintPhoto
from tests import make
from tests.complaints.steps import LEAK, PLACE, begin, jpeg, send, to_photos, token, upload
from tests.markup import Page

STEPS = ("place", "details", "photos", "contact", "check", "near")
TEXT = LEAK["body"]


@pytest.fixture(autouse=True)
def folder(app, tmp_path, monkeypatch, clock_at):
    clock_at("2026-11-23 09:30")
    monkeypatch.setitem(app.config, "DATA_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def run_out(clock_at):
    """The session is older than it may be, and the draft is not."""
    return lambda: clock_at("2026-11-23 10:05")


def log_in(client, account):
    return client.submit("/login", email=account.email, password=make.PASSPHRASE)


def add_photo(client):
    client.submit("/complaints/photos", photo=[upload(jpeg())], add="1")
    return Page(client.get("/complaints/photos").text).tagged("img")[0].get("src")


def parts(folder):
    return sorted(path.parent.name for path in folder.glob("uploads/*/*"))


def test_a_sign_in_while_writing_takes_everything_along(client, folder):
    account = make.account()
    to_photos(client)
    shot = add_photo(client)
    form = Page(client.get("/complaints/photos").text).form()
    head = {"Tus-Resumable": "1.0.0", "X-CSRFToken": form["csrf_token"], "Upload-Length": "9"}
    client.post("/complaints/uploads", headers=head)
    (before,) = parts(folder)
    with client.session_transaction() as session:
        word = session["browser"]

    log_in(client, account)

    assert TEXT in client.get("/complaints/details").text
    assert client.get(shot).status_code == 200
    assert parts(folder) != [before]
    with client.session_transaction() as session:
        assert session["browser"] != word
    client.submit("/complaints/photos")
    client.submit("/complaints/contact", phone="010-1234-5678")
    one = Complaint.referred(send(client).location.split("/")[2])
    assert (one.body, one.account_id) == (TEXT, account.id)
    assert ComplaintPhoto.of(one.id).count() == 1


def test_the_word_of_before_the_sign_in_finds_nothing(app, client):
    to_photos(client)
    with client.session_transaction() as session:
        word = session["browser"]
    log_in(client, make.account())

    other = app.test_client()
    with other.session_transaction() as session:
        session["browser"] = word

    assert other.get("/complaints/details").location == "/complaints/"


def test_after_the_session_ran_out_it_is_there_for_the_same_person(signed_in, run_out):
    to_photos(signed_in)
    shot = add_photo(signed_in)
    run_out()

    assert signed_in.get("/complaints/details").location == "/login?next=/complaints/details"
    log_in(signed_in, signed_in.account)

    assert TEXT in signed_in.get("/complaints/details").text
    assert signed_in.get(shot).status_code == 200


def test_what_an_account_filed_is_not_shown_to_the_next_one_at_the_computer(signed_in, run_out):
    to_photos(signed_in)
    signed_in.submit("/complaints/photos")
    signed_in.submit("/complaints/contact", phone="010-1234-5678")
    received = signed_in.submit("/complaints/check").location
    assert signed_in.get(received).status_code == 200
    run_out()

    assert signed_in.get(received).status_code == 404

    log_in(signed_in, signed_in.account)
    assert signed_in.get(received).status_code == 200


@pytest.mark.parametrize("body", [TEXT, "계좌는 110-123-456789입니다."])
def test_what_was_typed_while_the_session_ran_out_is_kept(signed_in, run_out, body):
    begin(signed_in)
    signed_in.submit("/complaints/place", **PLACE)
    form = Page(signed_in.get("/complaints/details").text).form()
    run_out()

    answer = signed_in.post("/complaints/details", data={**form, **LEAK, "body": body})

    assert answer.status_code == 303
    assert body not in answer.text
    log_in(signed_in, signed_in.account)
    assert body in signed_in.get("/complaints/details").text
    done = signed_in.get("/complaints/photos").status_code == 200
    assert done is (body == TEXT)


def test_the_next_one_at_the_computer_sees_nothing_of_it(signed_in, run_out):
    to_photos(signed_in)
    shot = add_photo(signed_in)
    run_out()
    stranger = signed_in

    assert stranger.get(shot).status_code == 404
    token = Page(stranger.get("/complaints/new/praise").text).form("/complaints/new/praise")
    stranger.post(f"{shot}/removal", data=token)
    assert ComplaintPhoto.select().count() == 1
    head = {"Tus-Resumable": "1.0.0", "X-CSRFToken": token["csrf_token"], "Upload-Length": "9"}
    assert stranger.post("/complaints/uploads", headers=head).status_code == 403
    for step in STEPS:
        answer = stranger.get(f"/complaints/{step}")
        assert answer.location == f"/login?next=/complaints/{step}"
        assert TEXT not in answer.text
    page = stranger.get("/complaints/").text
    assert "다시 로그인하면" in page
    assert "이어서 쓰기" not in page
    assert begin(stranger, "praise").location == "/complaints/details"
    assert TEXT not in stranger.get("/complaints/details").text
    assert ComplaintPhoto.select().count() == 0


def test_the_next_one_changes_nothing_in_it_and_cannot_send_it(signed_in, run_out):
    to_photos(signed_in)
    signed_in.submit("/complaints/photos")
    signed_in.submit("/complaints/contact", phone="010-1234-5678", name="김보기")
    run_out()
    token = {"csrf_token": Page(signed_in.get("/complaints/new/praise").text).form(
        "/complaints/new/praise")["csrf_token"]}  # fmt: skip

    for step in STEPS[:-1]:
        answer = signed_in.post(f"/complaints/{step}", data={**token, "body": "바꿈", **PLACE})
        assert answer.location == f"/login?next=/complaints/{step}"
    log_in(signed_in, signed_in.account)

    assert TEXT in signed_in.get("/complaints/check").text
    assert Complaint.select().count() == 0


def test_its_owner_cannot_send_it_either_before_they_sign_in(signed_in, run_out):
    to_photos(signed_in)
    signed_in.submit("/complaints/photos")
    signed_in.submit("/complaints/contact", phone="010-1234-5678", name="김보기")
    form = Page(signed_in.get("/complaints/check").text).form()
    run_out()

    answer = signed_in.post("/complaints/check", data=form)

    assert answer.location == "/login?next=/complaints/check"
    assert Complaint.select().count() == 0


def test_another_account_on_the_same_computer_gets_nothing_of_it(signed_in, run_out, folder):
    to_photos(signed_in)
    add_photo(signed_in)
    run_out()

    log_in(signed_in, make.account())

    assert signed_in.get("/complaints/details").location == "/complaints/"
    assert ComplaintDraft.select().count() == ComplaintPhoto.select().count() == 0
    assert not list(folder.glob("photos/*/*.jpg"))


def test_after_the_sign_out_it_is_gone_with_its_photos(signed_in, folder):
    to_photos(signed_in)
    add_photo(signed_in)

    signed_in.submit("/profile/", "/logout")

    assert ComplaintDraft.select().count() == ComplaintPhoto.select().count() == 0
    assert not list(folder.glob("photos/*/*.jpg"))
    log_in(signed_in, signed_in.account)
    assert signed_in.get("/complaints/details").location == "/complaints/"


def test_a_sign_in_without_a_draft_begins_none(client):
    log_in(client, make.account())

    assert ComplaintDraft.select().count() == 0
    with client.session_transaction() as session:
        assert "browser" not in session


def test_what_was_begun_can_be_thrown_away_with_its_photos(client, folder):
    to_photos(client)
    add_photo(client)
    assert "/complaints/discard" in client.get("/complaints/").text
    assert TEXT in client.get("/complaints/details").text
    assert list(folder.glob("photos/**/*.jpg")) != []

    answer = client.submit("/complaints/discard")

    assert (answer.status_code, answer.location) == (303, "/complaints/")
    assert "/complaints/discard" not in client.get("/complaints/").text
    assert client.get("/complaints/details").status_code == 303
    assert (ComplaintDraft.select().count(), ComplaintPhoto.select().count()) == (0, 0)
    assert list(folder.glob("photos/**/*.jpg")) == []


def test_a_draft_of_somebody_signed_out_is_not_thrown_away_by_the_next(client, run_out):
    log_in(client, make.account())
    to_photos(client)
    run_out()

    word = token(client, "/login")
    for answer in (
        client.get("/complaints/discard"),
        client.post("/complaints/discard", data={"csrf_token": word}),
    ):
        assert (answer.status_code, answer.location) == (303, "/complaints/")
    assert ComplaintDraft.select().count() == 1
