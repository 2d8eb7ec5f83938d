"""What belongs to an account: sessions, browsers, links, codes, passkeys, counters of tries."""

from app.accounts.models import Device, Session
from app.accounts.passkeys import Challenge, Passkey
from app.accounts.subscriptions import GuestBrowser, Subscription
from app.accounts.throttle import Tries
from app.accounts.tokens import Code, Token
from tests.make.base import LONG_AGO, create, numbers
from tests.make.supply import account


def session(**values):
    """A sign-in of some browser."""
    number = next(numbers)
    return create(
        Session,
        values,
        account=account,
        token_hash=f"{number:064d}",
        reference=f"SSSN{number:08d}",
        agent="Chrome · Android",
        created_at=LONG_AGO,
        seen_at=LONG_AGO,
        proved_at=LONG_AGO,
        proof="password",
        ended_at=None,
    )


def device(**values):
    """A browser in which somebody has signed in."""
    return create(
        Device,
        values,
        account=account,
        token_hash=f"{next(numbers):064d}",
        created_at=LONG_AGO,
        seen_at=LONG_AGO,
    )


def token(**values):
    """A link that was sent by mail."""
    return create(
        Token,
        values,
        token_hash=f"{next(numbers):064d}",
        purpose="reset",
        account=account,
        subject="",
        created_at=LONG_AGO,
        expires_at=LONG_AGO,
    )


def code(**values):
    """Six digits that were sent to somebody."""
    return create(
        Code,
        values,
        purpose="proof",
        browser_hash=f"{next(numbers):064d}",
        subject="-",
        code_hash="-",
        tries=0,
        expires_at=LONG_AGO,
    )


def passkey(**values):
    """A passkey of an account."""
    name = f"credential{next(numbers)}"
    return create(
        Passkey,
        values,
        account=account,
        reference=f"PSSK{next(numbers):08d}",
        credential_id=name,
        public_key="-",
        sign_count=0,
        name=name,
        created_at=LONG_AGO,
        used_at=None,
    )


def challenge(**values):
    """What a browser was asked to sign."""
    return create(
        Challenge,
        values,
        challenge=f"{next(numbers):064d}",
        purpose="sign_in",
        browser_hash="-",
        expires_at=LONG_AGO,
    )


def tries(**values):
    """A counter of wrong tries."""
    return create(
        Tries,
        values,
        kind="pair",
        name=f"{next(numbers):032d}",
        count=1,
        free_at=LONG_AGO,
        ends_at=LONG_AGO,
    )


def guest_browser(**values):
    """A browser in which somebody without an account is notified."""
    number = next(numbers)
    return create(
        GuestBrowser,
        values,
        reference=f"B-{number:010d}",
        endpoint_hash=f"{number:064d}",
        subscription='["https://127.0.0.1/p", "x", "y"]',
        created_at=LONG_AGO,
    )


def push_subscription(**values):
    """A browser in which an account is notified."""
    number = next(numbers)
    return create(
        Subscription,
        values,
        account=account,
        reference=f"PSH{number:09d}",
        endpoint_hash=f"{number:064d}",
        subscription='["https://fcm.googleapis.com/x", "-", "-"]',
        agent="Chrome · Android",
        device_hash="-",
        session_reference="-",
        created_at=LONG_AGO,
    )
