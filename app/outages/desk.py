"""The desk of outages: for the night when nobody can commit, a form that makes the same commit."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from flask import Blueprint, Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock, words
from app.access import staff
from app.db import writing
from app.language import _, later
from app.outages import (  # feeds: more views of outages
    composed,
    feeds,  # noqa: F401
    phrases,
    repository,
    shelf,
    wide,
)
from app.outages.desk_forms import HEADQUARTERS, NewOutageForm, OutageForm, filled
from app.outages.record import OVER, Outage, State, essence
from app.outages.repository import Author, ConflictError, RepositoryError
from app.staff import desk
from app.staff.desk import Offices, Place, Waiting
from app.staff.session import audit, current_member, scope
from app.supply.offices import offices
from app.web import page

bp = Blueprint("outage_desk", __name__, url_prefix="/staff/outages")

MAY = "outages.write"


def own_app() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined]


def may_write(one: Outage, allowed: Offices) -> bool:
    """Those of one's own offices; those of headquarters and of the whole city are everybody's."""
    return one.office in (*allowed, HEADQUARTERS) or one.area.city


def waiting(allowed: Offices, now: object) -> Waiting:
    """Outages whose planned end has passed and nobody said that they are over, and urgent ones that
    somebody wrote and nobody has announced.
    """
    moment = clock.now()
    own = [one for one in shelf.known().values() if may_write(one, allowed)]
    late = sum(one.is_late(moment) for one in own)
    return Waiting(late + sum(is_unsaid(one) for one in own), late)


def is_unsaid(one: Outage) -> bool:
    return one.is_urgent and one.state is State.DRAFT


desk.register(Place("/staff/outages/", later("단수 안내"), MAY, waiting, order=15))


@bp.get("/")
@staff(MAY)
def index() -> ResponseReturnValue:
    now, allowed = clock.now(), scope()
    found = sorted(shelf.known().values(), key=lambda one: one.from_at, reverse=True)
    rows = [
        {
            "id": one.id,
            "title": one.title,
            "state": phrases.state_name(one.state),
            "when": phrases.when(one),
            "where": phrases.short_where(one.area),
            "late": one.is_late(now),
            "unsaid": is_unsaid(one),
        }
        for one in found
        if may_write(one, allowed)
    ]
    broken = [
        (read.path.name, problem)
        for read in shelf.read_all(own_app(), now)
        for problem in read.problems
        if problem.error
    ]
    return page("outages/desk.html", rows=rows, broken=broken)


@bp.route("/new", methods=["GET", "POST"])
@staff(MAY)
def new() -> ResponseReturnValue:
    form = NewOutageForm(offices_for(), data=fresh())
    form.is_taken = lambda name: repository.path_of(own_app(), name).exists()
    seen(form, "")
    if form.validate_on_submit():
        path = repository.path_of(own_app(), form.name.data)
        return saved(form, path, form.name.data)
    return shown(form, "", "")


def fresh() -> dict[str, str]:
    """What a new outage most likely is: an emergency that began just now."""
    now = clock.now().astimezone(clock.SEOUL)
    return {
        "kind": "emergency",
        "state": State.IN_PROGRESS.value,
        "name": f"{now:%Y-%m%d-%H%M}",
        "from_at": f"{now:%Y-%m-%dT%H:%M}",
    }


@bp.route("/<outage>", methods=["GET", "POST"])
@staff(MAY)
def edit(outage: str) -> ResponseReturnValue:
    one = shelf.known().get(outage)
    if one is None or not may_write(one, scope()):
        abort(404)
    path = repository.path_of(own_app(), outage)
    text = repository.text_at(path)
    one = written(path, text) or one
    if not may_write(one, scope()):
        abort(404)
    form = OutageForm(offices_for(one), data=filled(one))
    seen(form, text)
    if form.validate_on_submit():
        return saved(form, path, outage)
    return shown(form, outage, "")


def seen(form: OutageForm, text: str) -> None:
    """A form that is opened remembers the text it shows; what is sent says itself what was seen."""
    if request.method == "GET":
        form.base.data = repository.mark(text)


def written(path: Path, text: str) -> Outage | None:
    """What a file says at this moment: the shelf may be some seconds behind."""
    lead = current_app.config["OUTAGE_LEAD_DAYS"]
    return shelf.examine(path.name, text.encode(), clock.now(), lead).outage


def last_good(path: Path, name: str) -> tuple[Outage | None, str]:
    """What a file says, and its text; of one that cannot be read what it said before."""
    text = repository.text_at(path)
    one = written(path, text)
    if one or not text:
        return one, text
    return shelf.known().get(name), shelf.of(own_app()).texts.get(name, "")


def is_news(before: Outage, after: Outage) -> bool:
    """Whether people who were told of it must be told again."""
    there = [one.area._replace(note="") for one in (before, after)]
    changed = there[0] != there[1] or essence(before) != essence(after)
    return changed and before.state not in (State.DRAFT, *OVER)


def is_refused(form: OutageForm, before: Outage | None, after: Outage) -> bool:
    """Whether a change lacks words, or its author the right; the form then says which."""
    if before and not form.said.data and is_news(before, after):
        form.said.errors = [_("시간이나 지역을 바꾸었으니 알리는 말을 넣어 주십시오.")]
        return True
    if text := wide.whom_to_ask(current_member(), before, after):
        form.form_errors.append(text)
    return bool(text)


def offices_for(one: Outage | None = None) -> tuple[str, ...]:
    """The offices that may be chosen: one's own, and the one that it has; headquarters for who may
    write for all offices.
    """
    own = scope()
    more = [HEADQUARTERS] if len(own) == len(offices()) else []
    return tuple(dict.fromkeys((*own, *more, *([one.office] if one else []))))


def saved(form: OutageForm, path: Path, name: str) -> ResponseReturnValue:
    """Check what was typed as any file is checked, and commit it."""
    now = clock.now()
    before, good = last_good(path, name)
    updates, body = composed.kept_of(good)
    if before and before.state is State.DRAFT and form.said.data and not shelf.was_told(name):
        updates = []  # of a draft, nobody was told of it
    text = composed.file_text(form.fields(updates, now), body)
    found = shelf.examine(path.name, text.encode(), now, current_app.config["OUTAGE_LEAD_DAYS"])
    if found.outage is None or is_refused(form, before, found.outage):
        form.form_errors += [f"{one.what}. {one.mend}" for one in found.problems if one.error]
        return shown(form, name, "")
    if not may_write(found.outage, scope()):
        abort(403)
    member = current_member()
    message = f"{found.outage.title}: {form.said.data or _('고침')}"
    try:
        author = Author(member.name, member.email)
        commit = repository.save(path, form.base.data or "", text, author, message)
    except ConflictError as conflict:
        form.form_errors.append(_("그사이에 다른 사람이 이 파일을 고쳤습니다. 아래를 보십시오."))
        form.base.data = repository.mark(conflict.theirs)
        return shown(form, name, conflict.theirs)
    except RepositoryError:
        form.form_errors.append(_("git에 저장하지 못했습니다. 파일은 그대로입니다."))
        return shown(form, name, "")
    with writing():
        audit("outage.saved", outage=name, commit=commit, state=found.outage.state.value)
    shelf.of(own_app()).look_now()
    hints = sum(not one.error for one in found.problems)
    return redirect(url_for(".edit", outage=name, commit=commit, hints=hints), 303)


def hints_of(one: Outage) -> Iterator[str]:
    """What somebody should know before anything is typed."""
    for text in shelf.taken_back(one):
        yield _(
            "알린 줄이 파일에 없습니다: 「%(text)s」. 잘못 알렸으면 바로잡는 줄을 더하십시오.",
            text=text,
        )
    if request.method == "GET" and (ask := wide.whom_to_ask(current_member(), one)):
        yield ask


def shown(form: OutageForm, name: str, theirs: str) -> ResponseReturnValue:
    path = repository.path_of(own_app(), name) if name else None
    one = shelf.known().get(name)
    lead = current_app.config["OUTAGE_LEAD_DAYS"]
    hints = list(hints_of(one)) if one else []
    if path and path.exists():
        read = shelf.examine(path.name, path.read_bytes(), clock.now(), lead)
        hints += [f"{problem.what}. {problem.mend}" for problem in read.problems]
    told = [
        (words.moment(update.at), phrases.state_name(update.state), update.text)
        for update in (one.updates if one else ())
    ]
    history = [
        (words.moment(datetime.fromisoformat(at)), *by)
        for at, *by in (repository.history(path) if path else ())
    ]
    return page(
        "outages/desk_edit.html",
        form=form,
        name=name,
        theirs=theirs,
        told=told,
        hints=hints,
        history=history,
        commit=request.args.get("commit", ""),
    ), 422 if form.errors or form.form_errors else 200
