"""Photos of a draft: kept one by one, for its browser alone, moved into the complaint."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from app import clock
from app.complaints import album, photos
from app.complaints.album import Whose
from app.complaints.models import Complaint
from app.complaints.records import ComplaintPhoto
from app.destructions import Destruction
from app.messages import timetable
from app.privacy import files
from tests import make
from tests.complaints.steps import begin, jpeg, send, to_photos, upload
from tests.markup import Page

COLOURS = ("red", "green", "blue", "white", "black", "gray")


@pytest.fixture
def folder(app, tmp_path, monkeypatch):
    """A data folder of the test's own."""
    monkeypatch.setitem(app.config, "DATA_DIR", str(tmp_path))
    return tmp_path


def add(client, *contents):
    files = [upload(content) for content in contents]
    return client.submit("/complaints/photos", photo=files, add="1")


def kept(folder):
    return sorted(path.name for path in folder.glob("photos/*/*.jpg"))


def test_photos_are_added_and_shown_and_go_with_the_complaint(client, folder):
    to_photos(client)

    assert add(client, jpeg("red"), jpeg("blue")).status_code == 303
    page = client.get("/complaints/photos").text
    assert page.count("<img") == 2
    small = client.get(Page(page).tagged("img")[0].get("src"))
    assert (small.status_code, small.mimetype) == (200, "image/jpeg")
    client.submit("/complaints/photos")
    client.submit("/complaints/contact", phone="010-1234-5678")
    number = send(client).location.split("/")[2]

    one = Complaint.referred(number)
    assert ComplaintPhoto.of(one.id).count() == 2
    assert len(kept(folder)) == 4


def test_a_refused_photo_loses_none_of_the_others(client, folder):
    to_photos(client)

    answer = add(client, jpeg("red"), b"<html>", jpeg("blue"))

    assert answer.status_code == 422
    assert "2번째 사진: 사진이 아닌 파일입니다." in answer.text
    assert answer.text.count("<img") == 2


def test_going_on_with_chosen_files_keeps_them(client, folder):
    to_photos(client)

    answer = client.submit("/complaints/photos", photo=[upload(jpeg())])

    assert answer.location == "/complaints/contact"
    assert ComplaintPhoto.select().count() == 1


def test_the_same_photo_twice_is_one(client, folder):
    to_photos(client)

    add(client, jpeg("red"), jpeg("red"))
    add(client, jpeg("red"))

    assert ComplaintPhoto.select().count() == 1
    assert len(kept(folder)) == 2


def test_a_sixth_photo_is_refused_and_leaves_no_file(client, folder):
    to_photos(client)

    answer = add(client, *map(jpeg, COLOURS))

    assert "6번째 사진: 사진은 5장까지" in answer.text
    assert ComplaintPhoto.select().count() == 5
    assert len(kept(folder)) == 10


def test_a_photo_can_be_taken_out_again(client, folder):
    to_photos(client)
    add(client, jpeg("red"), jpeg("blue"))
    name = ComplaintPhoto.get().name

    client.submit("/complaints/photos", f"/complaints/photos/{name}/removal")

    assert ComplaintPhoto.select().count() == 1
    assert len(kept(folder)) == 2


def test_one_network_sends_photos_only_so_often(client, folder, monkeypatch):
    monkeypatch.setattr("app.complaints.views.PHOTOS_PER_NETWORK", 1)
    to_photos(client)
    add(client, jpeg("red"))

    answer = add(client, jpeg("blue"))

    assert answer.status_code == 429
    assert ComplaintPhoto.select().count() == 1


def test_another_browser_neither_sees_nor_removes_it(app, client, folder):
    to_photos(client)
    add(client, jpeg())
    name = ComplaintPhoto.get().name
    stranger = app.test_client()
    to_photos(stranger)

    assert stranger.get(f"/complaints/photos/{name}").status_code == 404
    form = Page(stranger.get("/complaints/photos").text).form()
    stranger.post(f"/complaints/photos/{name}/removal", data=form)
    assert client.get(f"/complaints/photos/{name}").status_code == 200


