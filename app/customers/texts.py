"""The desk's words for what happened and for states."""

from app.audit.words import action
from app.bills.models import State
from app.homes.models import What
from app.homes.texts import ROLE_NAMES
from app.language import later

EVENTS = {
    What.LINKED: later("집을 연결함"),
    What.RAISED: later("연결 수준을 올림"),
    What.ENDED: later("연결을 끝냄"),
    What.MOVED_OUT: later("이사로 연결이 끝남"),
    "corrected": later("고지서를 고침"),
}
STATES = {
    State.NOTHING: later("낼 것 없음"),
    State.OPEN: later("납부 전"),
    State.OVERDUE: later("기한 지남"),
    State.PAID: later("납부함"),
    State.PAID_LATE: later("늦게 납부함"),
    State.PLANNED: later("분할 납부"),
}
SENT = {
    "created": later("보낼 차례"),
    "held": later("기다림"),
    "sending": later("보내는 중"),
    "unknown": later("보냈는지 확인 중"),
    "accepted": later("통신사에 넘김"),
    "sent": later("보냄"),
    "delivered": later("도착함"),
    "failed": later("실패"),
    "dropped": later("보내지 않음"),
    "suppressed": later("동의 없음"),
    "expired": later("기한 지남"),
}
SIDES = {"owner": later("소유자"), "user": later("사용자")}


def event(what: str) -> str:
    """A line of the time line: what happened to a home, or what stands in the log."""
    return str(EVENTS[what]) if what in EVENTS else action(what)


def role(code: str) -> str:
    return str(ROLE_NAMES.get(code, code))
