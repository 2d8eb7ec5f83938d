"""The emulated provider's own paths: sending, listing, money."""

import json
import re
import secrets
import socket
from datetime import datetime, timedelta
from threading import Event
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from app.sandbox.store import Store

bp = Blueprint("messages", __name__)

LIMITS = {"SMS": 90, "LMS": 2000}
MOBILE = re.compile(r"01[016789]\d{7,8}")
MOST_AT_ONCE = 10_000
HANGS = 30.0
BEFORE = {
    "500": (500, "InternalError"),
    "503": (503, "ServiceUnavailable"),
    "429": (429, "TooManyRequests"),
    "402": (402, "NotEnoughBalance"),
    "413": (413, "RecipientsTooMany"),
    "400": (400, "ValidationError"),
    "401": (401, "Unauthorized"),
    "redirect": (302, ""),
}


class BadMessageError(ValueError):
    """The provider refuses a message; `code` is its error code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def store() -> Store:
    found: Store = current_app.extensions["store"]
    return found


def now() -> datetime:
    found: datetime = current_app.extensions["now"]()
    return found


def error(status: int, code: str, message: str = "") -> Response:
    response = jsonify(errorCode=code, errorMessage=message or code)
    response.status_code = status
    if status == 429:
        response.headers["Retry-After"] = "1"
    if status == 302:
        response.headers["Location"] = "http://127.0.0.1:1/elsewhere"
    return response


def new_id(kind: str) -> str:
    return f"{kind}4V{now():%Y%m%d%H%M%S}{secrets.token_hex(8).upper()}"


def cut() -> None:
    """End the connection, so that no answer arrives."""
    found = request.environ.get("werkzeug.socket")
    if found:
        found.shutdown(socket.SHUT_RDWR)


def size_of(text: str) -> int:
    try:
        return len(text.encode("cp949"))
    except UnicodeEncodeError as problem:
        raise BadMessageError("ValidationError", "signs that cannot be sent") from problem


def checked(message: Any) -> dict[str, Any]:
    """A message that the provider takes; raises BadMessageError."""
    if not isinstance(message, dict):
        raise BadMessageError("ValidationError", "message")
    fields = message.get("customFields") or {}
    kind, text = str(message.get("type")), str(message.get("text") or "")
    if str(message.get("from")) not in current_app.config["SENDERS"]:
        raise BadMessageError("UnregisteredSender", "from")
    problems = {
        "to": not MOBILE.fullmatch(str(message.get("to"))),
        "type": kind not in LIMITS,
        "text": not text or size_of(text) > LIMITS.get(kind, 0),
        "subject": size_of(str(message.get("subject") or "")) > 40,
        "customFields": any(len(n) > 30 or len(str(v)) > 100 for n, v in fields.items()),
        "country": str(message.get("country", "82")) != "82",
    }
    if wrong := [name for name, is_wrong in problems.items() if is_wrong]:
        raise BadMessageError("ValidationError", ", ".join(wrong))
    return message


def accept(message: dict[str, Any], group: str) -> dict[str, Any]:
    """Take a message: it costs money, and is final after a while."""
    db, at, number = store(), now(), new_id("M")
    with db.lock:
        left = db.switch("money") - db.switch("price")
        if left < 0:
            raise BadMessageError("NotEnoughBalance", "money")
        db.turn("money", left)
        after, fields = db.switch("final_after"), json.dumps(message.get("customFields") or {})
        db.run(
            "INSERT INTO messages (id, group_id, receiver, sender, text, type, subject, fields,"
            " bytes, created, final_at, result) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(number, group, message["to"], message["from"], message["text"], message["type"]),
            *(message.get("subject") or "", fields, size_of(message["text"]), at.isoformat()),
            *((at + timedelta(seconds=after)).isoformat(), db.switch("result")),
        )
    current_app.extensions["reporter"].plan(db, number, after)
    return {
        "groupId": group,
        "messageId": number,
        "to": message["to"],
        "from": message["from"],
        "type": message["type"],
        "country": "82",
        "statusCode": "2000",
        "statusMessage": "accepted",
    }


@bp.post("/messages/v4/send")
def send() -> ResponseReturnValue:
    mode = store().planned("send")
    if mode in BEFORE:
        return error(*BEFORE[mode])
    if mode == "cut":
        cut()
        return error(500, "cut")
    if mode == "hang before":
        Event().wait(HANGS)
        return error(500, "slow")
    try:
        body = request.get_json(silent=True) or {}
        answer = accept(checked(body.get("message")), new_id("G"))
    except BadMessageError as problem:
        status = 402 if problem.code == "NotEnoughBalance" else 400
        return error(status, problem.code, str(problem))
    return after(mode, answer)


def after(mode: str, answer: dict[str, Any]) -> ResponseReturnValue:
    """The answer to what was accepted, or what comes in its place."""
    if mode == "lost":
        cut()
    if mode == "hang":
        Event().wait(HANGS)
    if mode == "500 after":
        return error(500, "InternalError")
    if mode == "rubbish":
        return Response("<html>", 200)
    return jsonify(answer)


@bp.post("/messages/v4/send-many/detail")
def send_many() -> ResponseReturnValue:
    body = request.get_json(silent=True) or {}
    wanted, group = body.get("messages") or [], new_id("G")
    if len(wanted) > MOST_AT_ONCE:
        return error(413, "RecipientsTooMany")
    senders = current_app.config["SENDERS"]
    if any(one.get("from") not in senders for one in wanted):  # refused as a whole
        return error(400, "UnregisteredSender", "from")
    taken, failed, seen = [], [], set()
    for one in wanted:
        same = (str(one.get("to")), str(one.get("text")))
        if same in seen and not body.get("allowDuplicates"):
            continue
        seen.add(same)
        try:
            taken.append(accept(checked(one), group))
        except BadMessageError as problem:
            failed.append({"to": one.get("to"), "statusCode": problem.code})
    count = {"total": len(taken), "registeredFailed": len(failed)}
    shown = {"messageList": taken} if body.get("showMessageList") else {}
    return jsonify(groupInfo={"groupId": group, "count": count}, failedMessageList=failed, **shown)


def as_listed(row: Any) -> dict[str, Any]:
    """A message as the provider lists it."""
    final = row["final_at"] <= now().isoformat()
    return {
        "messageId": row["id"],
        "groupId": row["group_id"],
        "to": row["receiver"],
        "from": row["sender"],
        "type": row["type"],
        "text": row["text"],
        "subject": row["subject"] or None,
        "customFields": json.loads(row["fields"]),
        "dateCreated": row["created"],
        "statusCode": row["result"] if final else "3000",
        "dateReported": row["final_at"] if final else None,
    }


@bp.get("/messages/v4/list")
def listed() -> ResponseReturnValue:
    if store().switch("list") != "on":
        return error(503, "ServiceUnavailable")
    given, limit = request.args, min(request.args.get("limit", 20, type=int), 500)
    if several := [value for name, value in given.items() if name.startswith("messageIds[")]:
        rows = [store().run("SELECT * FROM messages WHERE id = ?", one) for one in several]
        shown = {row["id"]: as_listed(row) for one in rows for row in one}
        return jsonify(startKey=None, nextKey=None, limit=limit, messageList=shown)
    found = store().run(
        "SELECT * FROM messages WHERE (? = '' OR receiver = ?) AND (? = '' OR id = ?)"
        " AND (? = '' OR group_id = ?) AND created >= ? AND created <= ? AND number > ?"
        " ORDER BY number LIMIT ?",
        *[given.get(name, "") for name in ("to", "messageId", "groupId") for _ in range(2)],
        given.get("startDate", "").replace("Z", "+00:00"),
        given.get("endDate", "9").replace("Z", "+00:00"),
        given.get("startKey", 0, type=int),
        limit + 1,
    )
    more = str(found[limit - 1]["number"]) if len(found) > limit else None
    shown = {row["id"]: as_listed(row) for row in found[:limit]}
    return jsonify(startKey=given.get("startKey"), nextKey=more, limit=limit, messageList=shown)


@bp.delete("/messages/v4/groups/<group>/schedule")
def cancel(group: str) -> ResponseReturnValue:
    """Nothing is ever scheduled here."""
    return error(404, "ResourceNotFound", group)


@bp.get("/cash/v1/balance")
def balance() -> ResponseReturnValue:
    return jsonify(balance=store().switch("money"), point=0)
