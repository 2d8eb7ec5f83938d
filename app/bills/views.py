"""요금조회: the list of bills, one bill, and the same bill for paper."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from app import clock, words
from app.access import customer
from app.accounts.session import current_account
from app.bills import statement
from app.bills.models import SeenBill, State, seen_at, seen_by
from app.supply.models import Home
from app.supply.offices import offices
from app.tariff.table import seoul
from app.web import page

bp = Blueprint("bills", __name__, url_prefix="/bills")

PAST_ROWS = 6
WAITING = (State.OPEN, State.OVERDUE)


@bp.get("/")
@customer
def index() -> ResponseReturnValue:
    account, today = current_account(), clock.today()
    everything = seen_by(account)
    homes, shown = list(Home.of(account)), chosen(everything)
    many = len(homes) > 1
    waiting = [bill for bill in everything if bill.state(today) in WAITING]
    return page(
        "bills/index.html",
        rows=[statement.row(bill, today, bill.home_name if many else "") for bill in shown],
        homes=homes,
        years=sorted({bill.month[:4] for bill in everything}, reverse=True),
        asked={name: request.args.get(name, "") for name in ("home", "year", "show")},
        waiting=waiting_text(waiting),
        newest=waiting[0] if waiting else None,
    )


def chosen(bills: list[SeenBill]) -> list[SeenBill]:
    """The bills that the filter of the address asks for; unknown values ask for nothing."""
    home, year = request.args.get("home", ""), request.args.get("year", "")
    unpaid, today = request.args.get("show") == "unpaid", clock.today()
    return [
        bill
        for bill in bills
        if (not home or bill.home == home)
        and (not year or bill.month[:4] == year)
        and (not unpaid or bill.state(today) in WAITING)
    ]


def waiting_text(bills: list[SeenBill]) -> dict[str, Any] | None:
    """What there is to pay, for the first sentence of the list."""
    if not bills:
        return None
    first = min(bills, key=lambda bill: bill.due_on)
    return {
        "count": len(bills),
        "total": words.won(sum(bill.total for bill in bills)),
        "due": words.day_in_sentence(first.due_on),
        "late": first.due_on < clock.today(),
    }


def found(home: str, month: str) -> list[SeenBill]:
    """The asked bill and those before it, or 404."""
    bills = seen_at(current_account(), home, month)
    if not bills or bills[0].month != month:
        abort(404)
    return bills


@bp.get("/<home>/<month>")
@customer
def show(home: str, month: str) -> ResponseReturnValue:
    bills, today = found(home, month), clock.today()
    return page(
        "bills/show.html",
        past=[statement.row(bill, today) for bill in bills[1 : PAST_ROWS + 1]],
        comparisons=statement.comparisons(bills),
        bars=statement.bars(bills),
        chart_says=statement.chart_says(bills),
        **parts(bills[0]),
    )


@bp.get("/<home>/<month>/paper")
@customer
def paper(home: str, month: str) -> ResponseReturnValue:
    bills = found(home, month)
    return page("bills/paper.html", **parts(bills[0]))


def parts(bill: SeenBill) -> dict[str, Any]:
    """What the screen and the paper say of one bill."""
    lines = statement.lines(bill, seoul())
    return {
        "bill": bill,
        "badge": statement.badge(bill.state(clock.today())),
        "state": bill.state(clock.today()),
        "lines": lines,
        "sources": list(dict.fromkeys(line.source for line in lines)),
        "kind_text": statement.kind_text(bill.reading_kind),
        "mix": statement.mix(bill),
        "how_counted": statement.how_counted(bill),
        "month_text": words.month(bill.month),
        "title_month": words.short_month(bill.month),
        "number": words.number(bill.number),
        "total": words.won(bill.total),
        "due": words.day_in_sentence(bill.due_on),
        "period": f"{words.day(bill.from_on)} – {words.day(bill.to_on)}",
        "short_period": words.days(bill.from_on + timedelta(days=1), bill.to_on),
        "read": (words.day(bill.from_on), words.day(bill.to_on)),
        "usage": words.volume(bill.usage_m3),
        "office": offices()[bill.office],
    }