def test_photos_of_other_peoples_complaints_are_not_there(client, sign_in, folder):
    account = make.account()
    one = make.complaint(account=account)
    photo = album.add(jpeg(), folder, clock.now(), Whose(complaint_id=one.id))
    path = f"/complaints/{one.reference}/photos/{photo.name}"

    assert sign_in(account).get(path).status_code == 200
    assert client.get(path).status_code == 404
    assert sign_in(make.account()).get(path).status_code == 404
    other = make.complaint(account=account)
    assert sign_in(account).get(path.replace(one.reference, other.reference)).status_code == 404


@pytest.mark.parametrize("name", ["..%2F..%2Farisu.db", "%2Fetc%2Fpasswd", "....", "x.jpg"])
def test_a_name_that_is_no_photo_leads_nowhere(sign_in, folder, name):
    account = make.account()
    one = make.complaint(account=account)

    path = f"/complaints/{one.reference}/photos/{name}"
    assert sign_in(account).get(path).status_code == 404


def test_a_photo_is_nothing_but_a_picture(sign_in, folder):
    account = make.account()
    one = make.complaint(account=account)
    photo = album.add(jpeg(), folder, clock.now(), Whose(complaint_id=one.id))

    answer = sign_in(account).get(f"/complaints/{one.reference}/photos/{photo.name}?small")

    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'; sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Disposition"] == 'inline; filename="photo.jpg"'
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_hidden_photo_is_not_there(sign_in, folder):
    account = make.account()
    one = make.complaint(account=account)
    photo = album.add(jpeg(), folder, clock.now(), Whose(complaint_id=one.id))
    ComplaintPhoto.update(hidden_at=clock.now()).execute()

    path = f"/complaints/{one.reference}/photos/{photo.name}"
    assert sign_in(account).get(path).status_code == 404


def test_damage_is_not_reported_without_a_photo(client, folder):
    begin(client, "damage")
    client.submit("/complaints/place", district="성동구", dong="가상1동", place="12")
    client.submit("/complaints/details", q_on="2026-11-20", q_what="장판")

    assert "사진이 한 장은 필요합니다" in client.submit("/complaints/photos").text
    answer = client.submit("/complaints/photos", photo=[upload(jpeg())])
    assert answer.location == "/complaints/contact"


def old(path):
    """Make a file two days old."""
    before = clock.now().timestamp() - 2 * 86_400
    os.utime(path, (before, before))


def test_photos_of_drafts_that_are_over_go_with_their_files(client, folder, clock_at):
    to_photos(client)
    add(client, jpeg())
    later = clock.now() + timedelta(days=2)
    mine = album.add(jpeg("red"), folder, clock.now(), Whose(complaint_id=make.complaint().id))

    album.forget(clock.now())
    assert ComplaintPhoto.select().count() == 2
    album.forget(later)

    assert [one.name for one in ComplaintPhoto.select()] == [mine.name]
    assert Destruction.get().rule == "not sent 1d"
    for path in folder.glob("photos/*/*.jpg"):
        old(path)
    gone = list(album.old_files({"DATA_DIR": str(folder)}, clock.now()))
    assert len(gone) == 2
    assert all(mine.name not in path.name for path in gone)


def test_photos_of_a_draft_that_goes_on_stay(client, folder, clock_at):
    clock_at("2026-11-23 09:00")
    to_photos(client)
    add(client, jpeg())
    clock_at("2026-11-24 08:00")
    client.submit("/complaints/photos")

    clock_at("2026-11-24 10:00")
    album.forget(clock.now())

    assert ComplaintPhoto.select().count() == 1


def test_files_without_a_row_are_swept_after_a_day(db, folder):
    kept = photos.take(jpeg(), folder)
    whole = photos.path(folder, kept.name)
    unfinished = whole.with_suffix(".new")
    unfinished.write_bytes(b"x")
    config = {"DATA_DIR": str(folder)}

    assert list(album.old_files(config, clock.now())) == []
    for path in (whole, unfinished, photos.path(folder, kept.name, small=True)):
        old(path)

    list(files.sweep(config, clock.now(), dry=False))
    assert [path for path in Path(folder).rglob("*") if path.is_file()] == []


def test_the_worker_sweeps_and_retention_removes_files(app):
    swept = {name for name in timetable._entries if name.startswith("app.complaints.")}

    assert swept == {
        "app.complaints.album.forget",
        "app.complaints.following.forget",
        "app.complaints.sweep.forget_words",
    }
    assert {"photos", "unfinished photos"} <= set(files._rules)
