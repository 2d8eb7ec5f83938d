"""What a browser has begun as nobody, and what becomes of it when somebody signs in or out there.

A feature that keeps something for a browser (`sessions.browser()`) registers itself. Signing in
gives the browser another word: who knew the one of before finds nothing by it (S-13).
"""

from collections.abc import Callable
from typing import NamedTuple


class Belonging(NamedTuple):
    """`take_over(before, after, account_id)` gives what was begun under one word to an account,
    under another, in the transaction of the sign-in; `discard(word)` makes it nobody's for good.
    """

    take_over: Callable[[str, str, int], None]
    discard: Callable[[str], None]


known: list[Belonging] = []


def register(one: Belonging) -> None:
    known.append(one)


def take_over(before: str, after: str, account_id: int) -> None:
    for one in known:
        one.take_over(before, after, account_id)


def discard(word: str) -> None:
    if word:
        for one in known:
            one.discard(word)
