"""What no text may have: signs that cannot be shown or turn it around, and state numbers."""

import pytest

from app.signs import has_odd_signs, has_resident_number, visible


@pytest.mark.parametrize(
    "text",
    ["a\nb", "a\rb", "a\x00b", "a\u2028b", "a\u2029b", "\ud800", "\u202egnorw", "a\u061cb", "\x85"],
)
def test_signs_that_cannot_be_shown_are_odd(text):
    assert has_odd_signs(text)


@pytest.mark.parametrize("text", ["김보기", "Zoë O’Neil-김", "漢字 かな", "🙂", "👨‍👩‍👧", "한글"])
def test_letters_of_any_language_are_not_odd(text):
    assert not has_odd_signs(text)


@pytest.mark.parametrize(
    "text",
    [
        "900131-1234567",
        "9001311234567",
        "900131 1234567",
        "900131 - 1234567",
        "900131–1234567",
        "900131_1234567",
        "900131.1234567",
        "900131  1234567",
        "900131\u200b-\u200b1234567",
        "9001\u00ad311234567",
        "９００１３１－１２３４５６７",
        "제 번호는 000229-3234567입니다",
        "번호:900131-1234567, 이름",
    ],
)
def test_a_resident_registration_number_is_found_in_a_text(text):
    assert has_resident_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "900132-1234567",
        "901331-1234567",
        "000000-0000000",
        "900131-123456",
        "900131-12345678",
        "1900131-1234567",
        "010-1234-5678",
        "012-345-678",
        "2026. 11. 22.",
        "900131",
    ],
)
def test_other_numbers_are_none(text):
    assert not has_resident_number(text)


def test_what_is_shown_again_holds_nothing_that_html_forbids():
    assert visible("가\x00나\x1b[31m\u202e\n다") == "가나[31m\u202e\n다"
