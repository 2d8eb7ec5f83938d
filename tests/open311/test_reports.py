"""Reports of other programs: filed like everybody's, once, or told why not."""

import io
import json
from datetime import timedelta

import pytest
from PIL import Image

from app import clock
from app.complaints import photos
from app.complaints.models import Complaint
from app.complaints.records import ComplaintPhoto
from app.open311 import reporting
from app.open311.models import ReportKey


def picture():
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "blue").save(file, "PNG")
    return file.getvalue()


def test_a_report_is_filed_like_everybodys(send):
    (answer,) = send(email="reporter@demo.invalid", first_name="보기", last_name="김")

    made = Complaint.referred(answer["service_request_id"])
    assert (made.type, made.channel, made.district, made.dong, made.office) == (
        "leak_street", "open311", "성북구", "가상1동", made.office,
    )  # fmt: skip
    assert (made.latitude, made.longitude) == (37566300, 126977900)
    assert (made.name, made.email, made.body) == (
        "김보기",
        "reporter@demo.invalid",
        "길에서 물이 솟습니다.",
    )
    assert json.loads(made.answers) == {"amount": "flows", "danger": "no"}
    assert answer["service_notice"]


def test_a_report_that_is_sent_again_is_the_first_one(send, clock_at):
    now = clock.now().replace(second=59, microsecond=0)
    clock_at(now)
    first = send()
    clock_at(now + timedelta(seconds=30))

    assert send() == first

    clock_at(now + timedelta(seconds=90))
    assert send() != first
    assert Complaint.select().count() == 2


def test_photos_come_with_the_report(send):
    file = (io.BytesIO(picture()), "C:\\x.php", "application/x-php")

    (answer,) = send(**{"media[]": file})

    made = Complaint.referred(answer["service_request_id"])
    assert [(one.width, one.height) for one in ComplaintPhoto.of(made.id)] == [(40, 30)]


def test_a_photo_may_be_as_large_as_phones_take_them(send):
    file = io.BytesIO()
    Image.effect_noise((700, 500), 80).save(file, "PNG")
    assert file.tell() > 100_000
    file.seek(0)

    (answer,) = send(media=(file, "photo.png"))

    made = Complaint.referred(answer["service_request_id"])
    assert ComplaintPhoto.of(made.id).count() == 1


def test_a_file_that_is_no_photo_refuses_the_report(send):
    errors = send(400, media=(io.BytesIO(b"<svg onload=x>"), "x.jpg"))

    assert "JPEG" in errors[0]["description"]
    assert not Complaint.select().exists()
    assert not ComplaintPhoto.select().exists()


@pytest.mark.parametrize(
    ("status", "changes"),
    [
        (403, {"api_key": None}),
        (403, {"api_key": "other"}),
        (400, {"service_code": None}),
        (404, {"service_code": "bill"}),
        (400, {"lat": None}),
        (400, {"lat": "nan"}),
        (400, {"lat": "35.1", "long": "129.0"}),
        (400, {"lat": None, "long": None, "address_string": ""}),
        (400, {"attribute[amount]": None}),
        (400, {"attribute[amount]": "ocean"}),
        (400, {"description": "x" * 4001}),
    ],
)
def test_a_report_that_cannot_be_is_told_why_and_not_filed(send, status, changes):
    (error, *_) = send(status, **changes)

    assert error["code"] == status
    assert not Complaint.select().exists()


def test_everything_that_is_wrong_is_told_at_once(send):
    assert len(send(400, **{"attribute[amount]": "ocean", "description": "x" * 4001})) == 2


def test_a_key_that_was_taken_back_opens_nothing(send, key):
    ReportKey.revoke(ReportKey.find(key).reference, clock.now())

    send(403)


def test_a_key_may_report_so_often_in_an_hour(app, send):
    app.config["REPORTS_BY_KEY"] = 1
    try:
        send()
        (error,) = send(429, description="another")
    finally:
        app.config["REPORTS_BY_KEY"] = 300
    assert error["code"] == 429


def test_no_cookie_stands_for_a_key(signed_in):
    response = signed_in.post("/open311/v2/requests.json", data={"service_code": "leak_street"})

    assert response.status_code == 403


def test_a_body_that_is_too_large_is_refused_in_the_format(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 10)

    response = client.post("/open311/v2/requests.json", data={"description": "x" * 20})

    assert response.status_code == 413
    assert json.loads(response.data)[0]["code"] == 413


@pytest.mark.parametrize("field", ["description", "address_string"])
def test_a_resident_number_is_never_taken(send, field):
    given = {field: "성북구 가상1동 900101-1234567"}

    assert "주민등록번호" in send(400, **given)[0]["description"]


@pytest.mark.parametrize("email", ["a@demo.invalid,b@demo.invalid", "<a@demo.invalid>", "a@b@c"])
def test_what_is_not_one_address_is_written_to_by_nobody(send, email):
    (answer,) = send(email=email)

    assert Complaint.referred(answer["service_request_id"]).email == ""


@pytest.fixture
def folder(app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "DATA_DIR", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("second", [59, 30])
def test_the_same_report_at_the_same_moment_is_one(send, clock_at, monkeypatch, folder, second):
    """It is looked for again when no other one can be filed any more; its photos go."""
    now = clock.now().replace(second=second, microsecond=0)
    clock_at(now)
    first = send(media=(io.BytesIO(picture()), "a.png"))
    clock_at(now + timedelta(seconds=2))
    answers, look = iter([None]), reporting.reported
    monkeypatch.setattr(
        reporting, "reported", lambda *given: None if next(answers, 0) is None else look(*given)
    )

    assert send(media=(io.BytesIO(picture()), "a.png")) == first

    made = Complaint.referred(first[0]["service_request_id"])
    assert ComplaintPhoto.of(made.id).count() == ComplaintPhoto.select().count() == 1
    assert len(list(folder.glob("photos/*/*.jpg"))) == 2  # whole and small


def test_a_sending_that_fails_takes_no_photos_of_the_same_one_beside_it(send, monkeypatch, folder):
    keep = reporting.keep

    def beside(contents, *rest):
        monkeypatch.setattr(reporting, "keep", keep)
        keep(contents, *rest)
        with monkeypatch.context() as full:
            full.setattr(photos, "LEAST_FREE", 2**62)
            send(503, media=(io.BytesIO(picture()), "a.png"))

    monkeypatch.setattr(reporting, "keep", beside)

    (answer,) = send(media=(io.BytesIO(picture()), "a.png"))

    made = Complaint.referred(answer["service_request_id"])
    assert ComplaintPhoto.of(made.id).count() == 1


def test_when_photos_crowd_in_it_may_be_sent_again(send, monkeypatch):
    monkeypatch.setattr(photos, "LEAST_FREE", 2**62)

    send(503, media=(io.BytesIO(picture()), "a.png"))

    assert ComplaintPhoto.select().count() == 0
