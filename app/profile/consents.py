"""Consents of an account: what was agreed to, and when; optional ones are changed here."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from app import clock, words
from app.access import customer
from app.accounts import consents, reach
from app.accounts.consents import ConsentText, Standing
from app.accounts.session import current_account
from app.language import current
from app.messages import channels
from app.messages.models import Channel
from app.web import page

bp = Blueprint("consents", __name__, url_prefix="/profile/consents")


BY_TEXT = "news_sms"
"""The consent that reaches nobody without a verified phone."""


@bp.get("")
@customer
def index() -> ResponseReturnValue:
    account, now = current_account(), clock.now()
    known = consents.current(account)
    items = [shown(text, known.get(text.code), now) for text in consents.register().values()]
    wants_phone = channels.is_on(Channel.SMS, reach.app()) and not reach.by_phone(account.id)
    return page("profile/consents.html", items=items, no_phone=BY_TEXT if wants_phone else "")


def shown(newest: ConsentText, standing: Standing | None, now: datetime) -> dict[str, Any]:
    """A consent in the language of the request, and how it stands; with the text of the version
    that was agreed to, as long as that holds.
    """
    language, given = current(), bool(standing and standing.given)
    ends_at = standing.ends_at(newest) if standing else None
    names = ("title", "what", "purpose", "period", "refusing", "text")
    version = standing.version if standing else newest.version
    text = consents.by_version().get((newest.code, version), newest) if given else newest
    return {
        "code": text.code,
        "required": text.required,
        "given": given,
        "is_old": given and version != newest.version,
        "version": version,
        "decided": words.moment(standing.decided_at) if standing else "",
        "channel": str(consents.WAYS.get(standing.channel, "")) if standing else "",
        "ends": words.day(words.local_day(ends_at)) if ends_at else "",
        "renewable": bool(standing and standing.may_be_renewed(newest, now)),
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
