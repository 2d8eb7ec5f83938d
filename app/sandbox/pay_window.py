"""The emulated gateway's pages: the payment window, the card window, and the bank's counter."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from app.sandbox.pay_api import Api
from app.sandbox.pay_errors import SENTENCES, RefusedError
from app.sandbox.pay_money import need
from app.sandbox.pay_objects import EASY, Doc

PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("pages")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
BUTTONS = (
    ("approve", "결제하기", "성공 주소로 돌아갑니다"),
    ("cancel", "취소", "실패 주소로 돌아갑니다 (PAY_PROCESS_CANCELED)"),
    ("decline", "카드사 거절", "실패 주소로 돌아갑니다 (REJECT_CARD_COMPANY)"),
    ("decline_at_confirm", "인증 뒤 승인 거절", "성공 주소로 돌아가지만 승인할 때 거절합니다"),
    ("close", "창 닫기", "아무 데로도 돌아가지 않습니다"),
    ("edited", "금액 바꿔 돌아가기", "성공 주소의 금액을 100원으로 바꿉니다"),
    ("twice", "두 번 돌아가기", "성공 주소로 두 번 갈 수 있는 화면을 보입니다"),
)
FAILED = {
    "cancel": ("PAY_PROCESS_CANCELED", "사용자에 의해 결제가 취소되었습니다."),
    "decline": ("REJECT_CARD_COMPANY", SENTENCES["REJECT_CARD_COMPANY"]),
}


def shown(name: str, status: int = 200, **values: Any) -> Response:
    text = PAGES.get_template(name).render(**values)
    return Response(text, status, content_type="text/html; charset=utf-8")


def said(title: str, text: str, status: int = 200, links: tuple[str, ...] = ()) -> Response:
    return shown("said.html", status, title=title, text=text, links=links)


def refused(error: RefusedError) -> Response:
    return said("결제창을 열 수 없습니다", f"{error.code}: {error.body['message']}", error.status)


def with_query(address: str, **values: Any) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(values)}"


class Window:
    """`/window` for a payment, `/cards` for a card key, `/bank` for deposits."""

    def __init__(self, api: Api, client_key: str) -> None:
        self.api, self.client_key = api, client_key

    def given(self, request: Request) -> Doc:
        """What the address of a window says."""
        found: Doc = dict(request.args)
        need(found.get("clientKey") == self.client_key, "INVALID_API_KEY")
        for name in ("successUrl", "failUrl"):
            need(found.get(name, "").startswith(("http://", "https://")))
        return found

    def payment(self, request: Request) -> Response:
        try:
            given = self.given(request)
            for name in ("amount", "taxFreeAmount"):
                if name in given:
                    need(given[name].isdecimal())
                    given[name] = int(given[name])
            with self.api.store.writing():
                doc = self.api.money.open(given)
            if request.method == "GET":
                easy = doc["method"] == EASY
                return shown("window.html", doc=doc, easy=easy, buttons=BUTTONS)
            return self.pressed(request.form.get("button", ""), doc, given)
        except RefusedError as error:
            return refused(error)

    def pressed(self, button: str, doc: Doc, given: Doc) -> Response:
        """Where a button of the window leads."""
        key, money = doc["paymentKey"], self.api.money
        if button == "close":
            return said("창을 닫았습니다", "아무 일도 일어나지 않았습니다.")
        if button in FAILED:
            code, message = FAILED[button]
            with self.api.store.writing():
                money.abort(key, code, message)
            values = {"code": code, "message": message}
            if button != "cancel":  # who cancels is not always told of by order
                values["orderId"] = doc["orderId"]
            return redirect(with_query(given["failUrl"], **values), 303)
        need(button in ("approve", "decline_at_confirm", "edited", "twice"))
        decline = "REJECT_CARD_PAYMENT" if button == "decline_at_confirm" else ""
        with self.api.store.writing():
            money.authenticate(key, decline)
        amount = 100 if button == "edited" else doc["totalAmount"]
        back: Doc = {"paymentKey": key, "orderId": doc["orderId"], "amount": amount}
        target = with_query(given["successUrl"], **back, paymentType="NORMAL")
        if button == "twice":
            return said("두 번 돌아가기", "두 링크는 같은 주소입니다.", links=(target, target))
        return redirect(target, 303)

    def card(self, request: Request) -> Response:
        """The window that registers a card for later charges."""
        try:
            given = self.given(request)
            need(given.get("customerKey"))
            if request.method == "GET":
                return shown("card.html", customer=given["customerKey"])
            if request.form.get("button") == "cancel":
                code, message = FAILED["cancel"]
                return redirect(with_query(given["failUrl"], code=code, message=message), 303)
            refuses = request.form.get("button") == "refusing"
            with self.api.store.writing():
                decline = "REJECT_CARD_PAYMENT" if refuses else ""
                word = self.api.cards.authorise(given["customerKey"], decline)
            values = {"customerKey": given["customerKey"], "authKey": word}
            return redirect(with_query(given["successUrl"], **values), 303)
        except RefusedError as error:
            return refused(error)

    def bank(self, request: Request) -> Response:
        """All accounts that wait for a deposit, and a form for each."""
        result = ""
        if request.method == "POST":
            try:
                result = self.transfer(request)
            except RefusedError as error:
                return refused(error)
        with self.api.store.writing():
            waiting, deposited = self.api.money.waiting(), self.api.money.deposited()
        return shown("bank.html", waiting=waiting, deposited=deposited, result=result)

    def transfer(self, request: Request) -> str:
        form = request.form
        amount = form.get("amount", "0")
        need(amount.isdecimal())
        with self.api.store.writing():
            found = self.api.money.find("order_id", form.get("orderId", ""))
            if form.get("button") == "undo":
                return self.api.money.undo(*found)
            return self.api.money.deposit(*found, int(amount), form.get("name", ""))
