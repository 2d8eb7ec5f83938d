"""`/healthz`: whether this process may be given work."""

import shutil

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from peewee import DatabaseError, InterfaceError

from app import migration
from app.access import public
from app.db import UnsafeDatabaseError, rows
from app.observe import log

bp = Blueprint("health", __name__)

LITTLE_DISK = 256 * 2**20


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
    return "ok" if free >= LITTLE_DISK else "nearly full"


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """200 when everything is `ok`, else 503; the parts say what is not."""
    parts = {"process": "ok", **database_state(), "disk": disk_state()}
    healthy = all(value == "ok" for value in parts.values())
    return jsonify({"status": "ok" if healthy else "failing", **parts}), 200 if healthy else 503
