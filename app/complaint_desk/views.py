"""민원: the queue of open complaints, finding one, and several at once."""

from datetime import datetime
from typing import Any

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.access import staff
from app.audit.trail import NOBODY, About
from app.complaint_desk import lines, news, several
from app.complaint_desk.colleagues import colleagues
from app.complaint_desk.desk import HANDLE, SEE, bp
from app.complaint_desk.forms import FindForm
from app.complaint_desk.lines import Filter
from app.complaint_desk.news import Mark
from app.complaints import queue
from app.complaints.models import Complaint
from app.language import later
from app.staff import desk
from app.staff.desk import Offices, Place, Waiting
from app.staff.looks import looked
from app.staff.searches import Search
from app.staff.session import current_member, scope
from app.supply.offices import offices
from app.web import fragment_wanted, page


def waiting(allowed: Offices, now: datetime) -> Waiting:
    found = queue.counts(allowed, now)
    return Waiting(found.total, found.late)


SHOWN = 3
"""So many of the newest are named."""

desk.register(Place("/staff/complaints/", later("민원"), SEE, waiting, order=15))


@bp.get("/")
@staff(SEE)
def index() -> ResponseReturnValue:
    """What is due first; a page begins after the line that the address names."""
    if fragment_wanted() == "news":
        return told_news()
    return as_page(), 200


def told_news() -> ResponseReturnValue:
    """How many have come since the page was opened; nothing when it says so already."""
    chosen, now, mark = Filter.of(request.args), clock.now(), Mark.of(request.args.get("since", ""))
    offices, wanted = chosen.offices(scope()), chosen.wanted(current_member().id)
    found = news.since(mark, offices, wanted, now) if mark else []
    if request.args.get("seen") == str(len(found)):
        return "", 204
    told = {"chosen": chosen, "came": len(found), "newest": lines.lines(found[:SHOWN], now)}
    return page("complaint_desk/index.html", most=news.MOST, **told), 200


def as_page(picked: frozenset[str] = frozenset(), problem: str = "") -> Any:
    member, allowed, now = current_member(), scope(), clock.now()
    chosen = Filter.of(request.args)
    may, mine = member.offices(HANDLE), chosen.offices(allowed)
    mark = news.mark(mine, chosen.wanted(member.id), now)
    return page(
        "complaint_desk/index.html",
        form=FindForm(formdata=None),
        counts=queue.counts(mine, now),
        colleagues=[(one.reference, one.name) for one in colleagues(may)] if may else [],
        offices=[(code, office.shown) for code, office in offices().items()],
        picked=picked,
        problem=problem,
        done=several.told(request.args),
        since=mark,
        came=0,
        newest=[],
        most=news.MOST,
        live=request.args.get("live") != "off",
        **lines.board(member, allowed, chosen, now, request.args.get("after", "")[:12]),
    )


@bp.post("/several")
@staff(HANDLE)
def do_several() -> ResponseReturnValue:
    """The same with all complaints that were picked; those that changed meanwhile are named."""
    picks = request.form.getlist("pick")[: queue.SIZE]
    order = several.order(request.form, current_member(), scope())
    if not picks or order is None:
        return as_page(frozenset(picks), str(several.CHOOSE)), 422
    done, missed = several.carry_out(order, picks, scope(), clock.now())
    chosen = Filter.of(request.args)._asdict()
    kept = {name: value for name, value in chosen.items() if value}
    told = {"did": order.verb, "count": done, "missed": ",".join(missed)}
    return redirect(url_for(".index", **{**kept, **told}), 303)


@bp.post("/search")
@staff(SEE)
def find() -> ResponseReturnValue:
    """What was typed stands in no address: it is kept sealed for a while."""
    form = FindForm()
    if not form.validate_on_submit():
        return redirect(url_for(".index"), 303)
    reference = Search.begin(current_member().id, form.query.data, clock.now())
    return redirect(url_for(".results", search=reference), 303)


@bp.get("/found/<search>")
@staff(SEE)
def results(search: str) -> ResponseReturnValue:
    """What fits; the only one that fits is opened at once."""
    asked = Search.of(current_member().id, search, clock.now())
    if asked is None:
        return redirect(url_for(".index"), 303)
    hits = queue.find(asked.query, scope())
    if len(hits) == 1:
        return redirect(url_for(".show", complaint=hits[0].reference), 303)
    note(hits)
    return page(
        "complaint_desk/found.html",
        form=FindForm(formdata=None, data={"query": asked.query}),
        lines=lines.lines(hits, clock.now()),
        more=len(hits) == queue.MOST_FOUND,
    )


def note(hits: list[Complaint]) -> None:
    numbers = " ".join(one.reference for one in hits)[:400]
    looked("complaint.searched", NOBODY, found=len(hits), numbers=numbers)


@bp.get("/of/<number>")
@staff(SEE)
def of_premises(number: str) -> ResponseReturnValue:
    """All complaints about a premises."""
    hits = queue.of_premises(number, scope())
    if hits is None:
        abort(404)
    premises_id, found = hits
    looked("complaint.searched", About(None, premises_id), found=len(found))
    return page(
        "complaint_desk/found.html",
        form=FindForm(formdata=None),
        lines=lines.lines(found, clock.now()),
        more=False,
    )
