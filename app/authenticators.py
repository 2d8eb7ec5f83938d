"""What a browser with passkeys is asked and answers: by the rules of WebAuthn (S-20).

The library is loaded when a passkey is first used: it takes 0.2 s and 20 MB.
"""

import hashlib
import hmac
import ipaddress
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from flask import current_app

BROKEN = (KeyError, TypeError, ValueError, RecursionError, AttributeError)
LONGEST_ID, LONGEST_KEY = 1023, 1500  # bytes; WebAuthn's own limit, and our column's


class WrongAnswerError(ValueError):
    """The answer is not one to our question, or not by this key."""


class Site(NamedTuple):
    """Who we are to a browser: the name that passkeys belong to, and our addresses."""

    name: str
    origins: list[str]


def site() -> Site:
    """From the settings, never from a request. A passkey's name cannot be a number address."""
    base = urlsplit(str(current_app.config["BASE_URL"]))
    host, port = base.hostname or "localhost", f":{base.port}" if base.port else ""
    try:
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    name = "localhost" if local else host
    return Site(name, [f"{base.scheme}://{name}{port}"])


class Owner(NamedTuple):
    """Whose passkeys they are, as a device is told: `handle` says nothing about the person."""

    handle: bytes
    email: str
    name: str


def handle(kind: str, number: int) -> bytes:
    """What devices know a person by."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.digest(key, f"{kind} {number}".encode(), hashlib.sha256)


def options_to_add(
    owner: Owner, known: Iterable[str], challenge: bytes, title: str
) -> dict[str, Any]:
    """What the browser needs to make a new passkey; not in a device that has one of `known`."""
    from webauthn import base64url_to_bytes, generate_registration_options
    from webauthn.helpers import structs
    from webauthn.helpers.options_to_json_dict import options_to_json_dict

    there = [
        structs.PublicKeyCredentialDescriptor(id=base64url_to_bytes(credential_id))
        for credential_id in known
    ]
    found: dict[str, Any] = options_to_json_dict(
        generate_registration_options(
            rp_id=site().name,
            rp_name=title,
            user_id=owner.handle,
            user_name=owner.email,
            user_display_name=owner.name,
            challenge=challenge,
            exclude_credentials=there,
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=structs.ResidentKeyRequirement.REQUIRED,
                require_resident_key=True,
                user_verification=structs.UserVerificationRequirement.REQUIRED,
            ),
        )
    )
    return found


def options_to_ask(challenge: bytes) -> dict[str, Any]:
    """What the browser needs to answer with any passkey of ours that its device holds."""
    from webauthn import generate_authentication_options
    from webauthn.helpers.options_to_json_dict import options_to_json_dict
    from webauthn.helpers.structs import UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=site().name,
        challenge=challenge,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    found: dict[str, Any] = options_to_json_dict(options)
    return found


def challenge_in(answer: dict[str, Any]) -> bytes:
    """The challenge that an answer says it answers; raises WrongAnswerError."""
    from webauthn import base64url_to_bytes
    from webauthn.helpers import parse_client_data_json
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        data = base64url_to_bytes(answer["response"]["clientDataJSON"])
        found: bytes = parse_client_data_json(data).challenge
        return found
    except (*BROKEN, WebAuthnException) as error:
        raise WrongAnswerError("not an answer of a browser") from error


def new(answer: dict[str, Any], challenge: bytes) -> dict[str, Any]:
    """The columns of the passkey that an answer brings; raises WrongAnswerError."""
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.exceptions import WebAuthnException

    ours = site()
    try:
        found = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=ours.name,
            expected_origin=ours.origins,
            require_user_verification=True,
        )
    except (*BROKEN, WebAuthnException) as error:
        raise WrongAnswerError(str(error)) from error
    if len(found.credential_id) > LONGEST_ID or len(found.credential_public_key) > LONGEST_KEY:
        raise WrongAnswerError("longer than any device makes them")
    return {
        "credential_id": bytes_to_base64url(found.credential_id),
        "public_key": bytes_to_base64url(found.credential_public_key),
        "sign_count": found.sign_count,
    }


def count(answer: dict[str, Any], public_key: str, owner: bytes, challenge: bytes) -> int:
    """The key's own counter after a right answer; raises WrongAnswerError. `owner` is the handle.

    The counter is compared by the caller: one that goes back means a copied key.
    """
    from webauthn import base64url_to_bytes, verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    ours = site()
    try:
        found = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=ours.name,
            expected_origin=ours.origins,
            credential_public_key=base64url_to_bytes(public_key),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
        user = answer["response"].get("userHandle")
        if user and not hmac.compare_digest(base64url_to_bytes(user), owner):
            raise WrongAnswerError("the answer names another person")
    except (*BROKEN, WebAuthnException) as error:
        raise WrongAnswerError(str(error)) from error
    return int(found.new_sign_count)
