"""A new password takes effect: everything that rested on the old one ends."""

from datetime import datetime

from app.accounts.models import Account, Device, Session
from app.accounts.subscriptions import Subscription
from app.accounts.tokens import Token
from app.db import writing
from app.recovery import mails


def change(
    account: Account, hashed: str, now: datetime, stays: str = "", link: Token | None = None
) -> bool:
    """Store a new password; False when its link was used a moment ago.

    All sessions end but the one with the token `stays`, no browser is known any more, and none is
    notified but that of this session.
    """
    with writing():
        if link and not link.use():
            return False
        Account.update(password_hash=hashed).where(Account.id == account.id).execute()
        Session.end_all(account, now, but=stays)
        Subscription.end_all(account, Session.reference_of(stays) if stays else "")
        Device.forget_all(account)
        Token.end_all(account)
        mails.password_changed(account, f"{account.id}:{now.timestamp()}", now)
    return True
