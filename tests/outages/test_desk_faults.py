"""The staff's form when something is in its way: another's file, a broken one, git."""

import subprocess

import pytest

from app.outages import shelf
from app.outages.repository import Author, RepositoryError, mark, save
from tests import make
from tests.outages import files
from tests.outages.conftest import reread
from tests.outages.test_desk import log, write
from tests.outages.test_views import BURST, FORWARD

NAME = "2026-1126-1"
BOARD = f"/staff/outages/{NAME}"


@pytest.fixture(autouse=True)
def noon(clock_at):
    clock_at("2026-11-26 12:00")


def said(folder):
    one = shelf.examine("x.md", (folder / f"{NAME}.md").read_bytes(), shelf.clock.now(), 3).outage
    return [(update.state, update.text) for update in one.updates]


def test_a_new_outage_cannot_take_another_offices_name(at_desk, own):
    write(at_desk("manager", office="100"))
    other = at_desk("manager", office="091")

    fields = {"office": "091", "places": "마포구", "cause": "다른 까닭"}
    answers = [write(other, **fields) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert "이 이름의 파일이 이미 있습니다" in answers[1].text
    assert "관이 터졌습니다." not in answers[1].text
    assert len(log(own)) == 1


def test_a_file_that_an_editor_broke_keeps_what_was_told(app, at_desk, own):
    desk = at_desk("manager", office="100")
    write(desk)
    desk.get(BOARD)
    (own / f"{NAME}.md").write_text("---\ntitle: [\n---\n", "utf-8")
    reread(app)

    answer = desk.submit(BOARD, state="restored", said="물이 나옵니다.")

    assert answer.status_code == 303
    assert said(own) == [("in_progress", "물이 끊겼습니다."), ("restored", "물이 나옵니다.")]
    words = ["git", "-C", str(own), "show", f"HEAD~1:{NAME}.md"]
    assert "title: [" in subprocess.run(words, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    "change", [{"to_at": "2026-11-26T22:00"}, {"places": "강남구 역삼동"}, {"relief": ""}]
)
def test_another_time_or_place_is_not_saved_in_silence(at_desk, own, change):
    desk = at_desk("manager", office="100")
    write(desk)

    silent = desk.submit(BOARD, said="", **change)

    assert silent.status_code == 422
    assert "알리는 말을 넣어 주십시오" in silent.text
    assert desk.submit(BOARD, said="바뀝니다.", **change).status_code == 303
    assert desk.submit(BOARD, said="", title="제목의 오자를 고쳤습니다").status_code == 303


def test_a_draft_is_told_to_nobody_and_announced_later(client, at_desk, own):
    desk = at_desk("manager", office="100")

    draft = write(desk, state="draft")
    assert "아직 아무에게도 보이지 않습니다" in desk.get(draft.location).text
    assert client.get(f"/outages/{NAME}").status_code == 404
    assert desk.submit(BOARD, state="in_progress", said="끊겼습니다.").status_code == 303
    assert said(own) == [("in_progress", "끊겼습니다.")]


def test_lines_that_were_told_stay_when_an_outage_is_a_draft_for_a_while(app, at_desk, own):
    desk = at_desk("manager", office="100")
    write(desk)
    text = (own / f"{NAME}.md").read_text("utf-8")
    make.outage_revision(outage=NAME, record=text)

    assert desk.submit(BOARD, state="draft").status_code == 303
    assert desk.submit(BOARD, state="in_progress", said="다시 알립니다.").status_code == 303

    told = [("in_progress", "물이 끊겼습니다."), ("in_progress", "다시 알립니다.")]
    assert said(own) == told


def test_who_opens_a_file_from_which_a_told_line_was_taken_is_told_so(at_desk, outage_file):
    outage_file("burst", **BURST)
    record = files.text(**{**BURST, "updates": FORWARD, "state": "extended"})
    make.outage_revision(outage="burst", record=record)

    page = at_desk("manager", office="100").get("/staff/outages/burst").text

    assert "알린 줄이 파일에 없습니다: 「늦어집니다.」" in page
    assert "관이 터졌습니다.」" not in page


@pytest.mark.parametrize("typed", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00"])
def test_a_moment_out_of_all_time_is_refused(at_desk, own, typed):
    assert write(at_desk("manager", office="100"), from_at=typed).status_code == 422


def repository(tmp_path):
    path = tmp_path / "night" / "x.md"
    save(path, mark(""), "one", Author("가상", "a@example.com"), "first")
    return path


def test_what_git_refused_does_not_slip_into_the_next_commit(tmp_path):
    path = repository(tmp_path)
    hook = path.parent / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)

    with pytest.raises(RepositoryError):
        save(path, mark("one"), "two", Author("가상", "a@example.com"), "second")

    words = ["git", "-C", str(path.parent), "status", "--porcelain"]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout == ""
    assert len(log(path.parent)) == 1


def test_a_file_that_cannot_be_written_is_told_as_what_git_refused(tmp_path):
    path = repository(tmp_path)
    (path.parent / ".x.md.new").mkdir()

    with pytest.raises(RepositoryError):
        save(path, mark("one"), "two", Author("가상", "a@example.com"), "second")

    assert path.read_text() == "one"


def test_a_merge_that_is_not_finished_is_left_alone(tmp_path):
    path = repository(tmp_path)
    git = ["git", "-C", str(path.parent), "-c", "user.name=x", "-c", "user.email=x"]
    steps = (["checkout", "-qb", "other"], ["checkout", "-q", "main"])
    for step, words in zip(steps, ("theirs", "ours"), strict=True):
        subprocess.run([*git, *step], check=True)
        path.write_text(words)
        subprocess.run([*git, "commit", "-qam", words], check=True)
    subprocess.run([*git, "merge", "other"], capture_output=True, check=False)
    conflict = path.read_text()

    with pytest.raises(RepositoryError):
        save(path, mark(conflict), "two", Author("가상", "a@example.com"), "second")

    assert path.read_text() == conflict
    words = [*git, "ls-files", "-u"]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout
