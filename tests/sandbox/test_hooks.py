"""Notices: sent, sent again later and later, twice, in the wrong order, forged, or not at all."""

import json
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from app.sandbox.pay_events import BACK_OFF, HUGE

HALF = timedelta(seconds=30)
PREFIX = "tosspayments-webhook-transmission-"


class Merchant:
    """Takes notices and answers with the next of `answers`, else 200."""

    def __init__(self):
        self.got, self.answers = [], []


@pytest.fixture
def merchant(caller):
    found = Merchant()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append((dict(self.headers), body))
            self.send_response(found.answers.pop(0) if found.answers else 200)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/hooks/payments"
    caller.control.set_webhooks({"url": url, "kinds": ["deposit"]})
    yield found
    server.shutdown()
    server.server_close()


def switch(caller, **given):
    caller.control.set_webhooks(given)


def paid(caller, order="order-000001"):
    caller.account(order)
    caller.control.deposit({"orderId": order})


def send(caller):
    return caller.control.send({})["sent"]


def bodies(merchant):
    return [json.loads(body) for _, body in merchant.got]


def ids(merchant):
    return [headers[f"{PREFIX}id"] for headers, _ in merchant.got]


def test_a_notice_is_sent_once_when_it_is_taken(caller, merchant):
    paid(caller)

    assert (send(caller), send(caller)) == (1, 0)
    assert bodies(merchant)[0]["orderId"] == "order-000001"


def test_both_kinds_tell_of_one_deposit(caller, merchant):
    switch(caller, kinds=["payment", "deposit"])
    paid(caller)

    send(caller)

    assert [one.get("eventType", "deposit") for one in bodies(merchant)] == [
        "PAYMENT_STATUS_CHANGED",
        "deposit",
    ]


def test_what_is_not_taken_is_sent_again_later_and_later_and_then_never(caller, merchant, clock_at):
    merchant.answers = [500] * 20
    paid(caller)
    at = caller.emulator.clock.now()

    tries = [send(caller)]
    for minutes in BACK_OFF:
        clock_at(at.replace(second=0) + (step := timedelta(minutes=minutes)) - HALF)
        tries.append(send(caller))
        clock_at(at + step)
        tries.append(send(caller))
        at += step

    assert tries == [1, *[0, 1] * len(BACK_OFF)]
    assert len(set(ids(merchant))) == 1
    counts = [headers[f"{PREFIX}retried-count"] for headers, _ in merchant.got]
    assert counts == [str(number) for number in range(8)]
    assert caller.control.api.events.listed()[0]["state"] == "given up"


def test_a_notice_twice_with_one_id_or_with_two(caller, merchant):
    switch(caller, duplicate=2)
    paid(caller)
    switch(caller, duplicate_new_id=1)
    paid(caller, "order-000002")

    send(caller)

    assert len(set(ids(merchant)[:3])) == 1
    assert len(set(ids(merchant)[3:])) == 2


def test_a_notice_that_comes_after_the_next_one(caller, merchant):
    caller.account("order-000001")
    switch(caller, hold=True)
    caller.control.deposit({"orderId": "order-000001"})
    caller.control.undo({"orderId": "order-000001"})

    send(caller)

    assert [one["status"] for one in bodies(merchant)] == ["WAITING_FOR_DEPOSIT", "DONE"]


def test_a_notice_that_is_late(caller, merchant, clock_at):
    switch(caller, delay_minutes=60)
    paid(caller)
    assert send(caller) == 0

    clock_at("2026-11-26 11:00")
    assert send(caller) == 1


def test_a_notice_that_never_comes(caller, merchant):
    switch(caller, drop=True)
    paid(caller)

    assert send(caller) == 0


def test_a_forged_notice_a_wrong_secret_and_a_huge_one(caller, merchant):
    switch(caller, kinds=["payment"], forged_key=True, huge=True)
    paid(caller)
    switch(caller, kinds=["deposit"], wrong_secret=True)
    paid(caller, "order-000002")

    send(caller)

    forged, wrong = bodies(merchant)
    assert caller.get(f"/v1/payments/{forged['data']['paymentKey']}")[0] == 404
    assert len(merchant.got[0][1]) > HUGE
    assert wrong["secret"] == "ps_wrong"


def test_an_old_notice_again(caller, merchant):
    paid(caller)
    send(caller)

    caller.control.replay({"id": 1})
    send(caller)

    assert len(set(ids(merchant))) == 1
    assert bodies(merchant)[0] == bodies(merchant)[1]


def test_a_switch_that_nobody_knows_is_refused(caller):
    assert caller.post("/control/webhooks", {"sing": True})[0] == 400
