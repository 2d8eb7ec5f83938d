"""Which passwords are refused: short ones, well-known ones, and what others know of the person."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from app.language import Later, later

SHORTEST, LONGEST = 15, 128

TOO_SHORT = later(
    "지금 %(count)s자입니다. 15자 이상이어야 합니다. 짧은 문장이나 낱말 예닐곱 개를 이어 쓰십시오."
)
TOO_LONG = later("128자를 넘을 수 없습니다.")
TOO_KNOWN = later("많이 쓰여 남이 먼저 넣어 볼 비밀번호입니다. 다른 것으로 정해 주십시오.")
TOO_PLAIN = later("같은 글자나 차례가 되풀이됩니다. 다른 것으로 정해 주십시오.")
TOO_NEAR = later(
    "이름, 이메일, 전화번호, 고객번호처럼 남이 아는 것은 쓸 수 없습니다. 다른 것으로 정해 주십시오."
)
NAMES = ("arisu", "아리수", "사이버고객센터", "수도사업본부", "상수도", "waterworks")
ROWS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
    "가나다라마바사아자차카타파하",
)


def plain(text: str) -> str:
    """Without what people add to a known word: case, blanks, signs."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text).casefold())


@cache
def common() -> frozenset[str]:
    """Well-known passwords, one on each line of the file beside this one."""
    lines = Path(__file__).with_name("common_passwords.txt").read_text("utf-8").splitlines()
    return frozenset(plain(line) for line in lines if line and not line.startswith("#"))


def is_simple(text: str) -> bool:
    """Whether a text repeats a few signs or goes along the keyboard or the alphabet."""
    if len(set(text)) < 5 or re.fullmatch(r"(.{1,6}?)\1+.{0,5}", text):
        return True
    return any(text in row * 3 or text in (row * 3)[::-1] for row in ROWS)


def without(text: str, known: Iterable[str]) -> str:
    """A text without the words that others know."""
    for word in sorted((plain(word) for word in known), key=len, reverse=True):
        if len(word) >= 3:
            text = text.replace(word, "")
    return text


def problem(password: str, own: Iterable[str] = ()) -> Later | None:
    """Why a password is refused, or nothing. `own` are texts that others know of the person.

    No rules about kinds of signs: length is what counts (NIST SP 800-63B-4, 3.1.1).
    """
    length = len(unicodedata.normalize("NFKC", password))
    if length < SHORTEST:
        return TOO_SHORT
    if length > LONGEST:
        return TOO_LONG
    text = plain(password)
    parts = [part for word in own for part in (word, *word.split("@")[:1])]
    rest = without(text, [*NAMES, *parts])
    if text in common() or len(without(text, common_words())) < 5:
        return TOO_KNOWN
    if is_simple(text):
        return TOO_PLAIN
    if rest != text and len(rest) < SHORTEST - 7:
        return TOO_NEAR
    return None


def common_words() -> list[str]:
    """The well-known passwords that are long enough to be taken out of a longer one."""
    return [word for word in common() if len(word) >= 6]
