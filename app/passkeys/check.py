"""Customers' passkeys, as a browser is asked for them and answers."""

from typing import Any

from app import authenticators
from app.accounts.models import Account
from app.accounts.passkeys import Passkey
from app.authenticators import Owner


def owner(account: Account) -> Owner:
    return Owner(handle(account), account.email, account.name)


def handle(account: Account) -> bytes:
    """What devices know an account by."""
    return authenticators.handle("passkey user", account.id)


def options_to_add(account: Account, challenge: bytes, title: str) -> dict[str, Any]:
    """What the browser needs to make a new passkey of this account."""
    known = [one.credential_id for one in Passkey.of(account)]
    return authenticators.options_to_add(owner(account), known, challenge, title)
