"""단수 안내: where the water is off, where it will be, and whether it is at one's home."""

from flask import Blueprint, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import URLSafeSerializer

from app import clock
from app.access import customer, kept
from app.accounts.session import current_account
from app.db import rows, writing
from app.outages import search, shelf, shown
from app.outages.area import Place
from app.outages.record import Phase
from app.web import page, page_unless_seen

bp = Blueprint("outages", __name__, url_prefix="/outages")

LONGEST = 60
HOMES = """
SELECT h.name, h.reference, h.calendars, p.district, p.dong, p.road_address, p.supply_block
FROM homes h JOIN premises p ON p.id = h.premises_id
WHERE h.account_id = ? AND (h.until_on IS NULL OR h.until_on >= ?) ORDER BY h.id
"""
RENEW = """
UPDATE homes SET calendars = calendars + 1
WHERE reference = ? AND account_id = ? AND (until_on IS NULL OR until_on >= ?) RETURNING id
"""


@bp.get("/")
@kept
def index() -> ResponseReturnValue:
    now, asked = clock.now(), request.args.get("q", "").strip()[:LONGEST]
    answers = [shown.answer(one, shown.place_name(one), now) for one in search.places(asked)]
    found = shown.overview(now)
    live = not asked and request.args.get("live") != "off"
    context = {**found, "asked": asked, "answers": answers, "live": live}
    return page_unless_seen("outages/index.html", **context)


@bp.get("/board")
@kept
def board() -> ResponseReturnValue:
    """For a screen that somebody passes by: what goes on and what comes, and nothing to press."""
    return page_unless_seen("outages/board.html", **shown.overview(clock.now()))


@bp.get("/<outage>")
@kept
def show(outage: str) -> ResponseReturnValue:
    now = clock.now()
    one = shelf.find(outage, now) or abort(404)
    found = shown.details(one, now)
    live = found["going"] and request.args.get("live") != "off"
    return page_unless_seen("outages/show.html", **found, live=live)


def signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="outage calendar")


def calendar_path(home: str, renewed: int) -> str:
    """The secret address of a home's calendar: calendar programs cannot sign in. Who renews it has
    another one, and the one before is nothing.
    """
    secret = signer().dumps([home, renewed] if renewed else home)
    return f"/outages/home/{secret}/calendar.ics"


@bp.get("/mine")
@customer
def mine() -> ResponseReturnValue:
    """Whether the water is off at one's own homes."""
    now, today = clock.now(), clock.today().isoformat()
    homes = []
    for name, reference, calendars, *where in rows(HOMES, (current_account().id, today)):
        found = shelf.at(Place.at(*where), now)
        both = shown.items([*found[Phase.NOW], *found[Phase.PLANNED]], now)
        link = calendar_path(reference, calendars)
        answer = shown.Answer(name, shown.verdict(found), both, calendar=link, reference=reference)
        homes.append(answer)
    return page("outages/mine.html", homes=homes, renewed=request.args.get("renewed", ""))


@bp.post("/mine/<home>/calendar")
@customer
def renew_calendar(home: str) -> ResponseReturnValue:
    """Another secret address for a home's calendar: the one before has come into wrong hands."""
    with writing():
        if not rows(RENEW, (home, current_account().id, clock.today().isoformat())):
            abort(404)
    return redirect(url_for(".mine", renewed=home), 303)
