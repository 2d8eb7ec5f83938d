"""내 정보 모두 보기: what is held about oneself, taking it away, asking the office, closing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app import clock, limits, references, words
from app.access import customer, fresh, public, strong
from app.accounts.session import current_account
from app.db import writing
from app.errors import wait
from app.forms import Form
from app.language import current, later
from app.mydata import export, person
from app.mydata.forms import WishForm
from app.mydata.topics import BY_CODE, TOPICS
from app.mydata.values import Row, Table, Topic, shown
from app.observe import log
from app.privacy import closing, mails, register, retention
from app.privacy.models import Decision, RightsRequest, Wish
from app.privacy.register import AtClose, Basis
from app.web import page

bp = Blueprint("mydata", __name__, url_prefix="/profile/data")

PER_DAY = 5
SHOWN = 50
NOT_SHOWN = {"content"}
"""Whole documents are behind their links; a download has them."""
TOO_MANY = later("하루에 5번까지 내려받을 수 있습니다. %(minutes)s분 뒤에 다시 해 주십시오.")


@bp.get("/")
@customer
def index() -> ResponseReturnValue:
    account, now = current_account(), clock.now()
    topics = [
        {
            "code": topic.code,
            "title": str(topic.title),
            "text": str(topic.text),
            "count": sum(len(table.rows(account, now)) for table in topic.tables),
        }
        for topic in TOPICS
    ]
    waiting = [one for one in RightsRequest.of(account) if person.is_open(one)]
    return page(
        "mydata/index.html",
        name=account.name,
        topics=topics,
        waiting=[described(one) for one in waiting],
    )


@bp.get("/<part>")
@fresh
def topic(part: str) -> ResponseReturnValue:
    found = BY_CODE.get(part) or abort(404)
    account, now = current_account(), clock.now()
    tables = [described_table(table, table.rows(account, now)) for table in found.tables]
    return page("mydata/topic.html", topic=named(found), tables=tables)


def named(found: Topic) -> dict[str, Any]:
    links = [(href, str(name)) for href, name in found.links]
    return {"title": str(found.title), "text": str(found.text), "links": links}


def described_table(table: Table, rows: Sequence[Row]) -> dict[str, Any]:
    """The newest rows of a table in words, each as pairs of a name and a value."""
    return {
        "title": str(table.title),
        "rows": [pairs(table, row) for row in rows[:SHOWN]],
        "left_out": max(len(rows) - SHOWN, 0),
    }


def pairs(table: Table, row: Row) -> list[tuple[str, str]]:
    return [
        (str(name), shown(row.get(key)))
        for key, name in table.columns.items()
        if key not in NOT_SHOWN
    ]


@bp.get("/download")
@strong
def download() -> ResponseReturnValue:
    return page("mydata/download.html", most=PER_DAY)


@bp.post("/download/<any(json, csv):format>")
@strong
def take(format: str) -> ResponseReturnValue:
    """The whole as a file; its owner gets a mail, in case it was somebody else."""
    account, now, config = current_account(), clock.now(), current_app.config
    key = config["SECRET_KEY"]
    if not limits.may("mydata", key, str(account.id), PER_DAY, now, limits.DAY):
        return wait(limits.window_end(now, limits.DAY) - now, TOO_MANY)
    found = export.gather(account, now)
    with writing():
        mails.downloaded(account, now)
    if format == "json":
        name = config["SITE_NAME_EN" if current() == "en" else "SITE_NAME"]
        return attachment(export.as_json(found, name, now), "application/json", "json", now)
    return attachment(export.as_zip(found, now), "application/zip", "zip", now)


def attachment(content: bytes, kind: str, ending: str, now: datetime) -> Response:
    day = words.local_day(now).isoformat()
    named = {"Content-Disposition": f'attachment; filename="my-data-{day}.{ending}"'}
    return Response(content, mimetype=kind, headers=named)


@bp.get("/requests")
@customer
def requests() -> ResponseReturnValue:
    found = [described(one) for one in RightsRequest.of(current_account())]
    return page("mydata/requests.html", requests=found, done=request.args.get("done", ""))


def described(one: RightsRequest) -> dict[str, Any]:
    """A request in words, with the days that are left."""
    left = one.days_left(clock.today())
    return {
        "reference": one.reference,
        "grouped": references.grouped(one.reference, 4),
        "kind": str(person.WISHES[Wish(one.kind)]),
        "about": one.about,
        "asked": words.day(words.local_day(one.asked_at)),
        "due": words.day(one.due_on),
        "left": left,
        "late": -left,
        "waits": person.is_open(one),
        "decision": str(mails.DECISIONS[Decision(one.decision)]),
        "decided": words.day(words.local_day(one.decided_at)) if one.decided_at else "",
        "answer": one.answer,
    }


@bp.route("/requests/new", methods=["GET", "POST"])
@customer
def ask() -> ResponseReturnValue:
    form = WishForm(data={"kind": request.args.get("kind", "")})
    if form.validate_on_submit():
        made = RightsRequest.ask(current_account(), form.kind.data, form.about.data, clock.now())
        if made:
            return redirect(url_for(".requests", done="asked"), 303)
        form.refuse()
    return page("mydata/ask.html", form=form), form.status


@bp.post("/requests/<right>/withdrawal")
@customer
def withdraw(right: str) -> ResponseReturnValue:
    mine = RightsRequest.of(current_account()).where(RightsRequest.reference == right)
    found = mine.first() or abort(404)
    found.decide(Decision.WITHDRAWN, "", "account", clock.now())
    return redirect(url_for(".requests", done="withdrawn"), 303)


@bp.get("/closing")
@customer
def before_closing() -> ResponseReturnValue:
    """What a closing means, from the register, before anything is asked."""
    open_requests = RightsRequest.of(current_account()).where(RightsRequest.decided_at.is_null())
    return page("mydata/closing.html", open_requests=open_requests.count(), **consequences())


def consequences() -> dict[str, Any]:
    """What ends, and what stays: apart for the law, or because it belongs to the home."""
    known = [one for one in register.blocks().values() if one.basis is not Basis.NONE]
    ends = [one.said(one.title) for one in known if one.at_close is AtClose.DELETE and one.personal]
    stays = {
        kind: [(one.said(one.title), one.said(one.because)) for one in known if chosen(one)]
        for kind, chosen in (
            ("apart", lambda one: one.at_close is AtClose.MOVE),
            ("stays", lambda one: one.at_close is AtClose.STAY and one.because),
        )
    }
    return {"ends": ends, **stays}


@bp.route("/closing/check", methods=["GET", "POST"])
@strong
def close() -> ResponseReturnValue:
    account, form = current_account(), Form()
    if form.validate_on_submit():
        now = clock.now()
        closing.close(account.id, now, lambda whole: mails.closed(whole, now))
        session.clear()
        forget_files(now)
        return redirect(url_for(".closed"), 303)
    return page("mydata/close.html", email=account.email, form=form), form.status


def forget_files(now: datetime) -> None:
    """Files of what was deleted go at once; what fails here the retention job does later."""
    try:
        list(retention.sweep_files(current_app.config, now, dry=False))
    except OSError as error:
        log.error("files of a closed account stay for a while", exc_info=error)


@bp.get("/closed")
@public
def closed() -> ResponseReturnValue:
    return page("mydata/closed.html")
