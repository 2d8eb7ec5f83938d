"""Photos that staff add to a case: drawn anew, for the applicant too or for the office alone."""

import io

import pytest
from PIL import Image

from app.audit.models import Entry
from app.complaint_desk.photo_views import MOST
from app.complaints.models import Complaint, ComplaintEvent
from app.complaints.records import ComplaintPhoto
from app.messages.models import Message
from tests import make
from tests.complaints.steps import jpeg, upload

COLOURS = ("red", "green", "blue", "white", "black", "gray")


@pytest.fixture(autouse=True)
def folder(app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "DATA_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def add(clerk):
    def send(one, *contents, eyes="all", client=clerk):
        page = f"/staff/complaints/{one.reference}"
        files = [upload(content) for content in contents]
        return client.submit(page, f"{page}/photos", photo=files, eyes=eyes)

    return send


@pytest.fixture
def applicant(client, sign_in, leak):
    """The browser of the account whose complaint it is."""
    account = make.account()
    Complaint.update(account=account).where(Complaint.id == leak.id).execute()
    return sign_in(account, client)


def test_a_photo_for_the_applicant_is_on_their_page_and_they_are_told(add, leak, applicant):
    answer = add(leak, jpeg("red"), jpeg("blue"))

    assert answer.location == f"/staff/complaints/{leak.reference}?done=photos"
    page = applicant.get(f"/complaints/{leak.reference}").text
    assert page.count("<img") == 2
    assert page.count("<small>담당자</small>") == 2
    photo = ComplaintPhoto.select().first()
    assert applicant.get(f"/complaints/{leak.reference}/photos/{photo.name}").status_code == 200
    assert Message.select().where(Message.kind == "complaint_step").count() == 1
    assert Entry.select().where(Entry.action == "complaint.photos_added").count() == 1


def test_a_photo_for_the_office_is_seen_at_the_desk_alone(add, leak, applicant, clerk):
    add(leak, jpeg("red"), eyes="office")

    photo = ComplaintPhoto.get()
    path = f"complaints/{leak.reference}"
    page = applicant.get(f"/{path}").text
    assert "<img" not in page
    assert "사진을 더했습니다" not in page
    assert applicant.get(f"/{path}/photos/{photo.name}").status_code == 404
    assert Message.select().count() == 0
    assert "▪ 내부" in clerk.get(f"/staff/{path}").text
    assert clerk.get(f"/staff/{path}/photos/{photo.name}").status_code == 200
    assert not ComplaintEvent.get(ComplaintEvent.kind == "photo").shown


def test_it_is_drawn_anew_and_nothing_else_of_the_file_stays(add, leak, folder):
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "Boribat 7"
    Image.new("RGB", (80, 60), "teal").save(file, "JPEG", exif=exif)

    add(leak, file.getvalue() + b"<script>")

    (whole,) = [path for path in folder.glob("photos/*/*.jpg") if "small" not in path.name]
    assert b"Boribat" not in whole.read_bytes()
    assert b"<script>" not in whole.read_bytes()


def test_a_refused_file_is_told_beside_those_that_were_kept(add, leak):
    answer = add(leak, b"<html>", jpeg("red"))

    assert answer.status_code == 422
    assert "1번째 사진: 사진이 아닌 파일입니다" in answer.text
    assert ComplaintPhoto.select().count() == 1


@pytest.mark.parametrize(("eyes", "count"), [("x", 1), ("all", 0), ("all", MOST + 1)])
def test_without_eyes_or_files_or_with_too_many_nothing_is_kept(add, leak, eyes, count):
    answer = add(leak, *map(jpeg, COLOURS[:count]), eyes=eyes)

    assert answer.status_code == 422
    assert ComplaintPhoto.select().count() == ComplaintEvent.select().count() == 0


def test_a_closed_one_gets_its_evidence_later_and_its_clock_stays(add, clerk, do, leak):
    page = f"/staff/complaints/{leak.reference}"
    clerk.submit(f"{page}/answer", f"{page}/answer", outcome="solved", text="고쳤습니다.")

    assert add(leak, jpeg("red")).status_code == 303
    assert Complaint.get().state == "done"


def test_nothing_is_added_to_a_complaint_of_another_office(leak, clerk):
    theirs = make.complaint(office="093")
    token = {"csrf_token": clerk.get(f"/staff/complaints/{leak.reference}").text.split(
        'name="csrf_token" value="')[1].split('"')[0]}  # fmt: skip
    data = {**token, "eyes": "all", "photo": upload(jpeg())}

    assert clerk.post(f"/staff/complaints/{theirs.reference}/photos", data=data).status_code == 404
    assert ComplaintPhoto.select().count() == 0


def test_what_the_office_keeps_is_never_released_and_its_redaction_is_not_told(
    at_desk, add, leak, meanwhile
):
    manager = at_desk("manager")
    add(leak, jpeg("red"), eyes="office")
    photo, page = ComplaintPhoto.get(), f"/staff/complaints/{leak.reference}"

    manager.submit(page, f"{page}/release", text="물이 솟습니다.", photos=[photo.name])
    assert ComplaintPhoto.get().released_at is None
    manager.submit(page, f"{page}/redaction", text="얼굴이 보임", photos=[photo.name])

    assert ComplaintPhoto.get().hidden_at is not None
    assert not ComplaintEvent.get(ComplaintEvent.kind == "redacted").shown
    assert Message.select().count() == 0
