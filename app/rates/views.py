"""요금표: a new one is proposed by one person and put into force by another (S-08)."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from wtforms import BooleanField

from app import clock, words
from app.access import staff, staff_fresh
from app.adoption import adopt
from app.adoption.typical import compare, first_month
from app.audit import trail
from app.language import _, later
from app.rates.names import PARTS, class_name, home_name
from app.staff import approvals, desk
from app.staff.approvals import ApprovalError, Content, Kind, Proposal
from app.staff.desk import Place
from app.staff.forms import ReasonForm
from app.staff.session import actor, current_member
from app.tariff import active
from app.tariff.check import Problem
from app.tariff.rates import Rate
from app.tariff.table import Table, parse
from app.web import page

bp = Blueprint("rates", __name__, url_prefix="/staff/rates")

LONGEST = 512 * 1024
desk.register(Place("/staff/rates/", later("요금표"), "rates.see", order=60))


def sentence(content: Content) -> str:
    return _(
        "새 요금표를 적용합니다: %(file)s, sha256 %(hash)s",
        file=content["file"],
        hash=content["sha256"][:16],
    )


def apply(proposal: Proposal, both: str, now: datetime) -> None:
    """Two persons agree: the table is in force within seconds, and the log names both."""
    content = proposal.values
    try:
        adopt.activate(Path(content["file"]), content["text"], both, content["despite_warnings"])
    except adopt.RefusedError as error:
        raise ApprovalError(
            _("요금표 점검에서 새 문제가 나왔습니다: %(why)s", why=str(error))
        ) from error
    details = {"sha256": content["sha256"], "file": content["file"]}
    trail.record(actor(), "rates.activated", now=now, details=details)


RATES = approvals.register(
    Kind(
        "rates",
        later("요금표 적용"),
        "rates.propose",
        "rates.approve",
        sentence,
        apply,
        details="/staff/rates/proposals/",
    )
)


class ProposeForm(ReasonForm):
    """A tariff file, and that its warnings were read."""

    file = FileField(later("요금표 파일(YAML)"))
    despite_warnings = BooleanField(later("경고를 읽었고, 그대로 맞습니다."))

    class Meta(ReasonForm.Meta):
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            return request.form if request.method == "POST" else None


def uploaded() -> tuple[str, str]:
    """Name and text of the file that was sent; both empty when there is none that is text."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return "", ""
    raw = file.read(LONGEST + 1)
    try:
        return Path(file.filename).name[:60], raw.decode("utf-8-sig") if len(raw) <= LONGEST else ""
    except UnicodeDecodeError:
        return "", ""


@bp.route("/", methods=["GET"])
@staff("rates.see")
def index() -> ResponseReturnValue:
    """What is in force, and what waits."""
    now = clock.now()
    waiting = [
        {"reference": one.reference, "sentence": sentence(one.values), "by": one.proposed_by.name}
        for one in Proposal.listed([RATES.name], waiting=True, now=now)
    ]
    table, today = active.table(), clock.today()
    return page(
        "rates/index.html",
        rates=shown_rates(rates_of(table, today)),
        coming=shown_rates(rate for rate in table.rates.values() if rate.begins > today),
        waiting=waiting,
        may_propose=current_member().may_everywhere("rates.propose"),
    )


def rates_of(table: Table, today: date) -> list[Rate]:
    """The rate of each part and class that began last; none that is still to come."""
    newest: dict[tuple[str, str], Rate] = {}
    for rate in table.rates.values():
        key = rate.part, rate.use_class
        if rate.begins <= today and (key not in newest or rate.begins > newest[key].begins):
            newest[key] = rate
    return [*newest.values()]


def shown_rates(rates: Iterable[Rate]) -> list[dict[str, Any]]:
    return [
        {
            "part": str(PARTS.get(rate.part, rate.part)),
            "use_class": class_name(rate.use_class),
            "since": rate.billed_from or str(rate.start),
            "tiers": tiers(rate),
            "verified": rate.verified,
        }
        for rate in sorted(rates, key=place)
    ]


def place(rate: Rate) -> tuple[int, int, str, date]:
    """Water first, the base charge by diameter."""
    part, use_class = rate.part, rate.use_class
    size = int(use_class) if use_class.isdecimal() else 0
    order = [*PARTS].index(part) if part in PARTS else len(PARTS)
    return order, size, use_class, rate.begins


def tiers(rate: Rate) -> str:
    """`50㎥까지 600원, 그 위 1,700원`."""
    if len(rate.tiers) == 1:
        return words.won(rate.tiers[0][1])
    known = [
        _("%(m3)s까지 %(won)s", m3=words.volume(m3), won=words.won(won))
        if m3
        else _("그 위 %(won)s", won=words.won(won))
        for m3, won in rate.tiers
    ]
    return ", ".join(known)


@bp.route("/new", methods=["GET", "POST"])
@staff_fresh("rates.propose")
def propose() -> ResponseReturnValue:
    """Send in a file: it is checked, compared, and then waits for a second person."""
    if not current_member().may_everywhere("rates.propose"):
        abort(403)
    form = ProposeForm()
    problems: list[Problem] = []
    if form.validate_on_submit():
        name, text = uploaded()
        problems = adopt.checked(text).problems if text else []
        if not text:
            form.form_errors.append(
                _("요금표 파일을 골라 주십시오. UTF-8 글자로 된 파일이어야 합니다.")
            )
        elif any(one.error for one in problems):
            form.form_errors.append(_("요금표에 고칠 것이 있습니다."))
        elif problems and not form.despite_warnings.data:
            form.form_errors.append(_("경고를 읽고, 맞으면 표시해 주십시오."))
        else:
            return sent(name, text, bool(problems), form)
    return page("rates/propose.html", form=form, problems=problems), form.status


def sent(name: str, text: str, warned: bool, form: ProposeForm) -> ResponseReturnValue:
    digest = hashlib.sha256(text.encode()).hexdigest()
    content = {"file": name, "text": text, "sha256": digest, "despite_warnings": warned}
    try:
        made = approvals.propose(
            RATES, "tariff", content, who=actor(), reason=form.reason.data, now=clock.now()
        )
    except ApprovalError as error:
        form.form_errors.append(str(error))
        return page("rates/propose.html", form=form, problems=[]), form.status
    return redirect(url_for(".show", reference=made.reference), 303)


@bp.get("/proposals/<reference>")
@staff("rates.see")
def show(reference: str) -> ResponseReturnValue:
    """What homes would pay, before somebody decides."""
    one = Proposal.get_or_none((Proposal.reference == reference) & (Proposal.kind == RATES.name))
    if one is None:
        abort(404)
    content = one.values
    old, new = active.table(), parse(content["text"])
    month = first_month(old, new)
    rows = [
        {
            "home": home_name(case.case),
            "old": words.won(case.old) if case.old is not None else "-",
            "new": words.won(case.new) if case.new is not None else "-",
            "difference": words.won(case.difference) if case.difference is not None else "-",
        }
        for case in compare(old, new, month)
    ]
    return page(
        "rates/show.html",
        reference=reference,
        sentence=sentence(content),
        sha256=content["sha256"],
        problems=adopt.checked(content["text"]).problems,
        month=words.month(month),
        rows=rows,
    )
