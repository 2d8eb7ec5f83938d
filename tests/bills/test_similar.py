"""Sums of similar homes: exact, only of households, and never of a few."""

import pytest

from app.bills.similar import ENOUGH, SimilarUse, count, mean, size_of
from tests import make


def sums():
    found = SimilarUse.select().order_by(SimilarUse.district, SimilarUse.size)
    return [(s.month, s.district, s.size, s.homes, s.tenths) for s in found]


@pytest.mark.parametrize(
    ("households", "size"), [(1, 1), (2, 2), (3, 3), (4, 4), (9, 4), (10, 10), (800, 10)]
)
def test_homes_are_grouped_by_their_households(households, size):
    assert size_of(households) == size


def test_bills_of_one_group_are_added_up_in_tenths(db):
    count(
        "2026-11",
        [
            ("성북구", 1, "household", 25, 2),
            ("성북구", 1, "household", 13, 1),
            ("성북구", 5, "household", 70, 2),
            ("성북구", 9, "household", 90, 2),
            ("강남구", 1, "household", 0, 2),
        ],
    )

    assert sums() == [
        ("2026-11", "강남구", 1, 1, 0),
        ("2026-11", "성북구", 1, 2, 125 + 130),
        ("2026-11", "성북구", 4, 2, 70 + 50),
    ]


def test_a_second_batch_adds_to_the_first_and_another_month_does_not(db):
    bill = ("성북구", 1, "household", 24, 2)
    count("2026-11", [bill, bill])
    count("2026-11", [bill])
    count("2026-12", [bill])

    assert sums() == [("2026-11", "성북구", 1, 3, 360), ("2026-12", "성북구", 1, 1, 120)]


def test_only_households_count(db):
    count("2026-11", [("성북구", 1, "general", 24, 2), ("성북구", 1, "bath", 24, 2)])
    count("2026-11", [])

    assert sums() == []


def test_the_mean_is_told_of_thirty_homes_and_more_only(db):
    make.similar_use(homes=ENOUGH - 1, tenths=3000)
    make.similar_use(homes=ENOUGH, tenths=3015, size=2)

    assert mean("2026-11", "성북구", 1) is None
    assert mean("2026-11", "성북구", 2) == (30, 101)
    assert mean("2026-11", "성북구", 3) is None


def test_a_batch_that_is_undone_leaves_no_trace(db):
    with db.atomic() as batch:
        count("2026-11", [("성북구", 1, "household", 24, 2)])
        batch.rollback()

    assert sums() == []
