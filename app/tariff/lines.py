"""A bill's lines and the volumes they are made of."""

from typing import NamedTuple


class Line(NamedTuple):
    """One line of a bill, with all that its amount was computed from.

    `quantity` is tenths of a m3 for `usage` and for discounts of a volume, months for `base`, the
    won that were unpaid for `late` or that a discount is a share of, 0 for `cut` and discounts in
    won. `rate` is won, or percent for `late` and for discounts of a share. amount = quantity x
    rate x days / of_days (/ 10 for usage), cut to whole won as a running sum. `key` names the rate
    or the reduction; for `late` it is the month of the bill that was late.
    """

    part: str
    kind: str
    quantity: int
    rate: int
    days: int
    of_days: int
    amount: int
    key: str


Tiers = tuple[tuple[int | None, int], ...]


class Piece(NamedTuple):
    """The days of a period for which a rate holds; `won` is -1 when the rate has tiers."""

    tiers: Tiers
    won: int
    days: int
    key: str


Segment = tuple[tuple[Piece, ...], int, int]
"""(rates, tenths of a m3 of one household and month, how many of them)"""


def tier_volumes(tenths: int, tiers: Tiers) -> list[tuple[int, int]]:
    """Split tenths of a m3 over the tiers: (tenths, won per m3) for each tier that is reached."""
    found: list[tuple[int, int]] = []
    below = 0
    for limit, won in tiers:
        top = tenths if limit is None else min(tenths, limit * 10)
        if top > below or not found:
            found.append((top - below, won))
            below = top
        if top == tenths:
            break
    return found


def exact(segments: list[Segment]) -> int:
    """The usage charge of some volumes in 1/(10 x days) won."""
    return sum(
        volume * times * won * piece.days
        for pieces, tenths, times in segments
        for piece in pieces
        for volume, won in (
            ((tenths, piece.won),) if piece.won >= 0 else tier_volumes(tenths, piece.tiers)
        )
    )
