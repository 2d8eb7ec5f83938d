"""Kinds of complaints are data: a new one is one file, and a broken one is told."""

import shutil

import pytest

from app.complaints import clock, kinds
from app.complaints.filing import Filing
from app.language import LANGUAGES, speaking

FILE = """
code: tree
group: broken
name: {ko: "나무 뿌리", en: "Tree roots"}
about: {ko: "뿌리가 관을 들어 올립니다", en: "Roots lift a pipe"}
period: 3d
place: street
public: true
questions:
  - code: size
    kind: choice
    required: true
    label: {ko: "얼마나 큽니까?", en: "How large is it?"}
    choices:
      small: {ko: "작음", en: "Small"}
advice: {ko: "흔들지 마십시오.", en: "Do not shake it."}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The kinds' files in a folder of the test's own."""
    own = tmp_path / "types"
    shutil.copytree(kinds.FOLDER, own)
    monkeypatch.setattr(kinds, "FOLDER", own)
    kinds.types.cache_clear()
    yield own
    kinds.types.cache_clear()


def test_there_are_the_fourteen_kinds_that_people_report():
    found = {code: clock.written(one.period) for code, one in kinds.types().items()}

    assert len(found) == 14
    assert found["leak_street"] == "3h"
    assert found["meter"] == "40h"
    assert found["bill"] == "7d"
    assert found["suggestion"] == "14d"


def test_only_problems_in_the_street_are_ever_public():
    public = [one for one in kinds.types().values() if one.public]

    assert {one.place for one in public} == {"street"}
    assert {one.code for one in public} == {"leak_street", "pavement"}


def test_every_kind_speaks_every_language():
    for language in LANGUAGES:
        with speaking(language):
            for one in kinds.types().values():
                assert one.name, one.code
                assert one.about, one.code
                assert all(kinds.said(question.label) for question in one.questions)


def test_a_new_kind_is_one_file(folder):
    (folder / "55_tree.yaml").write_text(FILE, "utf-8")

    tree = kinds.types()["tree"]

    assert tree.name == "나무 뿌리"
    assert tree.office == ""
    assert tree.questions[0].answer("small") == "작음"
    assert list(kinds.types()).index("tree") == 5


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("code: tree", "code: Tree!", "code of small letters"),
        ("period: 3d", "period: soon", "period"),
        ("place: street", "place: moon", "place: write one of street, home, none"),
        ("group: broken", "group: x", "group"),
        ("period: 3d", "period: 3d\noffice: '999'", "office: write one of 091"),
        (', en: "Tree roots"', "", "name: write it in ko and en"),
        ("public: true", "publik: true", "unknown: publik"),
        ("kind: choice", "kind: text", "choices are for the kind choice"),
        ("  - code: size", "  - code: 1", "a question has a code"),
        ("code: tree", "code: meter", "another file has the code meter"),
        ("code: tree", "code: [", "not YAML"),
    ],
)
def test_a_broken_file_is_told_with_its_name_and_what_is_wrong(folder, runner, before, after, said):
    (folder / "97_tree.yaml").write_text(FILE.replace(before, after), "utf-8")

    result = runner.invoke(args=["complaints", "kinds"])

    assert result.exit_code == 1
    assert "97_tree.yaml" in result.output
    assert said in result.output


def test_the_command_lists_the_kinds(runner):
    result = runner.invoke(args=["complaints", "kinds"])

    assert result.exit_code == 0
    assert "leak_street    3h   도로 누수" in result.output


@pytest.mark.parametrize(
    ("kind", "value", "wrong"),
    [
        ("choice", "yes", False),
        ("choice", "maybe", True),
        ("number", "0123", False),
        ("number", "12a", True),
        ("number", "1234567890", True),
        ("date", "2026-11-26", False),
        ("date", "yesterday", True),
        ("text", "anything", False),
        ("text", "", True),
    ],
)
def test_an_answer_that_cannot_be_is_wrong(kind, value, wrong):
    question = kinds.Question("q", kind, True, {}, {"yes": {"ko": "예", "en": "Yes"}})

    assert question.wrong(value) == wrong


def test_an_answer_that_is_not_required_may_be_empty():
    assert not kinds.Question("q", "date", False, {}, {}).wrong("")


def test_a_kind_that_is_no_more_is_called_by_its_code():
    assert kinds.name("gone") == "gone"
    assert kinds.answers_text("gone", {"a": "b"}) == ""


def test_answers_are_read_as_people_gave_them():
    answers = {"danger": "no", "amount": "gushes"}

    found = kinds.answers_text("leak_street", answers)

    assert found.startswith("물이 얼마나 나옵니까? 솟구치거나 길이 잠김; ")


def test_a_kind_may_belong_to_one_office(folder):
    (folder / "55_tree.yaml").write_text(f"{FILE}office: '101'\n", "utf-8")

    assert Filing("tree", "key", district="성동구").office == "101"
    assert Filing("leak_street", "key", district="성동구").office == "093"
