"""사용 패턴: how much a home uses, by bill and by day, and what can be learnt from it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from app import clock, words
from app.access import customer
from app.accounts.session import current_account
from app.clock import add_months, first_day, month_end
from app.patterns import carbon, chart, export, leak, models, sentences
from app.patterns.models import Day, SeenHome, Use
from app.stamps import Stamp
from app.web import page

bp = Blueprint("patterns", __name__, url_prefix="/patterns")

SHOWN_MONTHS, SHOWN_DAYS, CHOICES = 24, 31, 24
BAR, DOT, WORD = (Stamp(f"patterns/_{name}.html") for name in ("bar", "dot", "word"))
MONTH_ROW, DAY_ROW = Stamp("patterns/_month_row.html"), Stamp("patterns/_day_row.html")


def asked(home: str) -> SeenHome:
    """The asked home, or the same 404 for another's as for none."""
    return models.home(current_account(), home, clock.today()) or abort(404)


@bp.get("/<home>")
@customer
def show(home: str) -> ResponseReturnValue:
    seen = asked(home)
    uses, known = models.uses(seen), models.span(seen)
    latest = models.days(seen, known[1] - timedelta(days=SHOWN_DAYS - 1), known[1]) if known else []
    return page(
        "patterns/show.html",
        home=seen,
        number=words.number(seen.number),
        light=request.headers.get("Save-Data") == "on",
        hint=hint(seen, uses, latest),
        **by_month(seen, uses),
        **by_day(seen, latest, known),
    )


@bp.get("/<home>.csv")
@customer
def table(home: str) -> ResponseReturnValue:
    seen = asked(home)
    known = models.span(seen)
    days = models.days(seen, *known) if known else []
    answer = Response(export.table(seen.name, models.uses(seen), days), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="water-use.csv"'
    return answer


def hint(seen: SeenHome, uses: Sequence[Use], latest: Sequence[Day]) -> list[str]:
    """Sentences on what looks like a leak; daily readings, where there are some, know better."""
    if seen.left:
        return []
    today = clock.today()
    nights = last_nights(latest)
    if latest and (today - latest[-1].day).days <= sentences.RECENT_DAYS and leak.enough(nights):
        flow = leak.night_flow(nights)
        return sentences.night_hint(flow) if flow else []
    oldest = add_months(today.isoformat()[:7], -sentences.RECENT_MONTHS)
    if not uses or uses[-1].month < oldest or uses[-1].reading_kind == "estimated":
        return []
    used = [leak.Used(*use[:3]) for use in uses]
    usual = leak.unusual(used[-1], used[:-1])
    return sentences.season_hint(uses[-1], usual) if usual else []


def last_nights(days: Sequence[Day]) -> list[int | None]:
    """The nights of the last seven days, as the rule for leaks wants them."""
    if not days:
        return []
    known = {day.day: day.night for day in days}
    last = days[-1].day
    return [known.get(last - timedelta(days=ago)) for ago in reversed(range(leak.NIGHTS))]


def by_month(seen: SeenHome, uses: Sequence[Use]) -> dict[str, Any]:
    """What the page says of bills."""
    if not uses:
        return {"year": None}
    newest = uses[-1]
    year = sentences.year_until(uses, newest.month)
    since = add_months(newest.month, -SHOWN_MONTHS)
    shown = [use for use in uses if use.month > since]
    averaged = len({use.months for use in uses}) > 1
    values = {use.month: use.monthly() if averaged else use.usage_m3 * 10 for use in uses}
    points = [
        chart.Point(
            values[use.month],
            values.get(add_months(use.month, -12)),
            words.short_month(use.month),
            use.month[:4],
        )
        for use in shown
    ]
    rows = [MonthRow(use, point) for use, point in zip(shown, points, strict=True)]
    usage = sentences.total(year)
    return {
        "year": {"usage": words.volume(usage), "period": sentences.period(year)},
        "last_year": sentences.against_last_year(uses),
        "others": sentences.against_others(seen, newest),
        "cost": sentences.cost(newest),
        "carbon": carbon.factor(),
        "emitted": sentences.emitted(usage),
        "averaged": averaged,
        "months": drawn(points, words.tenths),
        "months_say": sentences.chart_says(shown, [values[use.month] for use in shown]),
        "month_rows": MONTH_ROW.fill(rows[::-1]),
    }


class MonthRow:
    """A bill's line in the table beside the chart."""

    def __init__(self, use: Use, point: chart.Point) -> None:
        self.month = words.month(use.month)
        self.value = words.tenths(point.value or 0)
        self.past = "–" if point.past is None else words.tenths(point.past)


class DayRow:
    """A day's line in the table beside the chart."""

    def __init__(self, day: Day) -> None:
        self.day = words.day_in_sentence(day.day)
        self.value = words.litres(day.litres)
        self.night = "–" if day.night is None else words.litres(day.night)


def by_day(
    seen: SeenHome, latest: Sequence[Day], known: tuple[date, date] | None
) -> dict[str, Any]:
    """What the page says of days: the last ones, or those of the month that is asked for."""
    if known is None:
        return {"days": None}
    choices = choices_of(*known)
    month = request.args.get("month", "")
    if month in choices:
        first = first_day(month)
        last = month_end(first)
        found = models.days(seen, first, last)
    else:
        month, last = "", known[1]
        first, found = last - timedelta(days=SHOWN_DAYS - 1), list(latest)
    return {
        "days": drawn(day_points(found, first, last), words.litres),
        "days_say": sentences.days_say(found) if found else "",
        "days_title": words.month(month) if month else "",
        "day_rows": DAY_ROW.fill([DayRow(day) for day in found[::-1]]),
        "choices": [(one, words.month(one)) for one in choices],
        "month": month,
        "flowing": any(day.night for day in found),
    }


def choices_of(first: date, last: date) -> list[str]:
    """The months that have days, newest first."""
    newest, oldest = last.isoformat()[:7], first.isoformat()[:7]
    found = [add_months(newest, -back) for back in range(CHOICES)]
    return [month for month in found if month >= oldest]


def day_points(days: Sequence[Day], first: date, last: date) -> list[chart.Point]:
    """Every day of the chart, known or not."""
    known = {day.day: day for day in days}
    found = []
    for ago in range((last - first).days + 1):
        on = first + timedelta(days=ago)
        day = known.get(on)
        litres, night = (day.litres, day.night) if day else (None, None)
        group = words.short_month(on.isoformat()[:7])
        found.append(chart.Point(litres, None, str(on.day), group, bool(night)))
    return found


def drawn(points: Sequence[chart.Point], text: Any) -> dict[str, Any]:
    """A chart as pieces of an SVG."""
    found = chart.draw(points, text)
    return {
        "bars": BAR.fill([*found.bars, *found.past]),
        "dots": DOT.fill(found.dots),
        "words": WORD.fill(found.words),
    }
