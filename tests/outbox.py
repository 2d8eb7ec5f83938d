"""What has been queued to be sent: who gets it, of which kind, with which values."""

import json
from typing import NamedTuple

from app.messages.models import Message


class Queued(NamedTuple):
    kind: str
    to: str
    values: dict
    language: str


def queued(kind=""):
    """The messages of a kind, or all, oldest first."""
    found = Message.select().where(Message.kind == kind) if kind else Message.select()
    return [
        Queued(one.kind, one.recipient, json.loads(one.content), one.language)
        for one in found.order_by(Message.id)
    ]


def path(kind, name="link"):
    """The path of the address in the newest message of a kind."""
    address = queued(kind)[-1].values[name]
    return "/" + address.split("/", 3)[3]
