"""What people read of a message: the channel by which it goes, and what became of it."""

from flask import Flask

from app.language import later
from app.messages.kinds import Priority
from app.messages.models import Channel, State

CHANNELS = {
    Channel.MAIL: later("이메일"),
    Channel.SMS: later("문자"),
    Channel.PUSH: later("기기 알림"),
    Channel.LETTER: later("편지"),
}
STATES = {
    State.CREATED: later("기다리는 중"),
    State.HELD: later("기다리는 중"),
    State.SENDING: later("보내는 중"),
    State.UNKNOWN: later("보냈는지 확인하는 중"),
    State.ACCEPTED: later("보냄"),
    State.SENT: later("보냄"),
    State.DELIVERED: later("도착함"),
    State.FAILED: later("보내지 못함"),
    State.DROPPED: later("보낼 까닭이 없어짐"),
    State.SUPPRESSED: later("동의가 없어 보내지 않음"),
    State.EXPIRED: later("시간이 지나 보내지 않음"),
}
PRIORITIES = {
    Priority.URGENT: later("바로"),
    Priority.NORMAL: later("차례대로"),
    Priority.ALERT: later("여럿에게 급히"),
    Priority.BULK: later("여럿에게"),
}
"""In the order in which they go."""


def init_app(app: Flask) -> None:
    app.add_template_filter(channel_name)
    app.add_template_filter(priority_name)


def channel_name(code: str) -> str:
    """A channel in the language of the page."""
    return str(CHANNELS[Channel(code)])


def priority_name(code: int) -> str:
    """How urgent a message is, in the language of the page."""
    return str(PRIORITIES[Priority(code)])
