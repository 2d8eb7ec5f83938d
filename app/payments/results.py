"""What a payer is told of an attempt, in sentences."""

from datetime import date
from typing import NamedTuple

from app import words
from app.language import Later, _, later
from app.payments.banks import bank_name
from app.payments.booking import matching
from app.payments.models import Attempt, Owner, Payer, Payment, State

PAID = (State.PAID, State.REFUNDED)
CHECKING = (State.CONFIRMING, State.UNKNOWN)
ENDED = (State.DECLINED, State.CANCELLED, State.EXPIRED, State.REVERSED)
NOTHING_TAKEN = later("빠져나간 돈은 없습니다.")
NOT_FINISHED = (
    later("아직 결제하지 않았습니다"),
    later("결제를 마치지 않았습니다. 빠져나간 돈은 없습니다."),
)
BEING_CHECKED = (
    later("결제를 확인하고 있습니다"),
    later("결제 회사의 답을 기다립니다. 다시 결제하지 말고 몇 분 뒤에 이 화면을 다시 여십시오."),
)
SAID: dict[State, tuple[Later, Later]] = {
    State.CREATED: NOT_FINISHED,
    State.OPENED: NOT_FINISHED,
    State.CONFIRMING: BEING_CHECKED,
    State.UNKNOWN: BEING_CHECKED,
    State.WAITING: (later("입금을 기다립니다"), later("아래 계좌로 정확한 금액을 보내 주십시오.")),
    State.PAID: (later("냈습니다"), later("요금을 받았습니다.")),
    State.REVERSED: (
        later("입금이 취소되었습니다"),
        later("은행이 입금을 되돌렸습니다. 요금은 다시 낼 금액으로 남아 있습니다."),
    ),
    State.REFUNDED: (later("돌려드렸습니다"), later("이 결제는 취소되어 돌려드렸습니다.")),
    State.DECLINED: (later("결제하지 못했습니다"), NOTHING_TAKEN),
    State.CANCELLED: (later("결제하지 않았습니다"), NOTHING_TAKEN),
    State.EXPIRED: (later("결제 시간이 지났습니다"), NOTHING_TAKEN),
}
REASONS = {
    "card": later("카드사가 승인하지 않았습니다. 다른 카드로 해 보십시오."),
    "expired_card": later("유효 기간이 지난 카드입니다."),
    "limit": later("한도를 넘었습니다."),
    "funds": later("잔액이 모자랍니다."),
    "bank_closed": later("은행이 지금은 받지 않습니다. 나중에 다시 하십시오."),
    "amount": later("금액이 너무 작습니다."),
    "account": later("계좌 정보가 맞지 않습니다."),
    "soon": later("잠시 뒤에 다시 하십시오."),
    "other": later("결제 회사가 승인하지 않았습니다. 다른 방법으로 해 보십시오."),
    "unavailable": later("지금은 결제할 수 없습니다. 나중에 다시 하십시오."),
    "tampered": later("돌아온 결제 정보가 처음과 달라 승인하지 않았습니다."),
    "replaced": later("다른 창에서 다시 결제를 시작했습니다."),
    "changed": later("그사이 고지서가 바뀌었거나 이미 냈습니다."),
    "paid": later("이미 낸 요금입니다."),
    "expired": later("다시 시작할 수 있습니다."),
}


class Result(NamedTuple):
    """A page's worth of an attempt. `state` is empty for who did not begin it."""

    state: str
    title: str
    text: str
    why: str
    checking: bool
    amount: str
    facts: list[tuple[str, str]]
    order: str = ""
    receipt: str = ""
    """Where the receipt is."""
    again: str = ""
    """Where one begins again, when it came to nothing."""
    is_guest: bool = False


def result_of(attempt: Attempt | None, payer: Payer, came_back: bool = False) -> Result:
    """What to say of an attempt to somebody. A stranger learns that there is nothing to see, also
    when it was them who brought the payment back: they are not told whose it is (S-41).
    """
    if attempt is None or not attempt.belongs_to(payer):
        title = _("결제를 마치지 않았습니다") if came_back else _("결제 화면을 닫아도 됩니다")
        text = (
            _("빠져나간 돈은 없습니다.")
            if came_back
            else _("결과는 결제를 시작한 화면과 요금조회에서 볼 수 있습니다.")
        )
        return Result(
            "", title, text, "", False, "", [], again=begin_at(payer) if came_back else ""
        )
    state = State(attempt.state)
    heading, sentence = SAID[state]
    why = str(REASONS[attempt.reason]) if attempt.reason in REASONS else ""
    amount = words.won(attempt.amount)
    is_guest = attempt.owner == Owner.GUEST
    receipt = f"/pay{'/guest' if is_guest else ''}/receipts/{attempt.order_id}"
    facts = facts_of(attempt, state)
    said = str(heading), str(sentence), why, state in CHECKING, amount, facts
    again = begin_at(payer) if state in ENDED else ""
    return Result(state, *said, attempt.order_id, receipt, again, is_guest)


def begin_at(payer: Payer) -> str:
    return "/lookup/" if payer.account_id is None else "/pay/"


def due_before(attempt: Attempt, last: date) -> list[tuple[str, str]]:
    """When the bills are due, if the account takes money longer than that: a late fee follows."""
    dues = [one.due_on for bill in attempt.bills for one in matching(bill)]
    if not dues or min(dues) >= last:
        return []
    late = _("%(day)s까지. 지나면 연체금이 붙습니다", day=words.day(min(dues)))
    return [(_("납부 기한"), late)]


def facts_of(attempt: Attempt, state: State) -> list[tuple[str, str]]:
    """Names and values under the sentence."""
    found = [(_("내용"), attempt.order_name), (_("금액"), words.won(attempt.amount))]
    if state is State.WAITING:
        found.append((_("은행"), bank_name(attempt.bank)))
        found.append((_("계좌번호"), attempt.account_number))
        if attempt.deposit_until:
            found.append((_("입금 기한"), words.moment(attempt.deposit_until)))
            found += due_before(attempt, words.local_day(attempt.deposit_until))
    payment = Payment.of(attempt.id)
    if payment and state in PAID:
        found.append((_("낸 때"), words.moment(payment.paid_at)))
        if payment.card:
            found.append((_("카드"), payment.card))
    found.append((_("주문번호"), attempt.order_id))
    return found
