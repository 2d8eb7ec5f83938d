"""The desk's words for states, entries, events and what does not agree."""

from typing import Any

from app import words
from app.language import Later, _, later
from app.payments.gate import Closed
from app.payments.records import Discrepancy, Kind
from app.payments.refund_models import RefundState
from app.payments.texts import GATES, STATES

REFUNDS: dict[str, Later] = {
    RefundState.REQUESTED: later("승인 기다림"),
    RefundState.APPROVED: later("승인함"),
    RefundState.SENDING: later("보내는 중"),
    RefundState.UNKNOWN: later("확인 중"),
    RefundState.DONE: later("돌려드림"),
    RefundState.REFUSED: later("돌려주지 못함"),
    RefundState.WITHDRAWN: later("거둠"),
}
HELD = {"deposit undone": later("입금이 취소됨"), "refund": later("돌려드림")}
PROBLEMS = {
    "deposit undone": later("은행이 입금을 되돌렸습니다"),
    "nothing left": later("결제 회사에서 이미 취소되었습니다"),
}
BOOKS = {
    "card": later("카드"),
    "deposit": later("가상계좌"),
    "billing": later("등록 카드"),
    "receivable": later("고지서"),
    "gateway": later("결제 회사"),
    "bank": later("은행"),
    "fees": later("수수료"),
    "credit": later("더 낸 금액"),
    "refund": later("환급 예정"),
    "suspense": later("모르는 돈"),
}
EVENTS = {
    "paid": later("납부"),
    "undone": later("입금 취소"),
    "refund": later("환급"),
    "set_off": later("더 낸 금액으로 납부"),
    "set_aside": later("환급으로 돌림"),
    "put_back": later("환급 되돌림"),
    "assign": later("고객에게 돌림"),
    "payout": later("결제 회사 정산"),
    "correction": later("고지서 정정"),
    "created": later("시작"),
    "window": later("결제창 열림"),
    "confirming": later("승인 요청"),
    "tampered": later("돌아온 정보가 바뀜"),
    "bill changed": later("고지서가 바뀜"),
    "account issued": later("가상계좌 발급"),
    "account closed": later("가상계좌 닫음"),
    "another attempt": later("다른 결제를 시작함"),
    "paid otherwise": later("다른 방법으로 납부됨"),
    "issue again": later("가상계좌 발급을 다시 요청"),
    "deposit undone": later("입금 취소"),
    "refunded": later("환급"),
    "refund requested": later("환급 신청"),
    "refund approved": later("환급 승인"),
    "refund taken over": later("취소 신청을 맡음"),
    "refund withdrawn": later("환급 거둠"),
    "refund refused": later("환급하지 못함"),
    "refund paid out": later("은행에서 환급을 보냄"),
    "found at the gateway": later("결제 회사에서 발견"),
    "not found": later("결제 회사에 없음"),
    "not paid": later("결제되지 않음"),
    "window over": later("결제창 시간이 지남"),
    "gateway: declined": later("결제 회사: 거절"),
    "gateway: cancelled": later("결제 회사: 취소"),
    "gateway: expired": later("결제 회사: 시간 지남"),
    "gateway: unknown": later("결제 회사: 모름"),
    "notice PAYMENT_STATUS_CHANGED": later("결제 회사 알림"),
    "notice deposit": later("입금 알림"),
    "looked up": later("확인함"),
    "waiting": later("기다림"),
    "ignored": later("볼 것 없음"),
    "wrong secret": later("비밀값이 틀림"),
    "given up": later("확인하지 못함"),
}
KINDS: dict[str, Later] = {
    Kind.THEIRS_NOT_OURS: later("우리가 모르는 결제가 결제 회사에 있습니다"),
    Kind.OURS_NOT_THEIRS: later("우리에게 있는 결제가 결제 회사에 없습니다"),
    Kind.AMOUNT: later("금액이 다릅니다"),
    Kind.STATE: later("상태가 다릅니다"),
    Kind.EXTRA_MONEY: later("이미 낸 고지서에 돈이 더 들어왔습니다"),
    Kind.UNDONE: later("은행이 입금을 되돌렸습니다. 연체금을 물릴지 정해야 합니다"),
    Kind.FOUND_CANCEL: later("결제 회사에서 직접 취소한 결제가 있습니다"),
    Kind.STALE_CALL: later("오래되어 다시 보내지 않은 요청이 있습니다"),
    Kind.REFUND_REFUSED: later("결제 회사가 환급을 거절했습니다"),
    Kind.PAYOUT: later("정산 금액이 맞지 않습니다"),
    Kind.OVERDRAWN: later("이미 쓴 더 낸 금액이 되돌려졌습니다"),
    Kind.WRONG_NOTICE: later("비밀값이 틀린 알림이 왔습니다"),
}
WHY = {
    "a deposit goes back to an account: say which": later("돌려받을 계좌를 넣어 주십시오."),
    "the payment has changed meanwhile: look at it again": later(
        "그사이 결제가 바뀌었습니다. 다시 확인해 주십시오."
    ),
    "say what is to be given back, each thing once": later("돌려줄 것을 골라 주십시오."),
    "that is more than is left of the payment": later(
        "고른 것을 더하면 이 결제에서 돌려줄 수 있는 금액보다 많습니다."
    ),
    "there is not so much credit": later("더 낸 금액이 그만큼 남아 있지 않습니다."),
    "somebody else has to approve it": later("이 금액은 다른 사람이 승인해야 합니다."),
    "it is decided already": later("이미 결정되었습니다."),
    "say which transaction of the bank it was": later("은행 거래 번호를 넣어 주십시오."),
    "that transaction of the bank belongs to another refund": later(
        "그 은행 거래 번호는 다른 환급에 쓰였습니다."
    ),
}


def state_word(state: str) -> str:
    return str(STATES.get(state, state))


def refund_state(state: str) -> str:
    return str(REFUNDS.get(state, state))


def held_why(reason: str) -> str:
    return str(HELD.get(reason, reason))


def refund_problem(text: str) -> str:
    return str(PROBLEMS.get(text, text))


def book(name: str) -> str:
    return str(BOOKS.get(name, name))


def event(name: str) -> str:
    return str(EVENTS.get(name, name))


def gate_word(closed: Closed | None) -> str:
    return str(GATES[closed]) if closed else _("온라인 납부를 받고 있습니다")


def why(error: Exception) -> str:
    """Why a refund cannot be, in the reader's language."""
    found = WHY.get(str(error))
    return str(found) if found else _("지금은 할 수 없습니다. 결제를 다시 확인해 주십시오.")


def discrepancy(one: Discrepancy) -> dict[str, Any]:
    return {
        "key": one.key,
        "id": f"d{one.id}",
        "text": str(KINDS.get(one.kind, one.kind)),
        "order": one.order_id,
        "ours": words.won(one.ours) if one.ours is not None else "",
        "theirs": words.won(one.theirs) if one.theirs is not None else "",
        "at": words.moment(one.found_at),
    }
