"""What states and ways of paying are called."""

from app.language import Later, later
from app.payments.models import Channel, State

STATES: dict[str, Later] = {
    State.CREATED: later("시작함"),
    State.OPENED: later("결제창 열림"),
    State.CONFIRMING: later("승인 중"),
    State.WAITING: later("입금 기다림"),
    State.UNKNOWN: later("확인 중"),
    State.PAID: later("납부함"),
    State.REVERSED: later("입금 취소됨"),
    State.REFUNDED: later("돌려드림"),
    State.DECLINED: later("거절됨"),
    State.CANCELLED: later("취소함"),
    State.EXPIRED: later("시간 지남"),
}
CHANNELS = {
    Channel.CARD: later("카드·간편결제"),
    Channel.DEPOSIT: later("가상계좌 입금"),
}
"""What residents choose between."""
