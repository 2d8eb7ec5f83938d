"""What states and ways of paying are called."""

from app.language import Later, later
from app.payments.gate import Closed
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
GATES = {
    Closed.NOT_SET: later("결제 회사 키가 없습니다"),
    Closed.BY_HAND: later("직원이 닫았습니다"),
    Closed.RESTORED: later("되살린 데이터베이스입니다. 대조한 뒤에 열 수 있습니다"),
    Closed.UNMARKED: later("이 기계의 기록이 비어 있습니다. 대조한 뒤에 열 수 있습니다"),
    Closed.DAMAGED: later("데이터베이스가 상했습니다"),
    Closed.BROKEN: later("디스크에 쓰지 못했습니다"),
}
