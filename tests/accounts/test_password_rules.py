"""Long is good; short, well-known and what others know is not (S-09)."""

import pytest

from app.accounts.password_rules import (
    TOO_KNOWN,
    TOO_LONG,
    TOO_NEAR,
    TOO_PLAIN,
    TOO_SHORT,
    common,
    problem,
)

OWN = ("kim.bogi@example.com", "김보기 가상", "+821012345678", "012345678")


@pytest.mark.parametrize(
    "password",
    [
        "fifteen letters",
        "물고기 스물이 한강을 헤엄친다",
        "x7!Kq ;w2$Lm Zp",
        "the river rises by night " * 2,
        "a" + "bcxdefyghizjkl mnop" * 6,
        "  blanks are kept here  ",
        "🐟 물고기 🐟 친구들 모두 함께 🐟",
    ],
)
def test_a_long_passphrase_of_any_signs_is_taken(password):
    assert problem(password, OWN) is None


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("fourteen signs", TOO_SHORT),
        ("물고기 스물", TOO_SHORT),
        ("", TOO_SHORT),
        ("river rises " * 11, TOO_LONG),
        ("passwordpassword1234", TOO_KNOWN),
        ("Correct Horse Battery Staple", TOO_KNOWN),
        ("P@ssword-Welcome-2026!", TOO_KNOWN),
        ("동해물과 백두산이 마르고 닳도록", TOO_KNOWN),
        ("aaaaaaaaaaaaaaaaaa", TOO_PLAIN),
        ("abcabcabcabcabcabc", TOO_PLAIN),
        ("abcdefghijklmnopqrst", TOO_PLAIN),
        ("zyxwvutsrqponmlkji", TOO_PLAIN),
        ("arisu waterworks 2026!", TOO_NEAR),
        ("kim.bogi@example.com", TOO_NEAR),
        ("kim.bogi 1 kim.bogi", TOO_NEAR),
        ("고객번호 012-345-678 번", TOO_NEAR),
    ],
)
def test_a_password_that_others_try_first_is_refused(password, reason):
    assert problem(password, OWN) is reason


def test_the_list_of_known_passwords_is_there():
    assert len(common()) > 300
