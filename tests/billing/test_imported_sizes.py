"""How large an imported bill may be."""

import csv

from tests.billing.delivery import LINES, delivered
from tests.billing.supply import supplied


def test_a_bill_of_more_than_two_hundred_lines_is_refused(bring):
    supplied(start_m3=76)
    nothing = ("water", "cut", "0", "0", "0", "0", "0", "")
    october = {"month": "2026-11", "from_on": "2026-08-28", "to_on": "2026-10-28"}
    dates = {**october, "issued_on": "2026-11-12", "due_on": "2026-11-30", "paid_at": ""}

    progress = bring(
        delivered([*LINES, *[nothing] * 194]), delivered([*LINES, *[nothing] * 195], **dates)
    )

    assert (progress.accepted, progress.rejected) == (200, 201)
    with progress.rejects.open(encoding="utf-8") as file:
        reasons = {row["reason"] for row in csv.DictReader(file)}
    assert reasons == {"a bill has at most 200 lines"}
