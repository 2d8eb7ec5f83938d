"""Where the provider posts reports of delivery: an address whose end is a secret."""

import hmac

from flask import Blueprint, abort, current_app, request
from flask.typing import ResponseReturnValue

from app import clock
from app.access import by_link
from app.texts import reports, settings
from app.texts.provider import provider_class

bp = Blueprint("texts", __name__)

LONGEST = 512 * 1024


@bp.post("/hooks/texts/<token>")
@by_link
def hook(token: str) -> ResponseReturnValue:
    """Keep what is posted; nothing of it is believed before the provider was asked."""
    config = current_app.config
    secret = str(config["SMS_HOOK_SECRET"])
    right = hmac.compare_digest(token.encode(), secret.encode())
    if not (settings.is_on(config) and secret and right):
        abort(404)
    request.max_content_length = LONGEST
    try:
        found = provider_class(config).parse_report(request.headers, request.get_data())
    except ValueError:
        abort(400)
    reports.take_hints(found, clock.now())
    return "", 204
