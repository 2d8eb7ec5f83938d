"""오늘 방문할 곳: the day's visits by dong, with a map, to be printed and taken along."""

from datetime import date, timedelta

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock, words
from app.access import staff
from app.audit.trail import NOBODY
from app.complaint_desk import visits
from app.complaint_desk.desk import SEE, bp
from app.complaints.public import HEIGHT, WIDTH
from app.staff.looks import looked
from app.staff.session import current_member, scope
from app.supply.offices import offices
from app.web import page

FAR = timedelta(days=366)


@bp.get("/visits/")
@staff(SEE)
def visits_today() -> ResponseReturnValue:
    return redirect(url_for(".visit_list", day=clock.today().isoformat()), 303)


def asked_day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        abort(404)
    return found if abs(found - clock.today()) <= FAR else abort(404)


@bp.get("/visits/<day>")
@staff(SEE)
def visit_list(day: str) -> ResponseReturnValue:
    wanted, allowed = asked_day(day), scope()
    office = request.args.get("office", "")
    chosen = [code for code in allowed if office in ("", code)] or list(allowed)
    mine = request.args.get("whose") == "mine"
    some = visits.due_by(chosen, wanted, current_member().id if mine else None)
    numbers = " ".join(one.reference for one in some)[:400]
    looked("complaint.visits_seen", NOBODY, found=len(some), numbers=numbers)
    groups, spots = visits.together(some, clock.now())
    return page(
        "complaint_desk/visits.html",
        day=words.day(wanted),
        value=wanted.isoformat(),
        groups=groups,
        spots=spots,
        width=WIDTH,
        height=HEIGHT,
        office=office,
        offices=[(code, offices()[code].shown) for code in allowed],
        mine=mine,
        before=(wanted - timedelta(days=1)).isoformat(),
        after=(wanted + timedelta(days=1)).isoformat(),
        most=visits.MOST if len(some) == visits.MOST else 0,
    )
