"""내 정보 모두 보기: what is held about oneself, taking it away, asking the office, closing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app import clock, limits, references, words
from app.access import customer, fresh, public, strong
from app.accounts import belongings
from app.accounts.session import current_account
from app.db import writing
from app.errors import wait
from app.forms import Form
from app.language import current, later
from app.mydata import export, person
from app.mydata.forms import WishForm
from app.mydata.topics import BY_CODE, TOPICS
from app.mydata.values import Row, Table, Topic, Value, shown
from app.observe import log
from app.privacy import leaving, mails, register, retention
from app.privacy.models import Decision, RightsRequest, Wish
from app.privacy.register import AtClose
from app.web import page

bp = Blueprint("mydata", __name__, url_prefix="/profile/data")

PER_DAY = 5
SHOWN = 12
"""So many of each kind on a page; more would hide the rest, and a download has all."""
NARROW = 4
"""So many columns fit beside each other on a phone; what has more stands below each other."""
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
    """The newest rows of a table in words: as a table when it is narrow, else as pairs of a name
    and a value, without those that are not there.
    """
    keys = table.brief or tuple(table.columns)
    names = [str(table.columns[key]) for key in keys]
    shown_rows = [[row.get(key) for key in keys] for row in rows[:SHOWN]]
    columns = [[row[at] for row in shown_rows] for at in range(len(keys))]
    return {
        "title": str(table.title),
        "names": [headed(name, column) for name, column in zip(names, columns, strict=True)],
        "is_narrow": len(keys) <= NARROW,
        "cells": [[cell(value) for value in row] for row in shown_rows],
        "pairs": [pairs(names, row) for row in shown_rows],
        "left_out": max(len(rows) - SHOWN, 0),
    }


def pairs(names: Sequence[str], row: Sequence[Value]) -> list[tuple[str, str]]:
    named = zip(names, row, strict=True)
    return [(name, shown(value)) for name, value in named if value is not None]


def headed(name: str, column: Sequence[Value]) -> dict[str, Any]:
    """The head of a column; above numbers it stands where they end."""
    return {"text": name, "number": any(isinstance(value, int) for value in column)}


def cell(value: Value) -> dict[str, Any]:
    """A value in a table; numbers line up at their ends."""
    return {"text": shown(value), "number": isinstance(value, int)}


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
    known = [one for one in register.blocks().values() if one.topic]
    ends = [one.said(one.title) for one in known if one.at_close is AtClose.DELETE]
    stays = [one for one in known if one.because]
    apart, with_home = (
        [(one.said(one.title), one.said(one.because)) for one in stays if bool(one.person) is own]
        for own in (True, False)
    )
    return {"ends": ends, "apart": apart, "stays": with_home}


@bp.route("/closing/check", methods=["GET", "POST"])
@strong
def close() -> ResponseReturnValue:
    account, form = current_account(), Form()
    if form.validate_on_submit():
        now = clock.now()
        leaving.leave(current_app.config, account.id, now)
        belongings.discard(session.get("browser", ""))
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
