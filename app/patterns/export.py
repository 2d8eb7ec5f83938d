"""The use of a home as a table for spreadsheets."""

import csv
import io
from collections.abc import Sequence

from app.language import _
from app.patterns.models import Day, Use
from app.signs import harmless

MARK = "\ufeff"  # without it, spreadsheets show Korean as garbage


def table(name: str, uses: Sequence[Use], days: Sequence[Day]) -> str:
    """A line for each bill and each day, newest first; no cell is a formula (S-32)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        [
            _("집"),
            _("단위"),
            _("달 또는 날"),
            _("시작"),
            _("끝"),
            _("사용량(㎥)"),
            _("사용량(L)"),
            _("밤 최소(L/시간)"),
            _("요금(원)"),
        ]
    )
    home, month, day = harmless(name), _("고지서"), _("날")
    for use in reversed(uses):
        writer.writerow(
            [home, month, use.month, use.from_on, use.to_on, use.usage_m3, "", "", use.charges]
        )
    for one in reversed(days):
        night = "" if one.night is None else one.night
        writer.writerow([home, day, one.day, "", "", "", one.litres, night, ""])
    return MARK + text.getvalue()
