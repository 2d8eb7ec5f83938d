"""What somebody has paid online, or tried to."""

from datetime import datetime

from app.accounts.models import Account
from app.db import as_instant, rows
from app.language import later
from app.mydata.values import Row, Table, Topic, word
from app.payments.models import Attempt
from app.payments.texts import CHANNELS, STATES

PAID = """
SELECT p.attempt_id, p.paid_at, p.card FROM payments p JOIN attempts a ON a.id = p.attempt_id
WHERE a.account_id = ?
"""


def paid(of: Account, now: datetime) -> list[Row]:
    money = {number: (as_instant(at), card) for number, at, card in rows(PAID, (of.id,))}
    found = Attempt.select().where(Attempt.account_id == of.id).order_by(Attempt.id.desc())
    return [
        {
            "created_at": one.created_at,
            "what": one.order_name,
            "amount": one.amount,
            "channel": word(one.channel, CHANNELS),
            "state": word(one.state, STATES),
            "paid_at": money.get(one.id, (None, ""))[0],
            "card": money.get(one.id, (None, ""))[1],
            "account_number": one.account_number,
            "name": one.name,
            "email": one.email,
            "order": one.order_id,
        }
        for one in found
    ]


PAYMENTS = Topic(
    "payments",
    later("온라인 납부"),
    later("무엇을 언제 어떻게 냈는지"),
    (
        Table(
            "payments",
            later("온라인 납부"),
            {
                "created_at": later("때"),
                "what": later("낸 것"),
                "amount": later("금액(원)"),
                "channel": later("방법"),
                "state": later("결과"),
                "paid_at": later("낸 때"),
                "card": later("카드"),
                "account_number": later("입금할 계좌"),
                "name": later("이름"),
                "email": later("이메일"),
                "order": later("주문 번호"),
            },
            paid,
            ("created_at", "what", "amount", "state"),
        ),
    ),
    (("/pay/receipts/", later("납부 내역과 영수증")),),
)
