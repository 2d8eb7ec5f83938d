"""Sign-ups that are being filled in, and consents."""

from app.accounts.consents import Consent
from app.signup.models import Answers, Signup, as_text
from tests.make.base import LONG_AGO, create, numbers
from tests.make.supply import account


def signup(**values):
    """A sign-up with nothing in it yet."""
    return create(
        Signup,
        values,
        browser_hash=f"{next(numbers):064d}",
        typed=as_text(Answers()),
        token_hash="",
        sent_at=None,
        expires_at=LONG_AGO,
    )


def consent(**values):
    """A given consent."""
    return create(
        Consent,
        values,
        account=account,
        code="news",
        version="2026-11-22",
        decision="given",
        decided_at=LONG_AGO,
        channel="web",
    )
