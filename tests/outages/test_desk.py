"""The staff's form: the same file as an editor writes, the same checks, a git commit behind it."""

import subprocess
from pathlib import Path

import pytest

from app.outages import repository, shelf
from app.outages.desk import waiting
from app.outages.repository import Author, ConflictError, RepositoryError, mark, save
from tests.outages import files
from tests.outages.conftest import reread
from tests.outages.test_views import BURST

NEW = {
    "name": "2026-1126-1",
    "title": "역삼동 배수관이 터졌습니다",
    "kind": "emergency",
    "state": "in_progress",
    "from_at": "2026-11-26T10:00",
    "to_at": "2026-11-26T18:00",
    "places": "강남구 역삼동\n강남구 삼성동 테헤란로 1-99 홀수\n블록 강남구 대치동 GN-03",
    "cause": "관이 터졌습니다.",
    "office": "100",
    "households": "1,200",
    "relief": "주민센터 앞 | 급수차 | 밤까지\n학교 앞 | 병물",
    "said": "물이 끊겼습니다.",
}


@pytest.fixture(autouse=True)
def noon(clock_at):
    clock_at("2026-11-26 12:00")


def log(folder):
    words = ["git", "-C", str(folder), "log", "--format=%an <%ae> %s"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()


def write(desk, **changes):
    return desk.submit("/staff/outages/new", **{**NEW, **changes})


def test_a_new_outage_is_a_commit_by_its_author_and_on_the_page_at_once(app, at_desk, client, own):
    desk = at_desk("manager", office="100")

    answer = write(desk)

    assert answer.status_code == 303
    member = desk.member
    said = f"{member.name} <{member.email}> 역삼동 배수관이 터졌습니다: 물이 끊겼습니다."
    assert log(own) == [said]
    page = client.get("/outages/2026-1126-1").text
    assert "강남구 삼성동 테헤란로 1~99번 홀수 쪽" in page
    assert "급수차" in page
    saved = desk.get(answer.location).text
    assert "저장했습니다" in saved
    assert f"{member.name}: 역삼동 배수관이" in saved
    assert "+00:00" not in saved


def test_a_change_keeps_what_was_told_and_adds_a_line(app, at_desk, own):
    desk = at_desk("manager", office="100")
    write(desk)
    (own / "2026-1126-1.md").write_text((own / "2026-1126-1.md").read_text() + "\n더 알릴 것\n")
    reread(app)

    changes = {"state": "extended", "to_at": "2026-11-26T22:00", "said": "늦어집니다."}
    desk.submit("/staff/outages/2026-1126-1", **changes)

    text = (own / "2026-1126-1.md").read_text("utf-8")
    one = shelf.examine("2026-1126-1.md", text.encode(), shelf.clock.now(), 3).outage
    assert [update.text for update in one.updates] == ["물이 끊겼습니다.", "늦어집니다."]
    assert (one.state, one.households, len(one.relief)) == ("extended", 1200, 2)
    assert text.endswith("더 알릴 것\n")
    found = "Arisu <no-reply@arisu.invalid> 2026-1126-1.md: found"
    assert log(own)[1] == found, "what an editor wrote and did not commit has a commit of its own"
    assert len(log(own)) == 3


def test_the_same_checks_hold_and_nothing_is_written(at_desk, own):
    desk = at_desk("manager", office="100")

    wrong = write(desk, places="역삼동", said="")

    assert wrong.status_code == 422
    assert "지역을 읽을 수 없습니다" in wrong.text
    assert "updates 이(가) 없습니다" in wrong.text
    assert not (own / "2026-1126-1.md").exists()


def test_a_form_that_was_sent_empty_changes_nothing(app, at_desk, own):
    desk = at_desk("manager", office="100")
    write(desk)
    token = desk.get("/staff/").text.split('name="csrf_token" value="')[1].split('"')[0]

    answer = desk.post("/staff/outages/2026-1126-1", data={"csrf_token": token})

    assert answer.status_code == 422
    assert len(log(own)) == 1


def test_a_change_of_state_wants_words(at_desk, own):
    desk = at_desk("manager", office="100")
    write(desk)

    answer = desk.submit("/staff/outages/2026-1126-1", state="restored", said="")

    assert answer.status_code == 422
    assert "마지막 변경은 in_progress" in answer.text


def test_who_comes_second_sees_both_texts_and_loses_nothing(app, at_desk, own):
    desk = at_desk("manager", office="100")
    write(desk)
    page = desk.get("/staff/outages/2026-1126-1").text
    base = page.split('name="base" value="')[1].split('"')[0]
    editors = (own / "2026-1126-1.md").read_text("utf-8").replace("관이 터졌", "밸브가 터졌")
    (own / "2026-1126-1.md").write_text(editors, "utf-8")
    reread(app)

    fields = {"base": base, "title": "제 제목으로 고칩니다", "said": "고칩니다."}
    answer = desk.submit("/staff/outages/2026-1126-1", **fields)

    assert answer.status_code == 422
    assert "그사이에 다른 사람이 이 파일을 고쳤습니다" in answer.text
    assert "밸브가 터졌" in answer.text
    assert "제 제목으로 고칩니다" in answer.text
    assert (own / "2026-1126-1.md").read_text("utf-8") == editors
    fresh = answer.text.split('name="base" value="')[1].split('"')[0]
    assert desk.submit("/staff/outages/2026-1126-1", **{**fields, "base": fresh}).status_code == 303


def test_a_form_is_filled_with_what_the_file_says(at_desk, outage_file):
    outage_file("burst", **BURST)
    desk = at_desk("manager", office="100")

    page = desk.get("/staff/outages/burst").text

    assert 'value="2026-11-26T10:00"' in page
    assert ">강남구 역삼동</textarea>" in page


def test_a_form_shows_what_the_file_says_now_not_what_was_read_before(app, at_desk, own):
    desk = at_desk("manager", office="100")
    write(desk)
    path = own / "2026-1126-1.md"
    desk.get("/outages/2026-1126-1")
    path.write_text(
        path.read_text("utf-8").replace("관이 터졌습니다.", "밸브가 터졌습니다."), "utf-8"
    )

    assert "밸브가 터졌습니다." in desk.get("/staff/outages/2026-1126-1").text


def test_headquarters_stay_headquarters(at_desk, outage_file):
    outage_file("burst", **{**BURST, "office": "headquarters"})
    own, every = at_desk("manager", office="100"), at_desk("manager", office="")

    assert '<option value="headquarters" selected>' in own.get("/staff/outages/burst").text
    assert "headquarters" not in own.get("/staff/outages/new").text
    assert "headquarters" in every.get("/staff/outages/new").text


def test_another_offices_outage_is_not_there(at_desk, outage_file):
    outage_file("burst", **BURST)
    desk = at_desk("manager", office="091")

    assert desk.get("/staff/outages/burst").status_code == 404
    assert desk.get("/staff/outages/none").status_code == 404
    assert "/staff/outages/burst" not in desk.get("/staff/outages/").text


def test_wrong_files_are_told_at_the_desk(at_desk, outage_file):
    outage_file("bad", kind="flood")

    assert "bad.md" in at_desk("content", office="").get("/staff/outages/").text


def test_an_outage_whose_end_has_passed_waits_at_the_desk(at_desk, outage_file, clock_at):
    outage_file("burst", **BURST)
    clock_at("2026-11-26 19:00")

    assert "끝 시각 지남" in at_desk("manager", office="100").get("/staff/outages/").text


def test_an_urgent_draft_waits_for_who_announces_it(app, at_desk, outage_file):
    outage_file("works", state="draft")
    outage_file("burst", **{**BURST, "state": "draft"})
    desk = at_desk("manager", office="100")

    assert desk.get("/staff/outages/").text.count("긴급인데 아직 알리지 않음") == 1
    with app.test_request_context():
        assert [waiting((office,), None) for office in ("100", "091")] == [(1, 0), (0, 0)]


def test_saving_is_written_into_the_log(at_desk, own):
    from app.audit.models import Entry

    write(at_desk("manager", office="100"))

    assert Entry.select().where(Entry.action == "outage.saved").count() == 1


def test_a_file_of_the_content_is_committed_where_it_is(app, at_desk, tmp_path, monkeypatch):
    folder = tmp_path / "content" / "outages"
    folder.mkdir(parents=True)
    for words in (["init", "-q"], ["config", "user.name", "x"], ["config", "user.email", "x"]):
        subprocess.run(["git", "-C", str(folder), *words], check=True)
    (folder / "burst.md").write_text(files.text(**BURST), "utf-8")
    monkeypatch.setitem(app.config, "CONTENT_DIR", str(tmp_path / "content"))
    reread(app)

    desk = at_desk("manager", office="100")
    answer = desk.submit("/staff/outages/burst", title="고친 제목입니다")

    monkeypatch.undo()
    reread(app)
    assert answer.status_code == 303
    assert log(folder)[0].endswith("고친 제목입니다: 고침")


def test_a_repository_that_refuses_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "night" / "x.md"
    author = Author("가상\n<x>", "a@example.com")
    save(path, mark(""), "one", author, "first")
    hook = path.parent / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)

    with pytest.raises(RepositoryError):
        save(path, mark("one"), "two", author, "second")

    assert path.read_text() == "one"
    assert log(path.parent) == ["가상x <a@example.com> first"]
    assert repository.history(path)[0][1:] == ("가상x", "first")


def test_two_forms_at_once_never_fight(tmp_path):
    path = Path(tmp_path / "night" / "x.md")
    author = Author("가상", "a@example.com")
    save(path, mark(""), "one", author, "first")

    with pytest.raises(ConflictError) as conflict:
        save(path, mark(""), "two", author, "second")

    assert conflict.value.theirs == "one"
    assert path.read_text() == "one"
