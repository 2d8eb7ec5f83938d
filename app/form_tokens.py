"""The tokens of forms: who signed one knows it again."""

from flask import current_app, session
from flask_wtf.csrf import generate_csrf

TOKENS_KEPT = 4096


def csrf_token() -> str:
    """The session's form token. Signing costs as much as a query, so signed tokens are kept."""
    made: dict[str, str] = current_app.extensions.setdefault("form_tokens", {})
    secret = session.get("csrf_token", "")
    token = made.get(secret)  # other threads may empty it meanwhile
    if token is None:
        token = generate_csrf()
        if len(made) >= TOKENS_KEPT:
            made.clear()
        made[session["csrf_token"]] = token
    return token
