"""Calls of the emulated gateway as any merchant makes them, without the program's own client."""

from base64 import b64encode

import pytest
import urllib3

from app.sandbox.pay import SECRET_KEY
from tests.sandbox.published import ISSUE

WINDOW = {"orderName": "2026년 11월 수도요금", "amount": 15_000}


class Caller:
    """`post`, `get` and `delete` give (status, body)."""

    def __init__(self, emulator):
        self.emulator, self.control = emulator, emulator.control
        self.http = urllib3.PoolManager(retries=False)

    def headers(self, secret=f"{SECRET_KEY}:", **more):
        return {"Authorization": f"Basic {b64encode(secret.encode()).decode()}", **more}

    def call(self, method, path, body=None, **headers):
        answer = self.http.request(
            method,
            f"{self.emulator.url}{path}",
            json=body,
            headers=self.headers(**headers),
            timeout=5,
        )
        return answer.status, answer.json()

    def post(self, path, body, **headers):
        return self.call("POST", path, body, **headers)

    def get(self, path):
        return self.call("GET", path)

    def authenticated(self, order, **more):
        """A payment whose customer has said yes."""
        return self.control.authenticate({"orderId": order, **WINDOW, **more})

    def confirmed(self, order, amount=15_000, **headers):
        doc = self.authenticated(order)
        given = {"paymentKey": doc["paymentKey"], "orderId": order, "amount": amount}
        return self.post("/v1/payments/confirm", given, **headers)

    def account(self, order, **more):
        return self.post("/v1/virtual-accounts", {**ISSUE, "orderId": order, **more})


@pytest.fixture
def caller(emulator, clock_at):
    emulator.control.reset({})
    clock_at("2026-11-26 10:00")
    return Caller(emulator)
