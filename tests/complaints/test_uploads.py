"""Photos in pieces (tus 1.0): they go on after a break, and belong to one browser's draft."""

import os
from datetime import timedelta

import pytest

from app import clock
from app.complaints import photos, uploads
from app.complaints.records import ComplaintPhoto
from tests.complaints.steps import jpeg, to_photos, token

TUS = {"Tus-Resumable": "1.0.0"}
PHOTO = jpeg("teal", (400, 300))
HALF = len(PHOTO) // 2


@pytest.fixture
def line(app, client, tmp_path, monkeypatch):
    """line(method, path, body, **headers) speaks the protocol, with a draft on the server."""
    monkeypatch.setitem(app.config, "DATA_DIR", str(tmp_path))
    to_photos(client)
    known = {**TUS, "X-CSRFToken": token(client)}

    def ask(method, path="/complaints/uploads", body=b"", **headers):
        named = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        return client.open(path, method=method, data=body, headers={**known, **named})

    ask.folder = tmp_path
    return ask


def begin(line, content=PHOTO):
    answer = line("POST", Upload_Length=len(content))
    assert answer.status_code == 201
    return answer.location


def piece(line, path, offset, body):
    kind = "application/offset+octet-stream"
    return line("PATCH", path, body, Upload_Offset=offset, Content_Type=kind)


def test_a_photo_comes_in_pieces_and_is_kept_with_the_last_one(line):
    path = begin(line)

    first = piece(line, path, 0, PHOTO[:HALF])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, str(HALF))
    assert ComplaintPhoto.select().count() == 0
    last = piece(line, path, HALF, PHOTO[HALF:])

    assert (last.status_code, last.headers["Upload-Offset"]) == (204, str(len(PHOTO)))
    assert ComplaintPhoto.get().width == 400
    assert list(line.folder.glob("uploads/*/*.part")) == []


def test_after_a_break_it_goes_on_where_it_was(line):
    path = begin(line)
    piece(line, path, 0, PHOTO[:HALF])

    found = line("HEAD", path)

    assert found.headers["Upload-Offset"] == str(HALF)
    assert found.headers["Upload-Length"] == str(len(PHOTO))
    assert found.headers["Cache-Control"] == "no-store"
    assert piece(line, path, HALF, PHOTO[HALF:]).status_code == 204


def test_a_piece_in_the_wrong_place_is_refused_and_changes_nothing(line):
    path = begin(line)
    piece(line, path, 0, PHOTO[:HALF])

    assert piece(line, path, 0, PHOTO[:HALF]).status_code == 409
    assert piece(line, path, HALF, PHOTO).status_code == 409
    assert line("HEAD", path).headers["Upload-Offset"] == str(HALF)


def test_whoever_missed_the_last_answer_learns_that_it_is_over(line):
    path = begin(line)
    piece(line, path, 0, PHOTO)

    assert line("HEAD", path).headers["Upload-Offset"] == str(len(PHOTO))
    assert piece(line, path, len(PHOTO), b"").status_code == 204
    assert piece(line, path, 0, PHOTO).status_code == 409
    assert ComplaintPhoto.select().count() == 1


def test_a_server_that_died_before_the_photo_was_kept_is_asked_with_an_empty_piece(line):
    path = begin(line)
    one = next(uploads.all_of(next(line.folder.glob("uploads/*"))))
    one.path.write_bytes(PHOTO)

    assert piece(line, path, len(PHOTO), b"").status_code == 204
    assert ComplaintPhoto.select().count() == 1


def test_what_is_no_photo_is_refused_with_a_sentence(line):
    path = begin(line, b"<html>")

    answer = piece(line, path, 0, b"<html>")

    assert answer.status_code == 422
    assert answer.text.startswith("사진이 아닌 파일입니다.")
    assert line("HEAD", path).status_code == 404


def test_when_others_wait_already_it_can_be_asked_again(line, monkeypatch):
    path = begin(line)
    busy = [photos.places.acquire(blocking=False) for _ in range(photos.MOST_WAITING)]
    assert all(busy)
    try:
        answer = piece(line, path, 0, PHOTO)
    finally:
        for _ in busy:
            photos.places.release()

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert piece(line, path, len(PHOTO), b"").status_code == 204


def test_it_tells_what_it_can_do(line):
    answer = line("OPTIONS")

    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation,expiration,termination"
    assert answer.headers["Tus-Max-Size"] == str(photos.MOST_BYTES)


def test_another_version_is_refused(line):
    answer = line("POST", Upload_Length=5, Tus_Resumable="0.2")

    assert (answer.status_code, answer.headers["Tus-Version"]) == (412, "1.0.0")
    assert line("HEAD", begin(line), Tus_Resumable="2").status_code == 412


@pytest.mark.parametrize(
    ("length", "status"),
    [("0", 400), ("-1", 400), ("x", 400), (photos.MOST_BYTES + 1, 413), ("9" * 30, 400)],
)
def test_a_length_that_no_photo_has_is_refused(line, length, status):
    assert line("POST", Upload_Length=length).status_code == status


def test_a_body_of_another_kind_is_refused(line):
    path = begin(line)

    assert line("PATCH", path, PHOTO, Upload_Offset=0).status_code == 415


def test_it_can_be_ended(line):
    path = begin(line)

    assert line("DELETE", path).status_code == 204
    assert line("HEAD", path).status_code == 404


def test_a_method_may_be_named_in_a_header(line):
    path = begin(line)

    answer = line("POST", path, X_HTTP_Method_Override="HEAD")

    assert answer.headers["Upload-Offset"] == "0"
    assert line("POST", path).status_code == 405


def test_it_is_over_after_a_day(line, clock_at):
    path = begin(line)
    assert "GMT" in line("POST", Upload_Length=5).headers["Upload-Expires"]

    one = next(uploads.all_of(next(line.folder.glob("uploads/*"))))
    before = clock.now() - timedelta(days=1, seconds=5)
    for found in line.folder.glob("uploads/*/*"):
        os.utime(found, (before.timestamp(), before.timestamp()))

    assert line("HEAD", path).status_code == 404
    assert one.path in set(uploads.old_files({"DATA_DIR": str(line.folder)}, clock.now()))


def test_another_browser_cannot_go_on_with_it(app, line):
    path = begin(line)
    stranger = app.test_client()

    assert stranger.head(path, headers=TUS).status_code == 404
    to_photos(stranger)
    assert stranger.head(path, headers=TUS).status_code == 404
    known = {**TUS, "X-CSRFToken": token(stranger)}
    assert stranger.delete(path, headers=known).status_code == 404
    assert line("HEAD", path).status_code == 200


def test_without_a_draft_nothing_begins(app, db):
    visitor = app.test_client()
    form = visitor.get("/complaints/new/praise").text
    known = form.split('name="csrf_token" value="')[1].split('"')[0]
    headers = {**TUS, "X-CSRFToken": known, "Upload-Length": "5"}

    answer = visitor.post("/complaints/uploads", headers=headers)
    assert answer.status_code == 404
    assert "처음부터 다시" in answer.text


def test_without_the_forms_token_nothing_begins(line):
    answer = line("POST", Upload_Length=5, X_CSRFToken="forged")

    assert answer.status_code == 403


def test_a_draft_has_only_so_many_unfinished_ones(line):
    for _ in range(uploads.MOST_OPEN):
        begin(line)

    assert line("POST", Upload_Length=5).status_code == 429
