"""Street names of the city: the districts with their dongs and roads, and finding a typed one."""

import re
import unicodedata
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

MOST = 6
"""So many names are offered at once."""
NEAR = 0.6


class District(NamedTuple):
    """`names` are all its dongs and roads, sorted."""

    name: str
    name_en: str
    names: tuple[str, ...]


class Matches(NamedTuple):
    """`exact` is the name as it is written officially, or nothing; `near` are likely ones."""

    exact: str
    near: tuple[str, ...]


@cache
def districts() -> dict[str, District]:
    """All districts by name, in the order of the file."""
    given = yaml.safe_load(Path(__file__).with_name("addresses.yaml").read_text("utf-8"))
    shared = given.get("everywhere") or {}
    found = {}
    for name, row in given["districts"].items():
        parts = (row["dongs"], row["roads"], shared.get("dongs", []), shared.get("roads", []))
        found[name] = District(
            name, row["en"], tuple(sorted({one for part in parts for one in part}))
        )
    return found


def plain(text: str) -> str:
    """What counts of a typed name: full-width signs as usual ones, no blanks."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def plain_words(text: str) -> str:
    """As `plain`, but words stay apart."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def find(district: str, typed: str) -> Matches:
    """The dong or road of a district that was typed, or those that may have been meant."""
    known, wanted = districts().get(district), plain(typed)
    if known is None or not wanted:
        return Matches("", ())
    if wanted in known.names:
        return Matches(wanted, ())
    begin = [name for name in known.names if name.startswith(wanted)]
    alike = get_close_matches(sounds(wanted), map(sounds, known.names), MOST, NEAR)
    by_sound = {sounds(name): name for name in known.names}
    near = dict.fromkeys([*begin, *(by_sound[sound] for sound in alike)])
    return Matches("", tuple(near)[:MOST])


def sounds(name: str) -> str:
    """A name in single letters, so that one wrong letter is one difference: `물` is ㅁ, ㅜ, ㄹ."""
    return unicodedata.normalize("NFD", name)
