"""민원 통계: the page with bars and their table, and the same as CSV."""

import csv
import io
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from flask import Response, request
from flask.typing import ResponseReturnValue

from app import clock, words
from app.access import staff
from app.complaint_desk import numbers
from app.complaint_desk.desk import SEE, bp
from app.complaint_desk.numbers import Cell, Key
from app.complaints import kinds
from app.language import _, later
from app.staff.session import scope
from app.supply.offices import offices
from app.web import page

WEEKS = (4, 8, 13, 26)
AXES = {"type": later("종류별"), "office": later("사업소별"), "week": later("주별")}
WIDTH, HIGH = 250, 52


class Asked(NamedTuple):
    by: str
    weeks: int
    office: str
    type: str

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Asked":
        """What an address asks for; what cannot be is the usual."""
        axis, weeks = given.get("by", ""), given.get("weeks", "")
        office, kind = given.get("office", ""), given.get("type", "")
        return cls(
            axis if axis in AXES else "type",
            int(weeks) if weeks in map(str, WEEKS) else WEEKS[0],
            office if office in scope() else "",
            kind if kind in kinds.types() else "",
        )


class Row(NamedTuple):
    """One row of the table, as texts; `bars` are its lengths in the drawing."""

    name: str
    received: str
    answered: str
    in_time: str
    median: str
    most: str
    reopened: str
    stars: str
    bars: tuple[int, int, int]
    top: int


def name(axis: str, code: str | int) -> str:
    if axis == "office":
        known = offices().get(str(code))
        return known.shown if known else str(code)
    if axis == "week":
        first = numbers.monday(int(code))
        return words.days(first, first + timedelta(days=6))
    return kinds.name(str(code))


def hours(minutes: int | None) -> str:
    """Working time, as `2시간 30분`."""
    if minutes is None:
        return "–"
    return _("%(hours)s시간 %(minutes)s분", hours=minutes // 60, minutes=minutes % 60)


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "–"


def found(asked: Asked) -> dict[str | int, Cell]:
    """The cells of the chosen weeks, put together; weeks in their order, others by number."""
    last = numbers.week_of(clock.today())
    mine = [asked.office] if asked.office else list(scope())
    every = numbers.cells(mine, last - asked.weeks + 1, last)
    chosen = {key: one for key, one in every.items() if asked.type in ("", key.type)}
    together = numbers.by(chosen, axis_of(asked.by))
    if asked.by == "week":
        return dict(sorted(together.items()))
    return dict(sorted(together.items(), key=lambda item: (-item[1].received, str(item[0]))))


def axis_of(name: str) -> Any:
    index = Key._fields.index(name)
    return lambda key: key[index]


def row(name: str, one: Cell, longest: int, top: int) -> Row:
    def bar(count: int) -> int:
        return round(WIDTH * count / longest) if longest else 0

    return Row(
        name,
        f"{one.received:,}",
        f"{one.answered:,}",
        percent(one.in_time, one.answered),
        hours(numbers.at_share(one.minutes, 0.5)),
        hours(numbers.at_share(one.minutes, 0.9)),
        percent(one.reopened, one.answered),
        f"{one.stars / one.rated:.1f} ({one.rated:,})" if one.rated else "–",
        (bar(one.received), bar(one.answered), bar(one.in_time)),
        top,
    )


@bp.get("/numbers/")
@staff(SEE)
def show_numbers() -> ResponseReturnValue:
    asked = Asked.of(request.args)
    together = found(asked)
    longest = max((max(one.received, one.answered) for one in together.values()), default=0)
    lines = [
        row(name(asked.by, code), one, longest, HIGH * at)
        for at, (code, one) in enumerate(together.items())
    ]
    last = numbers.monday(numbers.week_of(clock.today()))
    return page(
        "complaint_desk/numbers.html",
        asked=asked,
        lines=lines,
        total=row(_("모두"), numbers.total(together.values()), 0, 0),
        axes=[(code, str(label)) for code, label in AXES.items()],
        weeks=WEEKS,
        offices=[(code, offices()[code].shown) for code in scope()],
        types=[(code, kind.name) for code, kind in kinds.types().items()],
        since=words.day(last - timedelta(days=7 * (asked.weeks - 1))),
        high=HIGH * len(lines),
        query=request.query_string.decode("ascii", "ignore"),
    )


@bp.get("/numbers.csv")
@staff(SEE)
def numbers_file() -> ResponseReturnValue:
    """The same as a file for a spreadsheet; times are working minutes."""
    asked = Asked.of(request.args)
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(
        [
            asked.by, "name", "received", "answered", "in_time", "median_minutes",
            "p90_minutes", "reopened", "rated", "stars",
        ]
    )  # fmt: skip
    for code, one in found(asked).items():
        shown = numbers.monday(int(code)).isoformat() if asked.by == "week" else code
        times = [numbers.at_share(one.minutes, share) for share in (0.5, 0.9)]
        writer.writerow(
            [
                shown, name(asked.by, code), one.received, one.answered, one.in_time, *times,
                one.reopened, one.rated, one.stars,
            ]
        )  # fmt: skip
    headers = {"Content-Disposition": 'attachment; filename="complaints.csv"'}
    text = "\ufeff" + file.getvalue()
    return Response(text, 200, headers, content_type="text/csv; charset=utf-8")
