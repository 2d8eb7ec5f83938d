"""Requests and answers in the shapes that the vendor publishes, written by hand from its pages.

The emulator's answers are compared with them, and the client reads them, so that the two cannot
agree on a dialect of their own. What differs from payment to payment is only an example.
"""

ORDER = "a4CWyWY5m89PNh7xJwhk1"
KEY = "5EnNZRJGvaBX7zk2yd8ydw26XvwXkLrx9POLqKQjmAw4b0e1"

CONFIRM = {"paymentKey": KEY, "orderId": ORDER, "amount": 15_000}

CARD = {
    "mId": "tosspayments",
    "lastTransactionKey": "9C62B18EEF0DE3EB7F4422EB6D14BC6E",
    "paymentKey": KEY,
    "orderId": ORDER,
    "orderName": "토스 티셔츠 외 2건",
    "taxExemptionAmount": 0,
    "status": "DONE",
    "requestedAt": "2024-02-13T12:17:57+09:00",
    "approvedAt": "2024-02-13T12:18:14+09:00",
    "useEscrow": False,
    "cultureExpense": False,
    "card": {
        "issuerCode": "71",
        "acquirerCode": "71",
        "number": "12345678****000*",
        "installmentPlanMonths": 0,
        "isInterestFree": False,
        "interestPayer": None,
        "approveNo": "00000000",
        "useCardPoint": False,
        "cardType": "신용",
        "ownerType": "개인",
        "acquireStatus": "READY",
        "amount": 15_000,
    },
    "virtualAccount": None,
    "transfer": None,
    "mobilePhone": None,
    "giftCertificate": None,
    "cashReceipt": None,
    "cashReceipts": None,
    "discount": None,
    "cancels": None,
    "secret": None,
    "type": "NORMAL",
    "easyPay": None,
    "country": "KR",
    "failure": None,
    "isPartialCancelable": True,
    "receipt": {"url": "https://dashboard.tosspayments.com/receipt/redirection?transactionId=x"},
    "checkout": {"url": "https://api.tosspayments.com/v1/payments/x/checkout"},
    "currency": "KRW",
    "totalAmount": 15_000,
    "balanceAmount": 15_000,
    "suppliedAmount": 13_636,
    "vat": 1_364,
    "taxFreeAmount": 0,
    "metadata": None,
    "method": "카드",
    "version": "2022-11-16",
}

CANCEL = {
    "transactionKey": "090A796806E726BBB929F4A2CA7DB9A7",
    "cancelReason": "테스트 결제 취소",
    "taxExemptionAmount": 0,
    "canceledAt": "2024-02-13T12:20:23+09:00",
    "easyPayDiscountAmount": 0,
    "receiptKey": None,
    "cancelAmount": 1_000,
    "taxFreeAmount": 0,
    "refundableAmount": 14_000,
}
PARTLY_CANCELLED = {
    **CARD,
    "status": "PARTIAL_CANCELED",
    "balanceAmount": 14_000,
    "cancels": [CANCEL],
}

ACCOUNT = {
    "accountNumber": "X6505636518308",
    "accountType": "일반",
    "bankCode": "20",
    "customerName": "박토스",
    "depositorName": None,
    "dueDate": "2024-02-20T12:20:23+09:00",
    "expired": False,
    "settlementStatus": "INCOMPLETED",
    "refundStatus": "NONE",
    "refundReceiveAccount": None,
}
WAITING = {
    **CARD,
    "lastTransactionKey": None,
    "status": "WAITING_FOR_DEPOSIT",
    "approvedAt": None,
    "card": None,
    "virtualAccount": ACCOUNT,
    "secret": "ps_Z61JOxRQVEE4nWdR9DzX8W0X9bAq",
    "receipt": None,
    "method": "가상계좌",
}
ISSUE = {
    "amount": 15_000,
    "orderId": ORDER,
    "orderName": "토스 티셔츠 외 2건",
    "customerName": "박토스",
    "bank": "20",
}

BILLING = {
    "mId": "tosspayments",
    "customerKey": "aENcQAtPdYbTjGhtQnNVj",
    "authenticatedAt": "2024-02-13T12:20:23+09:00",
    "method": "카드",
    "billingKey": "Z_t5vOvQxrj4499PeiJcjen28-V2RyqgYTwN44Rdzk0=",
    "card": {
        "issuerCode": "61",
        "acquirerCode": "31",
        "number": "43301234****123*",
        "cardType": "신용",
        "ownerType": "개인",
    },
    "cardCompany": "현대",
    "cardNumber": "43301234****123*",
}

TRANSACTION = {
    "mId": "tosspayments",
    "transactionKey": "9C62B18EEF0DE3EB7F4422EB6D14BC6E",
    "paymentKey": KEY,
    "orderId": ORDER,
    "method": "카드",
    "customerKey": None,
    "useEscrow": False,
    "receiptUrl": "https://dashboard.tosspayments.com/receipt/redirection?transactionId=x",
    "status": "DONE",
    "transactionAt": "2024-02-13T12:18:14+09:00",
    "currency": "KRW",
    "amount": 15_000,
}

SETTLEMENT = {
    "mId": "tosspayments",
    "paymentKey": KEY,
    "transactionKey": "9C62B18EEF0DE3EB7F4422EB6D14BC6E",
    "orderId": ORDER,
    "currency": "KRW",
    "method": "카드",
    "amount": 15_000,
    "interestFee": 0,
    "fees": [{"type": "BASE", "fee": 363}],
    "fee": 363,
    "supplyAmount": 330,
    "vat": 33,
    "payOutAmount": 14_637,
    "approvedAt": "2024-02-13T12:18:14+09:00",
    "soldDate": "2024-02-13",
    "paidOutDate": "2024-02-15",
    "card": None,
    "easyPay": None,
    "giftCertificate": None,
    "mobilePhone": None,
    "transfer": None,
    "virtualAccount": None,
    "cancel": None,
}

CASH_RECEIPT = {
    "receiptKey": "1EyxjNZ4PvmR9nVLJqeGkX5pnk1Z0qVdlKWgRMBE2zQaZaEb",
    "issueNumber": "241371905",
    "issueStatus": "IN_PROGRESS",
    "amount": 10_000,
    "taxFreeAmount": 0,
    "orderId": ORDER,
    "orderName": "토스 티셔츠 외 2건",
    "type": "소득공제",
    "transactionType": "CONFIRM",
    "businessNumber": "1234567890",
    "customerIdentityNumber": "010****",
    "failure": None,
    "requestedAt": "2024-02-13T12:20:23+09:00",
    "receiptUrl": "https://dashboard.tosspayments.com/cash-receipt/x",
    "supplyAmount": 9_091,
    "vat": 909,
}

ERROR = {"code": "NOT_FOUND_PAYMENT", "message": "존재하지 않는 결제 정보 입니다."}

CHANGED = {
    "eventType": "PAYMENT_STATUS_CHANGED",
    "createdAt": "2024-02-13T12:18:14.000000",
    "data": CARD,
}
DEPOSITED = {
    "createdAt": "2024-02-13T12:18:14.000000",
    "secret": "ps_Z61JOxRQVEE4nWdR9DzX8W0X9bAq",
    "status": "DONE",
    "transactionKey": "9C62B18EEF0DE3EB7F4422EB6D14BC6E",
    "orderId": ORDER,
}


def shape(value):
    """The names and kinds of values in a document: what must be the same."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in sorted(value.items())}
    if isinstance(value, list):
        return [shape(one) for one in value[:1]]
    return type(value).__name__
