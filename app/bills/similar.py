"""What homes of one district and size use: sums that the billing run adds to, without any home."""

from collections.abc import Iterable

from peewee import BigIntegerField, CharField, Check, CompositeKey, IntegerField, SmallIntegerField

from app.db import BaseModel, change_many, rows
from app.supply.models import UseClass

HOUSEHOLD = UseClass.HOUSEHOLD.value
SIZES = (10, 4, 3, 2, 1)
"""Groups of households on a meter by their smallest number: 1, 2, 3, 4 to 9, 10 and more."""
ENOUGH = 30
"""Smaller groups are never shown: their mean could tell of a neighbour."""


class SimilarUse(BaseModel):
    """The homes that were billed for a month, and the sum of their monthly use of one household."""

    month = CharField(7)
    district = CharField(20)
    size = SmallIntegerField(constraints=[Check("size > 0")])
    homes = IntegerField(constraints=[Check("homes > 0")])
    tenths = BigIntegerField(constraints=[Check("tenths >= 0")])

    class Meta:
        table_name = "similar_uses"
        primary_key = CompositeKey("month", "district", "size")
        without_rowid = True


ADD = """
INSERT INTO similar_uses (month, district, size, homes, tenths) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (month, district, size) DO UPDATE
SET homes = similar_uses.homes + excluded.homes, tenths = similar_uses.tenths + excluded.tenths
"""
MEAN = "SELECT homes, tenths FROM similar_uses WHERE month = ? AND district = ? AND size = ?"


def size_of(households: int) -> int:
    """The group that a number of households on one meter belongs to."""
    return next(size for size in SIZES if households >= size)


def count(month: str, bills: Iterable[tuple[str, int, str, int, int]]) -> None:
    """Add bills of a month, each (district, households, use class, m3, months), to the sums.

    To be called within the transaction that stores them. The keys are sorted, so that two
    processes that count at once wait for each other instead of blocking each other.
    """
    found: dict[tuple[str, int], list[int]] = {}
    for district, households, use_class, usage_m3, months in bills:
        if use_class == HOUSEHOLD:
            tenths = usage_m3 * 10 // (months * households)
            try:
                sums = found[district, households]
            except KeyError:
                found[district, households] = [1, tenths]
            else:
                sums[0] += 1
                sums[1] += tenths
    grouped: dict[tuple[str, int], tuple[int, int]] = {}
    for (district, households), (homes, tenths) in found.items():
        key = district, size_of(households)
        others = grouped.get(key, (0, 0))
        grouped[key] = others[0] + homes, others[1] + tenths
    change_many(ADD, [(month, *key, *sums) for key, sums in sorted(grouped.items())])


def mean(month: str, district: str, households: int) -> tuple[int, int] | None:
    """Homes of a group, and tenths of a m3 that one household used; None for a small group."""
    found = rows(MEAN, (month, district, size_of(households)))
    if not found or found[0][0] < ENOUGH:
        return None
    homes, tenths = found[0]
    return homes, (tenths + homes // 2) // homes
