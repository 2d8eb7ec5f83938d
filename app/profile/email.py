"""An account moves to another e-mail address: confirmed at the new one, undone from the old one."""

from datetime import datetime

from peewee import IntegrityError

from app.accounts.models import Account, Device, Session
from app.accounts.passkeys import Passkey
from app.accounts.tokens import Purpose, Token
from app.db import writing
from app.profile import mails


def ask(account: Account, new: str, now: datetime) -> None:
    """Send the link to the new address; whoever owns that address is told, not the one who asks."""
    whole: Account = Account.get_by_id(account.id)
    with writing():
        token = Token.make(Purpose.EMAIL, whole, new, now)
        if Account.get_or_none(Account.email == new):
            mails.taken(whole, new, token[:12], now)
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
    """The old address holds again, and whoever changed it is out: sessions, passkeys, browsers."""
    old = link.subject
    try:
        with writing():
            if not link.use():
                return False
            Account.update(email=old).where(Account.id == account.id).execute()
            Session.end_all(account, now)
            Device.forget_all(account)
            Token.end_all(account)
            Passkey.delete().where(
                (Passkey.account == account) & (Passkey.created_at >= link.created_at)
            ).execute()
            mails.undone(account, old, f"{account.id}:{now.timestamp()}", now)
    except IntegrityError:
        return False
    return True
