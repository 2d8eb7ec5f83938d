"""The documents that the emulated gateway answers with, in the shapes that the vendor publishes."""

import secrets
from datetime import datetime, timedelta
from typing import Any

Doc = dict[str, Any]
VERSION = "2022-11-16"
MERCHANT = "tvivarepublica"
CARD, DEPOSIT, EASY = "카드", "가상계좌", "간편결제"
SHOP = "http://sandbox.invalid"


def transaction_key() -> str:
    return secrets.token_hex(16).upper()


def payment_key() -> str:
    return f"tviva{secrets.token_urlsafe(18)}"


def vat_of(total: int, tax_free: int) -> tuple[int, int]:
    """Supplied amount and VAT of what is taxed: about a tenth of the supply."""
    taxed = total - tax_free
    vat = (taxed + 5) // 11
    return taxed - vat, vat


def payment(given: Doc, method: str | None, at: str) -> Doc:
    """A payment as it begins: `given` has orderId, orderName, amount, perhaps taxFreeAmount."""
    total, tax_free = given["amount"], given.get("taxFreeAmount") or 0
    supplied, vat = vat_of(total, tax_free)
    key = payment_key()
    return {
        "version": VERSION,
        "paymentKey": key,
        "type": given.get("type", "NORMAL"),
        "orderId": given["orderId"],
        "orderName": given["orderName"],
        "mId": MERCHANT,
        "currency": "KRW",
        "method": method,
        "totalAmount": total,
        "balanceAmount": total,
        "status": "READY",
        "requestedAt": at,
        "approvedAt": None,
        "useEscrow": False,
        "lastTransactionKey": None,
        "suppliedAmount": supplied,
        "vat": vat,
        "cultureExpense": False,
        "taxFreeAmount": tax_free,
        "taxExemptionAmount": 0,
        "cancels": None,
        "isPartialCancelable": True,
        "card": None,
        "virtualAccount": None,
        "secret": None,
        "mobilePhone": None,
        "giftCertificate": None,
        "transfer": None,
        "receipt": None,
        "checkout": {"url": f"{SHOP}/checkout/{key}"},
        "easyPay": None,
        "country": "KR",
        "failure": None,
        "cashReceipt": None,
        "cashReceipts": None,
        "discount": None,
        "metadata": given.get("metadata"),
    }


def card(amount: int) -> Doc:
    return {
        "amount": amount,
        "issuerCode": "71",
        "acquirerCode": "71",
        "number": "12345678****000*",
        "installmentPlanMonths": 0,
        "approveNo": "00000000",
        "useCardPoint": False,
        "cardType": "신용",
        "ownerType": "개인",
        "acquireStatus": "READY",
        "isInterestFree": False,
        "interestPayer": None,
    }


def easy_pay(amount: int) -> Doc:
    return {"provider": "토스페이", "amount": amount, "discountAmount": 0}


def virtual_account(given: Doc, number: str, due: datetime) -> Doc:
    return {
        "accountType": "일반",
        "accountNumber": number,
        "bankCode": given["bank"],
        "customerName": given["customerName"],
        "depositorName": None,
        "dueDate": due.isoformat(timespec="seconds"),
        "refundStatus": "NONE",
        "expired": False,
        "settlementStatus": "INCOMPLETED",
        "refundReceiveAccount": None,
    }


def approve(doc: Doc, at: str) -> str:
    """Money has moved; the key of the transaction."""
    key = transaction_key()
    doc.update(
        status="DONE",
        approvedAt=at,
        lastTransactionKey=key,
        balanceAmount=doc["totalAmount"],
        receipt={"url": f"{SHOP}/receipt/{doc['paymentKey']}"},
    )
    return key


def cancelled(doc: Doc, amount: int, reason: str, at: str) -> Doc:
    """Take back a part or all of what is left; the entry of `cancels`."""
    key = transaction_key()
    left = doc["balanceAmount"] - amount
    entry = {
        "cancelReason": reason,
        "canceledAt": at,
        "cancelAmount": amount,
        "taxFreeAmount": 0,
        "taxExemptionAmount": 0,
        "refundableAmount": left,
        "easyPayDiscountAmount": 0,
        "transactionKey": key,
        "receiptKey": None,
    }
    doc["cancels"] = [*(doc["cancels"] or []), entry]
    doc.update(
        balanceAmount=left,
        status="PARTIAL_CANCELED" if left else "CANCELED",
        lastTransactionKey=key,
    )
    return entry


def transaction(doc: Doc, key: str, status: str, amount: int, at: str) -> Doc:
    """An entry of the list of transactions."""
    return {
        "mId": MERCHANT,
        "transactionKey": key,
        "paymentKey": doc["paymentKey"],
        "orderId": doc["orderId"],
        "method": doc["method"],
        "customerKey": None,
        "useEscrow": False,
        "receiptUrl": (doc["receipt"] or {}).get("url"),
        "status": status,
        "transactionAt": at,
        "currency": "KRW",
        "amount": amount,
    }


def settlement(entry: Doc, approved_at: str | None, sold_on: str, paid_out_on: str) -> Doc:
    """What the gateway pays out for a transaction; what was taken back is below zero."""
    back = entry["status"] != "DONE"
    amount = -entry["amount"] if back else entry["amount"]
    fee = abs(amount) * 22 // 1000
    vat = fee // 10
    sign = -1 if back else 1
    return {
        "mId": MERCHANT,
        "paymentKey": entry["paymentKey"],
        "transactionKey": entry["transactionKey"],
        "orderId": entry["orderId"],
        "currency": "KRW",
        "method": entry["method"],
        "amount": amount,
        "interestFee": 0,
        "fee": sign * (fee + vat),
        "fees": [{"type": "BASE", "fee": sign * (fee + vat)}],
        "supplyAmount": sign * fee,
        "vat": sign * vat,
        "payOutAmount": amount - sign * (fee + vat),
        "approvedAt": approved_at,
        "soldDate": sold_on,
        "paidOutDate": paid_out_on,
        "card": None,
        "easyPay": None,
        "giftCertificate": None,
        "mobilePhone": None,
        "transfer": None,
        "virtualAccount": None,
        "cancel": None,
    }


def billing(customer_key: str, at: str) -> Doc:
    known = card(0)
    names = ("issuerCode", "acquirerCode", "number", "cardType", "ownerType")
    return {
        "mId": MERCHANT,
        "customerKey": customer_key,
        "authenticatedAt": at,
        "method": CARD,
        "billingKey": secrets.token_urlsafe(32),
        "card": {name: known[name] for name in names},
        "cardCompany": "삼성",
        "cardNumber": known["number"],
    }


def cash_receipt(given: Doc, at: str) -> Doc:
    supplied, vat = vat_of(given["amount"], given.get("taxFreeAmount") or 0)
    key = secrets.token_urlsafe(24)
    return {
        "receiptKey": key,
        "orderId": given["orderId"],
        "orderName": given["orderName"],
        "type": given["type"],
        "issueNumber": f"{secrets.randbelow(10**9):09d}",
        "receiptUrl": f"{SHOP}/cash-receipt/{key}",
        "businessNumber": "1234567890",
        "transactionType": "CONFIRM",
        "amount": given["amount"],
        "taxFreeAmount": given.get("taxFreeAmount") or 0,
        "supplyAmount": supplied,
        "vat": vat,
        "issueStatus": "IN_PROGRESS",
        "failure": None,
        "customerIdentityNumber": f"{given['customerIdentityNumber'][:3]}****",
        "requestedAt": at,
    }


def paid_out(sold: datetime) -> str:
    """Two days later."""
    return (sold + timedelta(days=2)).date().isoformat()
