"""물이 끊겼나요: which places a few words of an address may mean."""

import re

from app import addresses
from app.outages.area import Place

MOST = 6
WORD = re.compile(r"[가-힣0-9A-Za-z·]+")
NUMBER = re.compile(r"\d{1,4}")


def places(typed: str) -> list[Place]:
    """The places that were meant, or nothing: `강남구 역삼동 테헤란로 123`, `역삼동`, `강남`."""
    words = WORD.findall(addresses.plain_words(typed))
    districts = [found for word in words if (found := district_of(word))]
    dong = next((word for word in words if is_dong(word, districts)), "")
    road, number = house(words)
    if not districts and dong:
        districts = [one.name for one in addresses.districts().values() if dong in one.names]
    if not districts and road:
        districts = [one.name for one in addresses.districts().values() if road in one.names]
    return [Place(one, dong, road, number) for one in dict.fromkeys(districts)][:MOST]


def district_of(word: str) -> str:
    """`강남` and `강남구` are 강남구; `중` alone is nothing."""
    known = addresses.districts()
    if word in known:
        return word
    return f"{word}구" if len(word) > 1 and f"{word}구" in known else ""


def is_dong(word: str, districts: list[str]) -> bool:
    if not word.endswith(("동", "가")):
        return False
    known = addresses.districts()
    return any(word in known[one].names for one in districts or known)


def house(words: list[str]) -> tuple[str, int]:
    """A road and the number behind it."""
    for at, word in enumerate(words):
        joined = re.fullmatch(r"(\S+(?:로|길))(\d{1,4})", word)
        if joined:
            return joined[1], int(joined[2])
        if word.endswith(("로", "길")) and len(word) > 1:
            after = words[at + 1] if at + 1 < len(words) else ""
            return word, int(after) if NUMBER.fullmatch(after) else 0
    return "", 0
