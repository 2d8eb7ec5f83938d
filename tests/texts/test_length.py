"""What fits into a text message: bytes of CP949, signs that phones do not have, two types."""

import unicodedata

import pytest

from app.texts.length import LMS_BYTES, SMS_BYTES, Type, cut, measure


@pytest.mark.parametrize(
    ("text", "count", "kind"),
    [
        ("가" * 45, 90, Type.SMS),
        ("가" * 45 + "a", 91, Type.LMS),
        ("a" * 90, 90, Type.SMS),
        ("a" * 91, 91, Type.LMS),
        ("가" * 1000, 2000, Type.LMS),
        ("가" * 1000 + "a", 2001, None),
        ("", 0, Type.SMS),
    ],
)
def test_the_type_follows_from_the_bytes(text, count, kind):
    found = measure(text)

    assert (found.bytes, found.type) == (count, kind)
    assert bool(found.problems) is (kind is None)
    assert (SMS_BYTES, LMS_BYTES) == (90, 2000)


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("9–11월 — 요금", "9-11월 - 요금"),
        ("• 요금", "· 요금"),
        ("24\u00a0m³", "24 m³"),
        ("₩31,680", "31,680원"),
        ("₩ 31,680", "31,680원"),
        ("−5원", "-5원"),
        ("₩", "원"),
    ],
)
def test_signs_that_phones_do_not_have_are_replaced_by_like_ones(typed, sent):
    found = measure(typed)

    assert (found.text, found.refused) == (sent, "")


@pytest.mark.parametrize("text", ["요금 🐟", "café", "✓ 완료", "日本語 喆 𠮷"])
def test_what_cannot_be_replaced_is_refused(text):
    found = measure(text)

    assert found.type is None
    assert found.refused
    assert "signs that text messages do not have" in found.problems[0]


@pytest.mark.parametrize("text", ["㎥", "…", "“말”", "가·나", "※", "→", "①", "☎", "m³"])
def test_usual_signs_are_sent_as_they_are(text):
    assert (measure(text).text, measure(text).type) == (text, Type.SMS)


@pytest.mark.parametrize(
    ("text", "rare"), [("뷁", "뷁"), ("똠방각하 뷁뷁", "똠뷁"), ("가나다", "")]
)
def test_syllables_outside_of_the_old_standard_are_flagged_and_count_two(text, rare):
    found = measure(text)

    assert found.rare == rare
    assert found.bytes == sum(2 if sign != " " else 1 for sign in text)
    assert found.problems == []


def test_syllables_that_come_in_pieces_are_put_together():
    found = measure(unicodedata.normalize("NFD", "요금 안내"))

    assert (found.text, found.bytes) == ("요금 안내", 9)


def test_a_title_is_cut_in_whole_signs():
    assert cut("가" * 25) == "가" * 20
    assert cut("a" + "가" * 25) == "a" + "가" * 19
