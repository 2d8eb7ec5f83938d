"""문서: issuing them, reading them on screen, paper and as PDF, and checking somebody's paper."""

from typing import Any

from flask import Blueprint, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock, limits, masks, references, words
from app.access import customer, public
from app.accounts.session import current_account
from app.bills.line_texts import LineText, Source
from app.bills.views import LINE, SOURCE
from app.documents import contents, hiding, pdfs, printer
from app.documents.contents import Asked, Issuable
from app.documents.forms import IssueForm, VerifyForm
from app.documents.kept import Edition
from app.documents.models import Document, Kind
from app.errors import wait
from app.language import current, later
from app.limits import Door, Refusal, Try
from app.web import absolute, page, sheet

bp = Blueprint("documents", __name__)

TITLES = {
    Kind.BILL: later("수도요금 고지서"),
    Kind.PAYMENT: later("납부확인서"),
    Kind.USAGE: later("사용량 확인서"),
}
STATEMENTS = {Kind.PAYMENT: contents.payment, Kind.USAGE: contents.usage}


@bp.route("/documents/", methods=["GET", "POST"])
@customer
def index() -> ResponseReturnValue:
    account = current_account()
    form, homes = IssueForm(), contents.homes(account)
    if homes:
        form.offer(homes)
    if homes and form.validate_on_submit():
        kind = Kind(form.kind.data)
        asked = Asked(form.home.data, form.first.data, form.last.data)
        if found := STATEMENTS[kind](account, asked):
            return issued(kind, found)
        form.refuse()
    documents = [listed(document) for document in Document.of(account)]
    shown = page("documents/index.html", form=form, homes=homes, documents=documents)
    return shown, form.status


@bp.post("/documents/bills/<home>/<month>")
@customer
def issue_bill(home: str, month: str) -> ResponseReturnValue:
    found = contents.bill(current_account(), Asked(home, month, month)) or abort(404)
    return issued(Kind.BILL, found)


def issued(kind: Kind, found: Issuable) -> ResponseReturnValue:
    """Issue a document and lead to it."""
    made = Document.issue(kind, current_account(), found.premises_id, found.content, clock.now())
    return redirect(url_for("documents.show", number=made.number), 303)


def listed(document: Document) -> dict[str, str]:
    """A document in the list."""
    texts = document.content["texts"][current()]
    return {
        "number": document.number,
        "title": str(TITLES[Kind(document.kind)]),
        "about": texts.get("period") if document.kind != Kind.BILL else texts["month_text"],
        "day": words.day(words.local_day(document.issued_at)),
    }


def asked(number: str) -> Document:
    """The asked document, or the same 404 for another's as for none."""
    found: Document | None = Document.of(current_account()).where(Document.number == number).first()
    return found or abort(404)


def told(document: Document, hidden: bool = False) -> dict[str, Any]:
    """What a document says in the language of the request; `hidden` for others than its owner."""
    content = document.content
    texts = dict(content["texts"][current()])
    if document.kind == Kind.BILL:
        lines, sources = texts["lines"], [Source(**one) for one in texts["sources"]]
        if hidden:
            lines, sources = hiding.lines(lines), hiding.sources(sources, lines)
        texts["lines"] = LINE.fill(
            [LineText(*(line.get(name, "") for name in LineText._fields)) for line in lines]
        )
        texts["sources"] = SOURCE.fill(sources)
    return {
        **texts,
        "sources_open": True,
        "kind": document.kind,
        "title": str(TITLES[Kind(document.kind)]),
        "number": words.number(content["number"]),
        "name": content["name"],
        "address": content["address"],
        "issued": words.day(words.local_day(document.issued_at)),
        "document_number": references.grouped(document.number, 4),
        "code": references.grouped(document.code),
        "superseded": ", ".join(words.month(month) for month in document.superseded()),
        "verify": absolute(url_for("documents.verify")),
    }


@bp.get("/documents/<number>")
@customer
def show(number: str) -> ResponseReturnValue:
    document = asked(number)
    pdf = url_for(".pdf", number=number) if printer.available() else ""
    return page("documents/show.html", pdf=pdf, **told(document))


@bp.get("/documents/<number>/pdf")
@customer
def pdf(number: str) -> ResponseReturnValue:
    document = asked(number)
    if not printer.available():
        abort(404)
    shown = told(document)
    edition = Edition(number, current(), shown["superseded"])
    name = f"{document.kind}-{document.number}"
    html, whose = lambda: sheet("documents/show.html", pdf="", **shown), str(current_account().id)
    return pdfs.given(edition, name, html, whose)


@bp.route("/verify/", methods=["GET", "POST"])
@public
def verify() -> ResponseReturnValue:
    form = VerifyForm()
    if form.validate_on_submit():
        number, code, now = form.number.data, form.code.data, clock.now()
        config = current_app.config
        door = Door("verify", config["SECRET_KEY"], config["FAILURE_ALARM"])
        attempt = Try(number, limits.network(request.remote_addr), now)
        found = limits.ask(door, attempt, lambda: Document.genuine(number, code))
        if found is Refusal.WAIT:
            return wait(limits.window_end(now, limits.HOUR) - now)
        if not isinstance(found, Refusal):
            return page("documents/verified.html", **verified(found))
        form.refuse(found)
    return page("documents/verify.html", form=form), form.status


def verified(document: Document) -> dict[str, Any]:
    """What the paper shows, with its person hidden, and whether it still holds."""
    content = document.content
    return {
        **told(document, hidden=True),
        "hidden": True,
        "number": masks.number(content["number"]),
        "name": masks.name(content["name"]),
        "address": masks.address(content["address"]),
    }
