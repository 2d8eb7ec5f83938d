"""Emulator of a browser with its push service: takes messages, opens them, and says it is gone."""

import base64
import json
import secrets
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from flask import Blueprint, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from app.sandbox.store import Store

bp = Blueprint("push", __name__)

MOST = 4096
DAY = 24 * 3600
STATUS = {"gone": 410, "404": 404, "413": 413, "429": 429, "401": 401, "403": 403, "500": 500}
PLAIN = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
POINT = (Encoding.X962, PublicFormat.UncompressedPoint)


def store() -> Store:
    found: Store = current_app.extensions["store"]
    return found


def coded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@bp.post("/control/browsers")
def subscribe() -> ResponseReturnValue:
    """A new browser: what its script would get from `pushManager.subscribe`."""
    key, auth, name = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16), new_name()
    private = key.private_bytes(*PLAIN).decode()
    store().run("INSERT INTO browsers VALUES (?, ?, ?, 0)", name, private, coded(auth))
    keys = {"p256dh": coded(key.public_key().public_bytes(*POINT)), "auth": coded(auth)}
    return jsonify(endpoint=f"{request.host_url}push/{name}", keys=keys)


def new_name() -> str:
    return secrets.token_urlsafe(24)


def is_signed(header: str, origin: str, now: datetime) -> bool:
    """Whether the VAPID header is good (RFC 8292): signed with the key that it names, for here."""
    scheme, _, rest = header.partition(" ")
    given = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
    token = given.get("t", "").split(".")
    if scheme.lower() != "vapid" or len(token) != 3 or "k" not in given:
        return False
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(given["k"]))
        raw = decoded(token[2])
        numbers = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        text = f"{token[0]}.{token[1]}".encode()
        key.verify(encode_dss_signature(*numbers), text, ec.ECDSA(hashes.SHA256()))
        claims = json.loads(decoded(token[1]))
    except (ValueError, InvalidSignature):
        return False
    lasts = 0 < int(claims.get("exp", 0)) - now.timestamp() <= DAY
    who = str(claims.get("sub", "")).startswith(("mailto:", "https:"))
    return bool(lasts and who and claims.get("aud") == origin)


@bp.post("/push/<name>")
def take(name: str) -> ResponseReturnValue:
    mode = store().planned("push")
    if mode in STATUS:
        if mode in ("gone", "404"):
            store().run("UPDATE browsers SET gone = 1 WHERE id = ?", name)
        return Response(status=STATUS[mode], headers={"Retry-After": "60"})
    found = store().run("SELECT * FROM browsers WHERE id = ?", name)
    if not found or found[0]["gone"]:
        return Response(status=410 if found else 404)
    parts = urlsplit(request.host_url)
    now = current_app.extensions["now"]()
    if not is_signed(
        request.headers.get("Authorization", ""), f"{parts.scheme}://{parts.netloc}", now
    ):
        return Response(status=401)
    encoding = request.headers.get("Content-Encoding", "")
    if not request.headers.get("TTL", "").isdecimal() or encoding != "aes128gcm":
        return Response(status=400)
    if len(request.get_data()) > MOST:
        return Response(status=413)
    text = opened(found[0], request.get_data())
    headers = {name: request.headers.get(name, "") for name in ("TTL", "Urgency", "Topic")}
    store().run(
        "INSERT INTO pushes (browser, text, headers) VALUES (?, ?, ?)",
        *(name, text, json.dumps(headers)),
    )
    return Response(
        status=201, headers={"Location": f"/message/{sha256(text.encode()).hexdigest()}"}
    )


def opened(browser: Any, body: bytes) -> str:
    """A message as the browser itself reads it (RFC 8291)."""
    import http_ece

    key = load_pem_private_key(browser["private"].encode(), None)
    auth = decoded(browser["auth"])
    plain: bytes = http_ece.decrypt(body, private_key=key, auth_secret=auth, version="aes128gcm")
    return plain.decode()
