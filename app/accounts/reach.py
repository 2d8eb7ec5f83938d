"""How an account is reached besides by mail: its verified phone, its subscribed browsers."""

from flask import Flask, current_app

from app.accounts import subscriptions
from app.db import rows
from app.messages import channels
from app.messages.models import Channel
from app.messages.outbox import Step
from app.sealed import opened

PHONE = "SELECT phone FROM accounts WHERE id = ? AND phone_verified_at IS NOT NULL"


def app() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined]


def by_phone(account_id: int) -> list[Step]:
    """Its phone, when it is verified and text messages are sent at all."""
    if not channels.is_on(Channel.SMS, app()):
        return []
    found = [opened(phone) for (phone,) in rows(PHONE, (account_id,))]
    return [(Channel.SMS.value, phone) for phone in found if phone]


def by_push(account_id: int) -> list[Step]:
    """Its browsers, when there are any and push messages are sent at all."""
    if not channels.is_on(Channel.PUSH, app()) or not subscriptions.has_any(account_id):
        return []
    return [(Channel.PUSH.value, str(account_id))]


def steps(account_id: int, channel: str, email: str) -> list[Step]:
    """How somebody is told by a channel that they chose: by it, and by mail when that fails or
    is not possible.
    """
    ways = {Channel.SMS: by_phone, Channel.PUSH: by_push}
    way = ways.get(Channel(channel))
    first = way(account_id) if way else []
    return [*first, (Channel.MAIL.value, email)]
