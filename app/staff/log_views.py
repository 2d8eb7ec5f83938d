"""The log of who did what and who looked at whom: read by those who may, in their offices."""

import csv
import io
import json
import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, request, url_for
from flask.typing import ResponseReturnValue
from peewee import fn
from wtforms import DateField, Field, Form
from wtforms.validators import Optional, ValidationError

from app import clock, words
from app.access import staff, staff_fresh
from app.audit.models import Entry
from app.audit.trail import NOBODY
from app.audit.words import ACTIONS, action
from app.db import as_instant, writing
from app.language import _, later
from app.signs import harmless
from app.staff import desk
from app.staff.desk import Place
from app.staff.forms import ReasonForm
from app.staff.models import Member
from app.staff.session import audit, current_member, scope
from app.supply.models import Premises
from app.web import page

bp = Blueprint("log", __name__, url_prefix="/staff/audit")

desk.register(Place("/staff/audit/", later("기록"), "audit.see", order=90))
SHOWN, MOST_ROWS = 100, 10_000
DAYS = 30
FIRST_DAY = date(2000, 1, 1)
LOOKS = ("customer.seen", "customer.searched", "customer.unmasked")


def in_bounds(_form: Form, field: Field) -> None:
    """Before the first day there was no log; with far ones no calendar reckons."""
    last = clock.today() + timedelta(days=DAYS)
    if not FIRST_DAY <= field.data <= last:
        bounds = {"first": words.day(FIRST_DAY), "last": words.day(last)}
        raise ValidationError(_("%(first)s부터 %(last)s까지의 날짜를 넣어 주십시오.", **bounds))


class ExportForm(ReasonForm):
    """Why the log is taken out, and of which days."""

    since = DateField(later("첫날"), [Optional(), in_bounds])
    until = DateField(later("마지막 날"), [Optional(), in_bounds])


def seen() -> Any:
    """The rows that the member may read: all, or those of people or premises of their offices."""
    member = current_member()
    if member.may_everywhere("audit.see") or member.may_everywhere("audit.export"):
        return Entry.select()
    key: Any = Premises._meta.primary_key
    here = (key == Entry.premises_id) & Premises.office.in_(scope())
    about_here = fn.EXISTS(Premises.select(key).where(here))
    return Entry.select().where(Entry.office.in_(scope()) | about_here)


def asked(rows: Any) -> Any:
    """The rows that the filter of the address wants."""
    member, what, number = (request.args.get(name, "") for name in ("member", "action", "number"))
    if member:
        one = Member.get_or_none(Member.reference == member)
        rows = rows.where((Entry.actor_kind == "staff") & (Entry.actor_id == (one and one.id)))
    if what in ACTIONS:
        rows = rows.where(Entry.action == what)
    if number:
        place = Premises.numbered(number.replace("-", "")).first()
        rows = rows.where(Entry.premises_id == (place.get_id() if place else -1))
    if before := request.args.get("before", ""):
        rows = rows.where(Entry.id < number_or_404(before))
    return rows.order_by(Entry.id.desc())


def number_or_404(text: str) -> int:
    """The number of a row; no row has one with more digits than the database can count."""
    if not re.fullmatch(r"[0-9]{1,18}", text):
        abort(404)
    return int(text)


@bp.get("/")
@staff("audit.see")
def index() -> ResponseReturnValue:
    """The newest rows; reading them is itself written down."""
    found = list(asked(seen()).limit(SHOWN + 1))
    with writing():
        audit("audit.seen", NOBODY, rows=len(found[:SHOWN]))
    numbers = numbers_of(found)
    rest = {name: value for name, value in request.args.items() if name != "before" and value}
    rest["before"] = str(found[SHOWN - 1].id) if found[SHOWN:] else ""
    return page(
        "staff/log.html",
        rows=[shown(one, numbers) for one in found[:SHOWN]],
        older=f"{url_for('.index')}?{urlencode(rest)}" if found[SHOWN:] else "",
        actions=[(code, str(word)) for code, word in ACTIONS.items()],
        asked={name: request.args.get(name, "") for name in ("member", "action", "number")},
        team=[(one.reference, one.name) for one in Member.team()],
        review=review(),
        may_export=current_member().may("audit.export"),
    )


def numbers_of(found: Iterable[Entry]) -> dict[int, str]:
    """Customer numbers of the premises that rows are about."""
    ids = {one.premises_id for one in found if one.premises_id}
    rows = Premises.with_ids(ids)
    return {one.get_id(): one.number for one in rows}


def shown(one: Entry, numbers: dict[int, str]) -> dict[str, str]:
    return {
        "at": words.moment(as_instant(one.at)),
        "who": one.actor_name or one.actor_kind,
        "what": action(one.action),
        "number": numbers.get(one.premises_id or 0, ""),
        "details": ", ".join(f"{name}: {value}" for name, value in json.loads(one.details).items()),
    }


def review() -> list[dict[str, Any]]:
    """The monthly review: how many persons each member opened in the last thirty days."""
    since = clock.now() - timedelta(days=DAYS)
    rows = seen().where((Entry.at >= since) & Entry.action.in_(LOOKS))
    unmasked = fn.SUM((Entry.action == "customer.unmasked").cast("integer"))
    account, place = (
        fn.COALESCE(one.cast("text"), "") for one in (Entry.account_id, Entry.premises_id)
    )
    persons = fn.COUNT(fn.DISTINCT(fn.NULLIF(account.concat(" ").concat(place), " ")))
    grouped = rows.select(Entry.actor_name, fn.COUNT(Entry.id), persons, unmasked).group_by(
        Entry.actor_id, Entry.actor_name
    )
    names = ("name", "looks", "persons", "unmasked")
    found = [dict(zip(names, row, strict=True)) for row in grouped.tuples()]
    return sorted(found, key=lambda row: -row["looks"])[:SHOWN]


@bp.route("/export", methods=["GET", "POST"])
@staff_fresh("audit.export")
def export() -> ResponseReturnValue:
    """The rows of some days as CSV, for a reason that stays in the log (S-55)."""
    form = ExportForm()
    if form.validate_on_submit():
        until = form.until.data or clock.today()
        since = form.since.data or until - timedelta(days=DAYS)
        rows = seen().where((Entry.at >= first(since)) & (Entry.at < first(until, 1)))
        found = list(rows.order_by(Entry.id.desc()).limit(MOST_ROWS))
        with writing():
            audit("audit.exported", NOBODY, reason=form.reason.data, rows=len(found))
        return as_csv(found)
    return page("staff/export.html", form=form, most=f"{MOST_ROWS:,}"), form.status


def first(day: date, more: int = 0) -> datetime:
    return datetime.combine(day + timedelta(days=more), time(), clock.SEOUL)


COLUMNS = ("id", "at", "actor_kind", "actor_name", "office", "action", "number", "details")


def as_csv(found: list[Entry]) -> Response:
    """Cells that a spreadsheet would run begin with an apostrophe (S-32)."""
    numbers, text = numbers_of(found), io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for one in found:
        row = (
            one.id, one.at.isoformat(), one.actor_kind, one.actor_name, one.office, one.action,
            numbers.get(one.premises_id or 0, ""), one.details,
        )  # fmt: skip
        writer.writerow([harmless(str(cell)) for cell in row])
    name = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return Response(
        "\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8", headers=name
    )
