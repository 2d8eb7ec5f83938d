"""What is shown in public, and what is taken out for good."""

from pathlib import Path

import pytest

from app.complaints import album, photos
from app.complaints.models import Complaint, ComplaintEvent
from app.complaints.records import ComplaintPhoto
from tests import make
from tests.complaints.steps import jpeg
from tests.outbox import queued

REASON = "다른 사람의 얼굴이 보입니다."


@pytest.fixture
def folder(app):
    return Path(app.config["DATA_DIR"])


@pytest.fixture
def photo(leak, folder):
    """A photo of the leak, with its files."""
    found = make.complaint_photo(complaint=leak)
    for small in (False, True):
        photos.keep(photos.path(folder, found.name, small), jpeg())
    return found


def path(one, part=""):
    return f"/staff/complaints/{one.reference}{part}"


def fresh(one):
    return Complaint.get_by_id(one.id)


def redact(clerk, one, **fields):
    return clerk.submit(path(one), path(one, "/redaction"), **fields)


def release(clerk, one, **fields):
    return clerk.submit(path(one), path(one, "/release"), **fields)


def test_a_photo_is_taken_out_with_its_files_and_the_reason_is_sent(clerk, leak, photo, folder):
    other = make.complaint_photo(complaint=leak)
    assert clerk.get(path(leak, f"/photos/{photo.name}")).status_code == 200

    answer = redact(clerk, leak, photos=[photo.name], text=REASON)

    assert answer.location == f"{path(leak)}?done=redact"
    assert [one.name for one in ComplaintPhoto.of(leak.id)] == [other.name]
    assert clerk.get(path(leak, f"/photos/{photo.name}")).status_code == 404
    assert not photos.path(folder, photo.name).exists()
    assert not photos.path(folder, photo.name, small=True).exists()
    assert fresh(leak).body == leak.body
    (mail,) = queued("complaint_step")
    assert mail.values["text"] == REASON


def test_a_file_that_was_left_behind_is_swept_and_no_other(leak, photo, folder):
    """A kill between the commit and the removal leaves a file of a hidden photo."""
    kept = make.complaint_photo(complaint=leak)
    photos.keep(photos.path(folder, kept.name), jpeg())
    files = [photos.path(folder, photo.name), photos.path(folder, kept.name)]
    assert list(album.without_row(files)) == []

    ComplaintPhoto.update(hidden_at=leak.received_at).where(
        ComplaintPhoto.name == photo.name
    ).execute()

    assert list(album.without_row(files)) == files[:1]


def test_what_the_applicant_wrote_is_taken_out_everywhere(clerk, leak):
    Complaint.update(type="meter", answers='{"free": "김보기 집", "amount": "x"}').execute()
    make.complaint_event(complaint=leak, kind="said", text="제 번호는 …")
    ours = make.complaint_event(complaint=leak, kind="said", actor_kind="staff", text="네")

    redact(clerk, leak, what="text", text=REASON)

    one = fresh(leak)
    assert (one.body, one.answers) == ("", "{}")
    texts = {event.text for event in ComplaintEvent.of(leak.id)}
    assert texts == {"", ours.text, REASON}


def test_what_was_chosen_from_a_list_stays(clerk, leak):
    redact(clerk, leak, what="text", text=REASON)

    assert fresh(leak).answers == '{"amount": "flows", "danger": "no"}'


@pytest.mark.parametrize("fields", [{"text": REASON}, {"what": "text"}, {"photos": ["x"]}])
def test_without_a_reason_or_without_what_nothing_is_taken_out(clerk, leak, photo, fields):
    assert redact(clerk, leak, **fields).status_code == 422
    assert fresh(leak).body == leak.body
    assert ComplaintPhoto.of(leak.id).count() == 1


def test_a_photo_of_another_complaint_is_not_touched(clerk, leak, photo):
    theirs = make.complaint_photo(complaint=make.complaint(office="093"))

    assert redact(clerk, leak, photos=[theirs.name], text=REASON).status_code == 422
    assert clerk.get(path(leak, f"/photos/{theirs.name}")).status_code == 404


def test_a_street_problem_is_released_with_words_and_chosen_photos(clerk, client, leak, photo):
    make.complaint_photo(complaint=leak)

    release(clerk, leak, text="12번지 앞에서 물이 샙니다.", photos=[photo.name])

    one = fresh(leak)
    assert one.public_text == "12번지 앞에서 물이 샙니다."
    shown = [each.name for each in ComplaintPhoto.of(leak.id) if each.released_at]
    assert shown == [photo.name]
    assert queued() == []
    assert "12번지 앞에서 물이 샙니다." in client.get("/complaints/public").text
    assert "● 공개함" in clerk.get(path(leak)).text


def test_without_words_it_is_public_no_more(clerk, client, leak, photo):
    release(clerk, leak, text="물이 샙니다.", photos=[photo.name])
    release(clerk, leak, text="")

    assert fresh(leak).released_at is None
    assert all(each.released_at is None for each in ComplaintPhoto.of(leak.id))
    assert leak.reference not in client.get("/complaints/public").text


def test_numbers_of_persons_are_not_released(clerk, leak):
    answer = release(clerk, leak, text="010-1234-5678로 전화 주세요")

    assert (answer.status_code, "전화번호나 계좌번호로" in answer.text) == (422, True)
    assert fresh(leak).released_at is None


def test_what_is_of_a_kind_that_is_never_public_is_not_released(clerk, leak, token):
    Complaint.update(type="bill").execute()
    assert "/release" not in clerk.get(path(leak)).text

    data = {"csrf_token": token(), "version": 1, "text": "요금"}
    assert clerk.post(path(leak, "/release"), data=data).status_code == 409
    assert fresh(leak).released_at is None
