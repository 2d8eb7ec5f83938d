"""An account moves to another e-mail address: confirmed at the new one, undone from the old one."""

from datetime import datetime, timedelta

from peewee import IntegrityError

from app.accounts.models import Account, Device, Session, digest
from app.accounts.passkeys import Passkey
from app.accounts.passwords import NO_PASSWORD
from app.accounts.subscriptions import Subscription
from app.accounts.tokens import Purpose, Token
from app.db import writing
from app.profile import mails

BEFORE = timedelta(days=7)
"""Whoever changes an address may have added a passkey first."""


def ask(account: Account, new: str, now: datetime) -> None:
    """Send the link to the new address; whoever owns that address is told, not the one who asks."""
    whole: Account = Account.get_by_id(account.id)
    with writing():
        token = Token.make(Purpose.EMAIL, whole, new, now)
        if owner := Account.get_or_none(Account.email == new):
            mails.taken(owner, digest(token), now)
        else:
            mails.confirm(whole, new, token, now)


def confirm(link: Token, account: Account, now: datetime) -> bool:
    """The account's address is the new one; False when the link is spent or the address taken."""
    new, old = link.subject, account.email
    try:
        with writing():
            if not link.use():
                return False
            Account.update(email=new).where(Account.id == account.id).execute()
            Token.end_all(account)
            undo = Token.make(Purpose.UNDO, account, old, now)
            mails.changed(account, old, new, undo, now)
    except IntegrityError:  # somebody joined with it meanwhile
        return False
    return True


def undo(link: Token, account: Account, now: datetime) -> bool:
    """The old address holds again, and whoever changed it is out.

    Changing it took the password, so that is gone too, with sessions, browsers, passkeys that were
    added since, and later links of this kind (they went to addresses of whoever changed it). The
    owner gets a link to choose a new password.
    """
    old = link.subject
    try:
        with writing():
            if not link.use():
                return False
            changed = {"email": old, "password_hash": NO_PASSWORD}
            Account.update(**changed).where(Account.id == account.id).execute()
            Session.end_all(account, now)
            Device.forget_all(account)
            Subscription.end_all(account)
            Token.end_all(account)
            Token.end_undoing(account, link.created_at)
            Passkey.delete().where(
                (Passkey.account == account) & (Passkey.created_at >= link.created_at - BEFORE)
            ).execute()
            mails.left(account, account.email, digest(link.token_hash), now)
            mails.undone(account, old, Token.make(Purpose.RESET, account, old, now), now)
    except IntegrityError:
        return False
    return True
