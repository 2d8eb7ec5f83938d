"""The second factor of staff: codes of an app (TOTP, RFC 6238), and passkeys (S-19, S-20)."""

from datetime import datetime
from typing import Any

from flask import current_app
from peewee import IntegrityError

from app import authenticators
from app.accounts import answers
from app.accounts.passkeys import Challenge, Use
from app.authenticators import Owner
from app.db import writing
from app.observe import log
from app.staff import mails, totp
from app.staff.keys import MOST_KEYS, StaffPasskey
from app.staff.models import Member


def has_any(member: Member) -> bool:
    """Whether a second factor is there already."""
    return bool(member.totp_secret) or StaffPasskey.of(member.get_id()).exists()


def drawing(secret: str, member: Member) -> str:
    """The secret as a QR code that apps read: a `data:` address of an SVG picture."""
    import segno

    text = totp.address(secret, member.email, str(current_app.config["SITE_NAME"]))
    found: str = segno.make(text, error="m").svg_data_uri(scale=5, border=3, light="#fff")
    return found


def code_is_right(member: Member, code: str, now: datetime) -> bool:
    """Whether a code of the member's app is right and was not used before (S-19)."""
    if not member.totp_secret:
        return False
    step = totp.step_of(member.totp_secret, code, now)
    return step is not None and member.use_step(step)


def keep_secret(member: Member, secret: str, code: str, now: datetime) -> bool:
    """Make an app the member's own, when it shows the right code."""
    step = totp.step_of(secret, code, now)
    if step is None:
        return False
    with writing():
        Member.update(totp_secret=secret, totp_step=step).where(
            Member.id == member.get_id()
        ).execute()
        mails.changed(member, "totp", now)
    return True


def owner(member: Member) -> Owner:
    handle = authenticators.handle("staff passkey user", member.get_id())
    return Owner(handle, member.email, member.name)


def options_to_add(member: Member, challenge: bytes) -> dict[str, Any]:
    """What the browser needs to make a passkey of this member."""
    known = [one.credential_id for one in StaffPasskey.of(member.get_id())]
    title = str(current_app.config["SITE_NAME"])
    return authenticators.options_to_add(owner(member), known, challenge, title)


def challenge(use: Use, browser: str, now: datetime) -> bytes:
    return Challenge.make(use, browser, now)


def answered(answer: dict[str, Any], use: Use, browser: str, now: datetime) -> Member | None:
    """The active member whose passkey rightly answered this browser's challenge."""

    def handle(passkey: StaffPasskey) -> bytes:
        return owner(passkey.member).handle

    def copied(passkey: StaffPasskey) -> None:
        fields = {"passkey": passkey.reference}
        log.error("a passkey's counter went back", extra={"fields": fields})
        with writing():
            mails.changed(passkey.member, "copied", now)

    found = answers.answered(StaffPasskey, handle, answer, (use, browser, now), copied)
    return Member.active(found.member.email) if found else None


def add_passkey(
    member: Member, answer: dict[str, Any], name: str, browser: str, now: datetime
) -> bool:
    """Store the passkey that an answer brings; False when it is not right or is known already."""
    columns = answers.offered(answer, browser, now)
    if columns is None:
        return False
    try:
        with writing():
            if StaffPasskey.of(member.get_id()).count() >= MOST_KEYS:
                return False
            StaffPasskey.create(member=member, name=name, created_at=now, **columns)
            mails.changed(member, "passkey", now)
    except IntegrityError:  # somebody else has it
        return False
    return True


def remove_passkey(member: Member, passkey: StaffPasskey, now: datetime) -> bool:
    """Remove a passkey; False when it is all that the member has."""
    with writing():
        if not member.totp_secret and StaffPasskey.of(member.get_id()).count() == 1:
            return False
        if passkey.delete_instance():
            mails.changed(member, "passkey_removed", now)
    return True
