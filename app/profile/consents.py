"""Consents of an account: what was agreed to, and when; optional ones are changed here."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from app import clock, words
from app.access import customer
from app.accounts import consents
from app.accounts.consents import ConsentText, Standing
from app.accounts.session import current_account
from app.language import current
from app.web import page

bp = Blueprint("consents", __name__, url_prefix="/profile/consents")


@bp.get("")
@customer
def index() -> ResponseReturnValue:
    account, now = current_account(), clock.now()
    known = consents.current(account)
    items = [shown(text, known.get(text.code), now) for text in consents.register().values()]
    return page("profile/consents.html", items=items)


def shown(text: ConsentText, standing: Standing | None, now: datetime) -> dict[str, Any]:
    """A consent with its texts in the language of the request, and how it stands."""
    language = current()
    ends_at = standing.ends_at(text) if standing else None
    names = ("title", "what", "purpose", "period", "refusing", "text")
    return {
        "code": text.code,
        "required": text.required,
        "given": bool(standing and standing.given),
        "version": standing.version if standing else text.version,
        "decided": words.moment(standing.decided_at) if standing else "",
        "ends": words.day(words.local_day(ends_at)) if ends_at else "",
        "renewable": bool(standing and standing.may_be_renewed(text, now)),
        **{name: getattr(text, name)[language] for name in names},
    }


def known_code(code: str) -> str:
    """The code of a consent, or 404."""
    return code if code in consents.register() else abort(404)


def optional(code: str) -> str:
    """The code of an optional consent, or 404."""
    text = consents.register().get(code)
    return code if text and not text.required else abort(404)


@bp.post("/<code>/given")
@customer
def give(code: str) -> ResponseReturnValue:
    consents.give(current_account(), known_code(code), clock.now())
    return redirect(url_for(".index"), 303)


@bp.post("/<code>/withdrawn")
@customer
def withdraw(code: str) -> ResponseReturnValue:
    consents.withdraw(current_account(), optional(code), clock.now())
    return redirect(url_for(".index"), 303)
