"""요금조회: the list of bills, one bill, and the same bill for paper."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from app import clock, words
from app.access import customer
from app.accounts.session import current_account
from app.bills import statement
from app.bills.models import ListedBill, SeenBill, State, before, seen, seen_by, state
from app.stamps import Stamp
from app.supply.offices import offices
from app.tariff.table import seoul
from app.web import page

bp = Blueprint("bills", __name__, url_prefix="/bills")

PAST_ROWS = 6
ROW, LINE = Stamp("bills/_row.html"), Stamp("bills/_line.html")
BAR, BAR_ROW = Stamp("bills/_bar.html"), Stamp("bills/_bar_row.html")
WAITING = (State.OPEN, State.OVERDUE)


@bp.get("/")
@customer
def index() -> ResponseReturnValue:
    today = clock.today()
    bills = [(bill, state(bill, today)) for bill in seen_by(current_account())]
    homes = {bill.home: bill.home_name for bill, _ in reversed(bills)}
    shown = chosen(bills)
    waiting = [bill for bill, stands in bills if stands in WAITING]
    rows = [statement.row(bill, stands, named=len(homes) > 1) for bill, stands in shown]
    return page(
        "bills/index.html",
        rows=ROW.fill(rows),
        count=len(shown),
        homes=homes,
        years=sorted({bill.month[:4] for bill, _ in bills}, reverse=True),
        asked={name: request.args.get(name, "") for name in ("home", "year", "show")},
        waiting=waiting_text(waiting, today),
        first=min(waiting, key=lambda bill: bill.due_on) if waiting else None,
    )


def chosen(bills: list[tuple[ListedBill, State]]) -> list[tuple[ListedBill, State]]:
    """The bills that the filter of the address asks for; unknown values ask for nothing."""
    home, year = request.args.get("home", ""), request.args.get("year", "")
    unpaid = request.args.get("show") == "unpaid"
    return [
        (bill, stands)
        for bill, stands in bills
        if (not home or bill.home == home)
        and (not year or bill.month[:4] == year)
        and (not unpaid or stands in WAITING)
    ]


def waiting_text(bills: list[ListedBill], today: date) -> dict[str, Any] | None:
    """What there is to pay, for the first sentence of the list."""
    if not bills:
        return None
    first = min(bills, key=lambda bill: bill.due_on)
    return {
        "count": len(bills),
        "total": words.won(sum(bill.total for bill in bills)),
        "due": words.day_in_sentence(first.due_on),
        "late": first.due_on < today,
        "one_day": len({bill.due_on for bill in bills}) == 1,
    }


def asked(home: str, month: str) -> SeenBill:
    """The asked bill, or the same 404 for another's as for none."""
    return seen(current_account(), home, month) or abort(404)


@bp.get("/<home>/<month>")
@customer
def show(home: str, month: str) -> ResponseReturnValue:
    bill, today = asked(home, month), clock.today()
    past = before(current_account(), home, month)
    year: list[ListedBill | SeenBill] = [*past[::-1], bill]
    bars = statement.bars(year)
    rows = [statement.row(other, state(other, today)) for other in past[:PAST_ROWS]]
    return page(
        "bills/show.html",
        rows=ROW.fill(rows),
        comparisons=statement.comparisons(bill, past),
        bars=BAR.fill(bars),
        bar_rows=BAR_ROW.fill(bars[::-1]),
        chart_says=statement.chart_says(year),
        **parts(bill),
    )


@bp.get("/<home>/<month>/paper")
@customer
def paper(home: str, month: str) -> ResponseReturnValue:
    return page("bills/paper.html", **parts(asked(home, month)))


def parts(bill: SeenBill) -> dict[str, Any]:
    """What the screen and the paper say of one bill."""
    lines, stands = statement.lines(bill, seoul()), state(bill, clock.today())
    return {
        "bill": bill,
        "badge": statement.badge(stands),
        "state": stands,
        "lines": LINE.fill(lines),
        "sources": list(dict.fromkeys(line.source for line in lines)),
        "kind_text": statement.kind_text(bill.reading_kind),
        "mix": statement.mix(bill),
        "how_counted": statement.how_counted(bill),
        "month_text": words.month(bill.month),
        "title_month": words.short_month(bill.month),
        "number": words.number(bill.number),
        "total": words.won(bill.total),
        "due": words.day_in_sentence(bill.due_on),
        "period": f"{words.day(bill.from_on + timedelta(days=1))} – {words.day(bill.to_on)}",
        "due_day": words.day(bill.due_on),
        "short_period": words.days(bill.from_on + timedelta(days=1), bill.to_on),
        "read": (words.day(bill.from_on), words.day(bill.to_on)),
        "shown": (words.volume(bill.previous_m3), words.volume(bill.current_m3)),
        "usage": words.volume(bill.usage_m3),
        "office": offices()[bill.office],
    }
