"""요금조회: the list of bills, one bill, and the same bill for paper."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from app import clock, masks, words
from app.access import customer
from app.accounts.session import current_account
from app.bills import line_texts, statement
from app.bills.models import State
from app.bills.notes import Part, corrections, instalments
from app.bills.seen import (
    VIEWER,
    ListedBill,
    SeenBill,
    seen_by,
    seen_documents,
    seen_with_past,
    state,
)
from app.references import grouped
from app.stamps import Stamp
from app.supply.offices import offices
from app.tariff import active
from app.web import page

bp = Blueprint("bills", __name__, url_prefix="/bills")

PAST_ROWS = 6
ROW, LINE = Stamp("bills/_row.html"), Stamp("bills/_line.html")
SOURCE = Stamp("bills/_source.html")
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
        "total": words.won(sum(bill.owed for bill in bills)),
        "due": words.day_in_sentence(first.due_on),
        "late": first.due_on < today,
        "one_day": len({bill.due_on for bill in bills}) == 1,
    }


def asked(home: str, month: str) -> list[SeenBill]:
    """The documents of the asked bill, or the same 404 for another's as for none."""
    return seen_documents(current_account(), home, month) or abort(404)


@bp.get("/<home>/<month>")
@customer
def show(home: str, month: str) -> ResponseReturnValue:
    documents, past = seen_with_past(current_account(), home, month)
    return shown_page(documents[0] if documents else abort(404), past)


@bp.get("/<home>/<month>/<int:revision>")
@customer
def document(home: str, month: str, revision: int) -> ResponseReturnValue:
    """A document that a correction has replaced."""
    documents, past = seen_with_past(current_account(), home, month)
    replaced = {bill.revision: bill for bill in documents[1:]}
    return shown_page(replaced.get(revision) or abort(404), past, replaced=True)


def shown_page(
    bill: SeenBill, past: list[ListedBill], replaced: bool = False
) -> ResponseReturnValue:
    """One bill with what was used before it."""
    today = clock.today()
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
        replaced=replaced,
        **parts(bill),
    )


@bp.get("/<home>/<month>/paper")
@customer
def paper(home: str, month: str) -> ResponseReturnValue:
    bill = asked(home, month)[0]
    return page("bills/paper.html", sources_open=True, **parts(bill))


def parts(bill: SeenBill) -> dict[str, Any]:
    """What the screen and the paper say of one bill."""
    lines, stands = line_texts.lines(bill, active.table()), state(bill, clock.today())
    if bill.role == VIEWER:
        lines = [line._replace(arithmetic=masks.numbers(line.arithmetic)) for line in lines]
    return {
        "bill": bill,
        "badge": statement.badge(stands),
        "state": stands,
        "lines": LINE.fill(lines),
        "sources": SOURCE.fill(line_texts.sources(lines)),
        "kind_text": statement.kind_text(bill.reading_kind),
        "mix": statement.mix(bill),
        "how_counted": statement.how_counted(bill),
        "month_text": words.month(bill.month),
        "title_month": words.short_month(bill.month),
        "number": words.number(bill.number),
        "bill_code": grouped(bill.code, 5),
        "total": words.won(bill.total),
        "owed": words.won(bill.owed),
        "due": words.day_in_sentence(bill.due_on),
        "period": f"{words.day(bill.from_on + timedelta(days=1))} – {words.day(bill.to_on)}",
        "due_day": words.day(bill.due_on),
        "short_period": words.days(bill.from_on + timedelta(days=1), bill.to_on),
        "read": (words.day(bill.from_on), words.day(bill.to_on)),
        "shown": (words.volume(bill.previous_m3), words.volume(bill.current_m3)),
        "usage": words.volume(bill.usage_m3),
        "office": offices()[bill.office],
        **beside(bill, stands),
    }


def beside(bill: SeenBill, stands: State) -> dict[str, Any]:
    """What few bills have: arrears, corrections, instalments, something paid before."""
    found: dict[str, Any] = {"corrected": [], "arrears": "", "paid_before": "", **planned([])}
    if bill.revision:
        noted = corrections(bill.premises_id, bill.month)
        found["corrected"] = [
            line_texts.correction(one) for one in noted if one.revision <= bill.revision
        ]
    if stands is State.PLANNED:
        found |= planned(instalments(bill.premises_id, bill.month))
    if bill.arrears:
        found["arrears"] = words.won(bill.arrears)
    if bill.paid_before:
        found["paid_before"] = words.won(bill.paid_before)
    return found


def planned(plan: list[Part]) -> dict[str, Any]:
    """The parts in which a bill is paid, and the next one to pay."""
    following = next((part for part in plan if not part.paid), None)
    return {
        "plan": [(words.day(part.due_on), words.won(part.amount), part.paid) for part in plan],
        "part": words.won(following.amount) if following else "",
        "part_due": words.day_in_sentence(following.due_on) if following else "",
    }
