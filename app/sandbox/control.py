"""The emulators' switches, counters and inbox: what tests and developers see and turn."""

import json
from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from app.sandbox.store import Store

bp = Blueprint("control", __name__)

SHOWN = 100
DOORS = ("send", "push")


def store() -> Store:
    found: Store = current_app.extensions["store"]
    return found


@bp.get("/")
def inbox() -> ResponseReturnValue:
    """The newest messages with their type and bytes, how many each phone got, and pushes."""
    found = store().run("SELECT * FROM messages ORDER BY number DESC LIMIT ?", SHOWN)
    counts = store().run(
        "SELECT receiver, count(*) AS many FROM messages GROUP BY receiver ORDER BY many DESC,"
        " receiver LIMIT ?",
        SHOWN,
    )
    pushes = store().run("SELECT * FROM pushes ORDER BY number DESC LIMIT ?", SHOWN)
    return render_template("sandbox/inbox.html", messages=found, counts=counts, pushes=pushes)


@bp.get("/control/messages")
def messages() -> ResponseReturnValue:
    """The messages to a number (`?to=`), or all of them."""
    to = request.args.get("to", "")
    found = store().run(
        "SELECT * FROM messages WHERE (? = '' OR receiver = ?) ORDER BY number", to, to
    )
    return jsonify([dict(row) for row in found])


@bp.get("/control/references")
def references() -> ResponseReturnValue:
    """How often each of our references was accepted."""
    found: dict[str, int] = {}
    for row in store().run("SELECT fields FROM messages"):
        name = str(json.loads(row["fields"]).get("reference"))
        found[name] = found.get(name, 0) + 1
    return jsonify(found)


@bp.get("/control/events")
def events() -> ResponseReturnValue:
    """The reports so far, as they are posted."""
    found = store().run("SELECT event FROM events ORDER BY number")
    return jsonify([json.loads(row["event"]) for row in found])


@bp.get("/control/pushes")
def pushes() -> ResponseReturnValue:
    found = store().run("SELECT * FROM pushes ORDER BY number")
    return jsonify([{**dict(row), "headers": json.loads(row["headers"])} for row in found])


@bp.get("/control/switches")
def switches() -> ResponseReturnValue:
    return jsonify(store().switches())


@bp.post("/control/switches")
def turn() -> ResponseReturnValue:
    """Set switches: `money=0`, `skew=960`, `result=3104`, `reports=never`, `list=off` …"""
    for name, value in given().items():
        try:
            store().turn(name, value)
        except (KeyError, ValueError):
            abort(400)
    return jsonify(store().switches())


@bp.post("/control/next")
def plan() -> ResponseReturnValue:
    """What the next requests meet with: `door=send&mode=lost&times=3`; also `500`, `500 after`,
    `hang`, `hang before`, `cut`, `429`, `402`, `413`, `rubbish`; of push `gone`, `413`, `429`.
    """
    asked = given()
    if asked.get("door") not in DOORS:
        abort(400)
    store().plan(str(asked["door"]), str(asked.get("mode", "")), int(asked.get("times", 1)))
    return Response(status=204)


@bp.post("/control/reset")
def reset() -> ResponseReturnValue:
    store().reset()
    return Response(status=204)


def given() -> dict[str, Any]:
    """A form's fields, or a JSON object."""
    found = request.get_json(silent=True)
    return found if isinstance(found, dict) else request.form.to_dict()
