"""Finished bills as another billing system delivers them."""

import csv
from io import StringIO

from app.billing.delivered import COLUMNS

BILL = {
    "customer_number": "012345678",
    "month": "2026-09",
    "from_on": "2026-06-28",
    "to_on": "2026-08-28",
    "previous_m3": "76",
    "current_m3": "100",
    "kind": "regular",
    "usage_m3": "24",
    "months": "2",
    "households": "1",
    "diameter_mm": "15",
    "water_class": "household",
    "sewer_class": "household",
    "due_on": "2026-09-30",
    "issued_on": "2026-09-12",
    "total": "31480",
    "paid_at": "2026-09-28T09:00:00+09:00",
}
LINES = [
    ("water", "base", "2", "1080", "61", "61", "2160", "base-old"),
    ("water", "usage", "24", "580", "61", "61", "13923", ""),
    ("water", "cut", "0", "0", "0", "0", "-3", ""),
    ("sewer", "usage", "24.0", "480", "61", "61", "11520", "sewer-old"),
    ("levy", "usage", "24", "170", "61", "61", "4080", ""),
    ("water", "discount", "0", "1", "", "", "-200", "ebill-old"),
]
LATE = ("late", "late", "30000", "3", "31", "31", "900", "2026-07")


def delivered(lines=LINES, **changes):
    """The file's lines of one bill."""
    header = {**BILL, **changes}
    return [[*header.values(), *line] for line in lines]


def july(**changes):
    """The bill before, of the same amounts, paid in time."""
    return delivered(
        **{
            "month": "2026-07",
            "from_on": "2026-04-28",
            "to_on": "2026-06-28",
            "previous_m3": "52",
            "current_m3": "76",
            "due_on": "2026-07-31",
            "issued_on": "2026-07-12",
            "paid_at": "2026-07-30T09:00:00+09:00",
            **changes,
        }
    )


def write(path, *bills, columns=COLUMNS):
    """A CSV file of bills."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(line for bill in bills for line in bill)
    path.write_text(text.getvalue(), "utf-8")
    return path
