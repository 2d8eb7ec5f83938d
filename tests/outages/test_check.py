"""What an editor is told about an outage's file."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.outages.shelf import examine
from tests.outages import files

NOW = datetime(2026, 11, 24, tzinfo=UTC)
EXTENDED = [
    *files.FIELDS["updates"],
    ("2026-11-30T23:00:00+09:00", "extended", "늦어집니다."),
]


def told(text=None, now=NOW, **fields):
    found = examine("2026-1.md", (text or files.text(**fields)).encode(), now, 3)
    return [(problem.what, problem.error) for problem in found.problems]


def test_a_good_file_has_no_problems():
    assert told() == []
    assert examine("2026-1.md", files.text().encode(), NOW, 3).outage.revision == 1


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"title": None}, "title 이(가) 없습니다"),
        ({"kind": "flood"}, "kind 에 쓸 수 없는 값"),
        ({"state": "begun"}, "state 에 쓸 수 없는 값"),
        ({"office": "999"}, "office 에 쓸 수 없는 값"),
        ({"start": "2026-11-30T23:00:00"}, "시간대가 있는 때"),
        ({"to": "2026-11-30T22:00:00+09:00"}, "끝나는 때가 시작보다 이릅니다"),
        ({"area": {"dongs": []}}, "지역이 비어 있습니다"),
        ({"area": {"dongs": ["역삼동"]}}, "지역을 읽을 수 없습니다: 역삼동"),
        ({"area": {"dong": ["강남구 역삼동"]}}, "모르는 이름입니다: dong"),
        ({"area": ["강남구 역삼동"]}, "area 를 읽을 수 없습니다"),
        ({"casue": "x"}, "모르는 이름입니다: casue"),
        ({"households": "많음"}, "households 는 가구의 수"),
        ({"cause": "800101-1234567 님의 집"}, "주민등록번호 같은 수"),
        ({"relief": [{"where": "앞"}]}, "where 와 what"),
        ({"relief": "급수차"}, "relief 을(를) 읽을 수 없습니다"),
        ({"updates": None}, "updates 이(가) 없습니다"),
        ({"updates": [("어제", "announced", "알립니다.")]}, "바뀐 때(at)를 읽을 수 없습니다"),
        ({"updates": [("2026-11-23T10:00:00+09:00", "x", "알립니다.")]}, "바뀐 상태를"),
        ({"state": "extended"}, "마지막 변경은 announced"),
        ({"updates": EXTENDED[::-1]}, "차례대로가 아닙니다"),
        ({"cause": "관이\x01 터졌습니다."}, "cause 에 보이지 않는 글자"),
        ({"relief": [{"where": "앞\x00", "what": "물"}]}, "relief 에 보이지 않는 글자"),
        ({"actual_to": "2026-12-01T05:00:00+09:00"}, "상태가 끝나지 않았습니다"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(fields, what):
    assert any(what in said and error for said, error in told(**fields))


@pytest.mark.parametrize("name", ["a" * 51, "mine", "board", "new"])
def test_a_name_that_cannot_be_an_address_is_told(name):
    found = examine(f"{name}.md", files.text().encode(), NOW, 3)

    assert found.outage is None
    assert "쓸 수 없는 파일 이름" in found.problems[0].what


def test_a_state_that_cannot_follow_is_refused():
    ended = [*EXTENDED, ("2026-12-01T06:00:00+09:00", "announced", "다시 알립니다.")]

    problems = told(state="announced", updates=ended, now=datetime(2026, 12, 2, tzinfo=UTC))

    assert ("extended 다음에 announced 이(가) 올 수 없습니다", True) in problems


def test_a_short_lead_time_and_an_unknown_dong_are_hints():
    late = told(updates=[("2026-11-29T10:00:00+09:00", "announced", "알립니다.")])
    odd = told(area={"dongs": ["강남구 없는동"]})

    assert late == [("시작까지 3일이 되지 않습니다", False)]
    assert odd == [("주소 목록에 없는 동입니다: 강남구 없는동", False)]


def test_an_emergency_needs_no_lead_time():
    now = [("2026-11-30T23:00:00+09:00", "in_progress", "관이 터졌습니다.")]

    assert told(kind="emergency", state="in_progress", updates=now) == []


@pytest.mark.parametrize(
    "text", ["---\nkind: [\n---\n", "kind: planned", "---\na: &a 1\nb: *a\n---\n"]
)
def test_a_file_that_cannot_be_taken_apart_is_told_too(text):
    assert told(text)[0][1]


def test_content_check_looks_at_outages_and_new_writes_one_that_passes(app, runner, outage_file):
    outage_file("bad", kind="flood")

    answer = runner.invoke(args=["content", "check", "--json"])

    found = json.loads(answer.output)
    assert answer.exit_code == 1
    assert [Path(one["file"]).name for one in found["problems"] if one["error"]] == ["bad.md"]


def test_content_new_writes_a_draft_that_passes(app, runner, tmp_path, monkeypatch, clock_at):
    monkeypatch.setitem(app.config, "CONTENT_DIR", str(tmp_path))

    answer = runner.invoke(args=["content", "new", "outage", "2026-1130-1"])

    path = tmp_path / "outages" / "2026-1130-1.md"
    assert answer.output.strip() == str(path)
    found = examine(path.name, path.read_bytes(), datetime.now(UTC), 3)
    assert found.problems == []
    assert found.outage.state == "draft"
