"""Emulator of the provider of text messages, and of a push service: a program of its own.

It speaks the provider's documented paths and keeps its rules: signatures, clocks, senders, lengths,
money. What it has accepted is shown on its first page, and `/control/` makes it misbehave.
"""

import hmac
import os
import sys
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, jsonify, request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from app import clock
from app.config import ROOT
from app.sandbox import control, messages, push
from app.sandbox.reports import Reporter
from app.sandbox.store import Store

SKEW = timedelta(minutes=15)
MOST = 15 * 2**20


class Handler(WSGIRequestHandler):
    """Leaves the date to the app, whose clock can be wrong, and says nothing of each request."""

    protocol_version = "HTTP/1.1"

    def send_response(self, code: int, message: str | None = None) -> None:
        self.send_response_only(code, message)

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """Nothing."""


def now() -> datetime:
    """The emulator's clock, which can be set wrong."""
    store: Store = current_app.extensions["store"]
    return clock.now() + timedelta(seconds=store.switch("skew"))


def refused(status: int, code: str, message: str = "") -> Response:
    response = jsonify(errorCode=code, errorMessage=message or code)
    response.status_code = status
    return response


def check_signature() -> Response | None:
    """Why a request is refused: its header, its clock, its signature, or one that was used."""
    config, store = current_app.config, current_app.extensions["store"]
    scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
    pairs = (part.strip().partition("=") for part in rest.split(","))
    given = {name: value for name, _, value in pairs}
    if scheme != "HMAC-SHA256" or set(given) != {"apiKey", "date", "salt", "signature"}:
        return refused(401, "Unauthorized")
    if given["apiKey"] != config["KEY"]:
        return refused(403, "InvalidAPIKey")
    try:
        date = datetime.fromisoformat(given["date"])
    except ValueError:
        return refused(400, "ValidationError", "date")
    if date.tzinfo is None or not 12 <= len(given["salt"]) <= 64:
        return refused(400, "ValidationError", "date or salt")
    if abs(date - now()) > SKEW:
        return refused(403, "RequestTimeTooSkewed")
    text = (given["date"] + given["salt"]).encode()
    right = hmac.digest(config["SECRET"].encode(), text, sha256).hex()
    if not hmac.compare_digest(right, given["signature"]):
        return refused(403, "SignatureDoesNotMatch")
    with store.lock:
        if store.run("SELECT 1 FROM signatures WHERE signature = ?", right):
            return refused(400, "DuplicatedSignature")
        store.run("INSERT INTO signatures VALUES (?, ?)", right, now().isoformat())
    return None


def guard() -> Response | None:
    if request.path.startswith(("/messages/", "/cash/")):
        return check_signature()
    return None


def dated(response: Response) -> Response:
    response.date = now()
    return response


def create(folder: Path | None = None, **settings: Any) -> Flask:
    """The emulator with its own store: a file in a folder, or memory."""
    folder_of_texts = str(ROOT / "templates")
    app = Flask("sandbox", root_path=str(ROOT), static_folder=None, template_folder=folder_of_texts)
    app.config.from_mapping(
        KEY="development-only-sms-key",
        SECRET="development-only-sms-secret",  # noqa: S106
        SENDERS=["0200000000"],
        HOOK="",
        MAX_CONTENT_LENGTH=MOST,
    )
    app.config.from_mapping(settings)
    app.extensions["store"] = Store(folder / "texts.db" if folder else None)
    app.extensions["reporter"] = Reporter(app.config["HOOK"])
    app.extensions["now"] = partial(now)
    app.before_request(guard)
    app.after_request(dated)
    for part in (messages, control, push):
        app.register_blueprint(part.bp)
    return app


def serve(app: Flask, host: str = "127.0.0.1", port: int = 0) -> BaseWSGIServer:
    """A server that is listening; `serve_forever` answers."""
    return make_server(host, port, app, threaded=True, request_handler=Handler)


def main() -> None:
    """`python -m app.sandbox.texts`, with the settings of the program that it serves."""
    environ = os.environ
    port = int(environ.get("TEXTS_PORT") or int(environ.get("PORT", "8000")) + 1)
    base = environ.get("WATER_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    secret = environ.get("WATER_SMS_HOOK_SECRET", "development-only-sms-hook-secret")
    settings: dict[str, Any] = {"HOOK": f"{base}/hooks/texts/{secret}"}
    for ours, theirs in (("KEY", "WATER_SMS_KEY"), ("SECRET", "WATER_SMS_SECRET")):
        if theirs in environ:
            settings[ours] = environ[theirs]
    if "WATER_SENDER_NUMBERS" in environ:
        settings["SENDERS"] = environ["WATER_SENDER_NUMBERS"].replace("-", "").split()
    folder = Path(environ.get("DATA_DIR", "var")).absolute() / "sandbox"
    server = serve(create(folder, **settings), "127.0.0.1", port)
    sys.stdout.write(f"texts and push are emulated at http://{server.host}:{server.port}/\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
