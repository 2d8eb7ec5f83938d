"""Payers and clerks at the counter of the emulated gateway."""

import pytest

from app.payments.models import Attempt
from tests import make, pay
from tests.markup import Page

counter, emulator = pay.counter, pay.emulator
PERIOD = {"month": "2026-11", "usage_m3": 24}


class Window:
    """A payer's browser: chooses, says yes in the gateway's window, comes back."""

    def __init__(self, client, counter):
        self.client, self.counter = client, counter

    def choose(self, path, channel="card", **fields):
        return self.client.submit(path, channel=channel, bank="20", **fields)

    def order(self, answer):
        return answer.location.rstrip("/").rsplit("/", 1)[-1]

    def yes(self, order):
        """Where the gateway sends the browser after a yes."""
        attempt = Attempt.of_order(order)
        self.client.get(f"/pay/window/{order}")
        key = self.counter.authenticate(attempt)
        query = f"paymentKey={key}&orderId={order}&amount={int(attempt.amount)}"
        return f"/payments/success?{query}"

    def pay(self, path, **fields):
        """The whole way by card; the order."""
        order = self.order(self.choose(path, **fields))
        answer = self.client.get(self.yes(order))
        assert answer.location == f"/payments/result/{order}", answer.text
        return order


@pytest.fixture
def payer(signed_in, counter):
    """A signed-in customer with a home and an unpaid bill, as a Window."""
    found = Window(signed_in, counter)
    found.home = make.home(account=signed_in.account, role="payer")
    found.bill = make.bill(premises=found.home.premises, **PERIOD)
    found.path = f"/pay/method?bill={found.home.reference}.2026-11"
    return found


def form_token(client, path="/bills/"):
    page = Page(client.get(path).text)
    return (page.form("/logout") or page.form("/staff/logout"))["csrf_token"]
