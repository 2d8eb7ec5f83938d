"""요금 계산기 and 요금표: what water costs, for everybody, without anybody's data."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import clock, words
from app.access import public
from app.calculator import texts
from app.calculator.estimate import Estimate, estimate
from app.calculator.forms import CalculatorForm
from app.calculator.prices import prices
from app.calculator.rules import discounts, rules
from app.stamps import Stamp
from app.tariff import active
from app.tariff.table import TariffError
from app.web import fragment_wanted, page

bp = Blueprint("calculator", __name__)

LINE = Stamp("calculator/_line.html")
MOVED = ("households", "dwellings")


@bp.get("/calculator/")
@public
def index() -> ResponseReturnValue:
    form = CalculatorForm(request.args)
    found = answered(form)
    said = said_of(found) if found else {}
    alone = bool(fragment_wanted())  # without the form, which would say what is wrong
    return page("calculator/index.html", form=form, found=found, alone=alone, **said), form.status


def answered(form: CalculatorForm) -> Estimate | None:
    """The answer to a question that is understood and has rates; else the form says what is not."""
    if not form.validate():
        return None
    try:
        return estimate(active.table(), form.asked())
    except TariffError:
        form.refuse_month()
        return None


def with_homes(count: int) -> str:
    """The address of the same question with its households as homes on a shop's meter."""
    if not count:
        return ""
    kept = [one for one in request.args.items(multi=True) if one[0] not in MOVED]
    moved = [("households", "1"), ("dwellings", str(count))]
    return f"/calculator/?{urlencode(kept + moved)}#dwellings"


def said_of(found: Estimate) -> dict[str, Any]:
    """An estimate in words."""
    rows = texts.rows(found, active.table())
    return {
        "lines": LINE.fill(rows),
        "has_samples": any(row.sample for row in rows),
        "mix": texts.mix(found),
        "how_counted": texts.how_counted(found, active.table()),
        "which_count": texts.which_count(found, active.table()),
        "to_move": with_homes(texts.homes_to_move(found, active.table())),
        "question": texts.question(found),
        "total": words.won(found.charged.total),
        "share": texts.share(found),
        "unused": texts.unused(found, active.table()),
        "less": texts.less(found),
        "following": texts.following(found),
    }


@bp.get("/tariff/")
@public
def tariff() -> ResponseReturnValue:
    table, today = active.table(), clock.today()
    return page(
        "calculator/tariff.html",
        today=words.day(today),
        groups=prices(table, today),
        rules=rules(table),
        discounts=discounts(table),
    )
