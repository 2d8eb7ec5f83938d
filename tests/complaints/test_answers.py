"""What an applicant does afterwards: messages, photos, withdrawing, opening again, rating."""

import pytest

from app import clock
from app.complaints import acts
from app.complaints.acting import By
from app.complaints.models import Complaint, ComplaintEvent, Outcome, State
from app.complaints.records import ComplaintPhoto
from tests import make
from tests.complaints.steps import jpeg, upload

CLERK = By("staff", "박담당")


@pytest.fixture(autouse=True)
def now(clock_at):
    clock_at("2026-11-23 09:30")


@pytest.fixture
def mine(app, sign_in, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "DATA_DIR", str(tmp_path))
    account = make.account()
    client = sign_in(account)
    client.one = make.complaint(account=account, received_at=clock.now())
    client.path = f"/complaints/{client.one.reference}"
    return client


def send(mine, what, **fields):
    return mine.submit(mine.path, f"{mine.path}/{what}", **fields)


def fresh(mine):
    return Complaint.get_by_id(mine.one.id)


def kinds_of(mine):
    return [event.kind for event in ComplaintEvent.of(mine.one.id)]


def closed(mine):
    acts.close(mine.one, Outcome.SOLVED, "고쳤습니다.", CLERK, clock.now())


def test_a_message_is_sent_once(mine):
    form = {"text": "아직 물이 나옵니다."}

    assert send(mine, "messages", **form).location == mine.path
    send(mine, "messages", **form)

    assert kinds_of(mine) == ["said"]
    assert "아직 물이 나옵니다." in mine.get(mine.path).text


def test_an_empty_message_is_refused_at_its_field(mine):
    answer = send(mine, "messages", text=" ")

    assert answer.status_code == 422
    assert "남길 말을 적어" in answer.text
    assert 'aria-describedby="message_error' in answer.text


def test_what_we_waited_for_starts_the_clock_again(mine):
    acts.ask(mine.one, "언제부터입니까?", CLERK, clock.now())

    send(mine, "messages", text="어제부터입니다.")

    assert fresh(mine).state == State.WORKING
    assert fresh(mine).due_at


def test_more_photos_can_be_sent(mine):
    answer = send(mine, "photos", photo=[upload(jpeg("red")), upload(jpeg("blue"))])

    assert answer.location == mine.path
    assert ComplaintPhoto.of(mine.one.id).count() == 2
    assert kinds_of(mine) == ["photo"]
    assert mine.get(mine.path).text.count("<img") == 2


def test_photos_that_we_waited_for_start_the_clock_again(mine):
    acts.ask(mine.one, "사진을 보내 주십시오.", CLERK, clock.now())

    send(mine, "photos", photo=[upload(jpeg())])

    assert kinds_of(mine) == ["asked", "given", "photo"]
    assert fresh(mine).state == State.WORKING


def test_a_refused_photo_is_told_and_the_others_stay(mine):
    answer = send(mine, "photos", photo=[upload(jpeg()), upload(b"GIF89a")])

    assert answer.status_code == 422
    assert "2번째 사진: GIF는" in answer.text
    assert ComplaintPhoto.of(mine.one.id).count() == 1


def test_it_is_withdrawn_after_a_question(mine):
    assert "되돌릴 수 없습니다" in mine.get(f"{mine.path}/withdrawal").text

    mine.submit(f"{mine.path}/withdrawal", f"{mine.path}/withdrawal")

    assert fresh(mine).state == State.WITHDRAWN
    assert mine.get(f"{mine.path}/withdrawal").location == mine.path


def test_what_is_still_the_same_is_opened_again(mine):
    closed(mine)

    send(mine, "reopening", why="still", text="아직 샙니다.")

    assert fresh(mine).is_open
    assert kinds_of(mine) == ["closed", "reopened"]


def test_an_answer_can_be_objected_to(mine):
    closed(mine)

    send(mine, "reopening", why="objection", text="우리 잘못이 아닙니다.")

    assert kinds_of(mine) == ["closed", "reopened", "objected"]


def test_opening_again_says_why(mine):
    closed(mine)

    answer = send(mine, "reopening", why="still", text="")

    assert answer.status_code == 422
    assert "어떤 점이 그런지" in answer.text
    assert not fresh(mine).is_open


def test_sixty_days_later_it_is_not_offered_any_more(mine, clock_at):
    closed(mine)
    one = fresh(mine)
    ended = one.closed_at.replace(year=2025)
    Complaint.update(closed_at=ended).where(Complaint.id == one.id).execute()

    page = mine.get(mine.path).text

    assert "/reopening" not in page


def test_it_is_rated_once(mine):
    closed(mine)

    send(mine, "rating", stars="4", text="고맙습니다.")

    assert fresh(mine).rating == 4
    assert "/rating" not in mine.get(mine.path).text


def test_a_rating_without_a_choice_is_refused(mine):
    closed(mine)

    assert "하나를 골라" in send(mine, "rating", text="음").text
    assert send(mine, "rating", stars="9").status_code == 422


def test_what_cannot_be_done_any_more_is_seen_on_the_page(mine):
    page = mine.get(f"{mine.path}/withdrawal")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    closed(mine)

    for what in ("withdrawal", "photos"):
        answer = mine.post(f"{mine.path}/{what}", data={"csrf_token": token, "text": "x"})
        assert answer.location == mine.path
    assert kinds_of(mine) == ["closed"]


@pytest.mark.parametrize(
    "what", ["messages", "photos", "withdrawal", "reopening", "rating", "received"]
)
def test_strangers_can_do_nothing_with_it(mine, client, what):
    page = client.get("/complaints/status").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]

    data = {"csrf_token": token, "text": "x", "why": "still", "stars": "1"}
    answer = client.post(f"{mine.path}/{what}", data=data)

    assert answer.status_code == (405 if what == "received" else 404)
    assert kinds_of(mine) == []
