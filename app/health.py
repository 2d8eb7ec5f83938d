"""`/healthz`: whether this process may be given work; details for operators only.

Features register what an operator should hear of (S-64): a check gives a sentence when something
is wrong.
"""

import hmac
import shutil
from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from peewee import DatabaseError, InterfaceError

from app import clock, migration
from app.access import public
from app.db import UnsafeDatabaseError, rows
from app.language import _, speaking
from app.observe import log

bp = Blueprint("health", __name__)

LITTLE_DISK = 256 * 2**20
Check = Callable[[datetime], str | None]

_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Have an operator told what `check(now)` says, unless it says nothing."""
    _checks[name] = check


def database_state() -> dict[str, str]:
    try:
        rows("SELECT 1")
        problem = migration.complaint()
    except (DatabaseError, InterfaceError, UnsafeDatabaseError, OSError) as error:
        log.error("database", exc_info=error)
        return {"database": "failing", "migrations": "unknown"}
    return {"database": "ok", "migrations": problem or "ok"}


def disk_state() -> str:
    free = shutil.disk_usage(current_app.config["DATA_DIR"]).free
    return "ok" if free >= LITTLE_DISK else _("거의 찼습니다")


def vital() -> dict[str, str]:
    """Without these the process must not be given work."""
    return {"process": "ok", **database_state(), "disk": disk_state()}


def alarms(now: datetime) -> dict[str, str]:
    """What the registered checks say: `ok` or a sentence in the reader's language. One that fails
    says so itself.
    """
    found = {}
    for name, check in _checks.items():
        try:
            found[name] = check(now) or "ok"
        except Exception as error:
            log.error("health check", exc_info=error, extra={"fields": {"check": name}})
            found[name] = _("점검을 하지 못했습니다")
    return found


def is_operator() -> bool:
    """Whether the request carries the operators' token; on a developer's machine everybody may."""
    token = str(current_app.config["HEALTH_TOKEN"])
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    return str(current_app.config["MODE"]) == "development"


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """200 when this process may be given work, else 503. Operators see the parts and alarms."""
    with speaking("en"):
        parts = vital()
    healthy = all(value == "ok" for value in parts.values())
    said: dict[str, object] = {"status": "ok" if healthy else "failing"}
    if is_operator():
        said |= parts
        if parts["database"] == "ok":
            with speaking("en"):  # programs read it
                said["alarms"] = alarms(clock.now())
    return jsonify(said), 200 if healthy else 503
