"""What an editor is told about a content file: where, what, and how to mend it."""

from datetime import date

import pytest

from app.frontmatter import Broken, take_apart
from app.pages.prose import check_body
from app.pages.schema import check_head

TODAY = date(2026, 11, 22)
GOOD = """---
title: 물을 아끼는 방법
summary: 집에서 물을 아끼는 방법을 순서대로 알려 드립니다.
owner: headquarters
review_by: 2027-05-31
status: publish
publish_at: 2026-11-01T09:00:00+09:00
topic: home
---

첫 문단입니다.

## 소제목

[고지서 읽는 법](/learn/read-your-bill)을 보십시오.
"""


def problems(text, name="save-water.ko.md", kind="learn"):
    try:
        source = take_apart(kind, name, text if isinstance(text, bytes) else text.encode())
    except Broken as broken:
        return [broken.problem]
    return [*check_head(source, TODAY), *check_body(source)]


def test_a_good_file_has_no_problems():
    assert problems(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("title: 물을 아끼는 방법\n", "", 1, "title 이(가) 없습니다"),
        ("title: 물을 아끼는 방법", "title: 물", 2, "5~40자"),
        ("title: 물을 아끼는 방법", "title: 물을 아끼는 방법.", 2, "마침표"),
        ("title: 물을 아끼는 방법", "title: 【긴급】 물을 아낍시다", 2, "거듭된 부호"),
        ("title: 물을 아끼는 방법", "title: 2026", 2, "5~40자"),
        (
            "summary: 집에서 물을 아끼는 방법을 순서대로 알려 드립니다.",
            "summary: 짧음",
            3,
            "20~120자",
        ),
        ("owner: headquarters", "owner: '999'", 4, "owner 에 쓸 수 없는 값"),
        ("review_by: 2027-05-31", "review_by: 2029-05-31", 5, "1년보다 멉니다"),
        ("review_by: 2027-05-31", "review_by: 2026-05-31", 5, "다시 볼 날이 지났습니다"),
        ("review_by: 2027-05-31", "review_by: 내년", 5, "날짜여야"),
        ("status: publish", "status: public", 6, "status 에 쓸 수 없는 값"),
        ("+09:00", "", 7, "시간대가 있는 때"),
        ("topic: home", "topic: garden", 8, "topic 에 쓸 수 없는 값"),
        ("topic: home\n", "", 1, "topic 이 없습니다"),
        ("topic: home", "topic: home\ntopik: x", 9, "모르는 이름입니다: topik"),
        ("topic: home", "topic: home\norder: 첫째", 9, "order 는 수여야"),
        ("topic: home", "topic: home\nsources: 조례", 9, "sources 은(는) 글의 목록"),
        ("topic: home", "topic: home\nafter: archive", 1, "함께 씁니다"),
        (
            "topic: home",
            "topic: home\nexpires_at: 2026-10-01T09:00:00+09:00\nafter: archive",
            9,
            "끝나는 때가 시작보다 이릅니다",
        ),
        (
            "topic: home",
            "topic: home\nexpires_at: 2026-12-01T09:00:00+09:00\nafter: burn",
            10,
            "after 에 쓸 수 없는 값",
        ),
        (
            "topic: home",
            "topic: home\nupdated_at: 2026-10-31T09:00:00+09:00",
            9,
            "고친 때가 게시한 때보다 이릅니다",
        ),
        (
            "topic: home",
            "topic: home\nupdated_at: 2026-12-31T09:00:00+09:00",
            9,
            "고친 때가 아직 오지 않았습니다",
        ),
        ("## 소제목", "# 소제목", 13, "제목 단계"),
        ("## 소제목", "### 소제목", 13, "제목 단계"),
        ("첫 문단입니다.", "<script>x</script>", 11, "쓸 수 없는 HTML"),
        ("첫 문단입니다.", "![](/static/a.png)", 11, "그림에 설명이 없습니다"),
        ("첫 문단입니다.", "![a.png](/static/a.png)", 11, "그림에 설명이 없습니다"),
        ("[고지서 읽는 법]", "[여기]", 15, "링크 말이 뜻을 전하지 않습니다"),
        ("첫 문단입니다.", "https://example.com 을 보세요.", 11, "주소가 그대로"),
        ("첫 문단입니다.", "**강조(굵게)**입니다.", 11, "굵은 글씨가 되지 않습니다"),
        ("첫 문단입니다.", "번호는 900101-1234567 입니다.", 11, "주민등록번호"),
        ("첫 문단입니다.", "가" * 90 + ".", 11, "문장이 깁니다"),
        ("---\n\n첫", "--\n\n첫", 1, "머리말이 없습니다"),
        ("title: 물을", "title: [물을", 3, "머리말을 읽을 수 없습니다"),
        (
            "topic: home",
            "topic: home\nexpires_at: 2026-12-01T09:00:00+09:00\nafter: redirect://evil.example",
            10,
            "after 에 쓸 수 없는 값",
        ),
        ("title: 물을 아끼는 방법", "title: 0", 2, "5~40자"),
        ("publish_at: 2026", "publish_at: 0001", 7, "시간대가 있는 때"),
        ("topic: home", "topic: home\narea: [a]", 9, "area 은(는) 글"),
        (
            "title: 물을 아끼는 방법",
            "title: &a [x]\nsources: [*a, *a]",
            2,
            "머리말을 읽을 수 없습니다",
        ),
        ("2026-11-01T", "2026-11-31T", 2, "머리말을 읽을 수 없습니다"),
    ],
)
def test_a_problem_is_told_with_its_line(old, new, line, what):
    assert old in GOOD

    found = problems(GOOD.replace(old, new))

    assert [(problem.line, what in problem.what) for problem in found] == [(line, True)]
    assert found[0].mend


def test_a_near_miss_names_the_field_that_was_meant():
    (found,) = problems(GOOD.replace("topic: home", "topic: home\nexpire_at: x"))

    assert "expires_at" in found.mend


@pytest.mark.parametrize(
    "name", ["Save Water.ko.md", "save-water.md", "save_water.ko.md", "x.fr.md"]
)
def test_a_file_name_that_makes_no_address_is_refused(name):
    (found,) = problems(GOOD, name=name)

    assert "파일 이름" in found.what


def test_a_file_that_is_not_utf8_names_the_line():
    (found,) = problems(GOOD.encode().replace("첫 문단".encode(), "첫 문단".encode("cp949")))

    assert (found.line, found.what) == (11, "UTF-8이 아닌 글자가 있습니다")


def test_windows_line_ends_and_a_byte_order_mark_are_welcome():
    assert problems(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()) == []


def test_text_in_a_code_block_is_not_judged():
    assert problems(GOOD.replace("첫 문단입니다.", "```\n# https://example.com\n```")) == []
