"""The client of the gateway: every call, and what each kind of answer means."""

from datetime import date, timedelta

import pytest

from app import clock
from app.config import ROOT
from app.db import writing
from app.money import Money
from app.payments import outside, toss_errors
from app.payments.gateway import (
    CardKey,
    Declined,
    Done,
    Missing,
    Order,
    Ours,
    Reason,
    Stage,
    Unknown,
    UnreadableError,
    current,
)
from app.payments.outside import OpenTransactionError
from app.payments.toss import Toss

ORDER = Order("order-000001", "2026년 11월 수도요금", Money(15_000), Money(15_000))


@pytest.fixture
def client(counter):
    return counter.do(current)


def authenticated(counter, order="order-000001", **more):
    given = {"orderId": order, "orderName": "수도요금", "amount": 15_000}
    return counter.control.authenticate({**given, **more})["paymentKey"]


def confirm(client, key, order="order-000001", amount=15_000, name="confirm:1"):
    return client.confirm(order, key, Money(amount), name)


def issue(client, order=ORDER):
    until = clock.now() + timedelta(days=7)
    return client.issue_account(order, "김가상", "20", until, f"issue:{order.order_id}")


def test_a_payment_that_is_confirmed(counter, client):
    answer = confirm(client, authenticated(counter))

    truth = answer.value
    assert (truth.stage, truth.total, truth.left) == (Stage.PAID, 15_000, 15_000)
    assert (truth.method, truth.card) == ("카드", "12345678****000*")
    assert truth.was_paid


def test_the_same_call_again_is_the_same_payment(counter, client):
    key = authenticated(counter)

    assert confirm(client, key) == confirm(client, key)
    assert counter.control.money()["order-000001"]["charges"] == 1


def test_a_payment_is_looked_up_by_its_order_and_by_its_key(counter, client):
    paid = confirm(client, authenticated(counter))

    assert client.lookup("order-000001") == paid
    assert client.lookup_key(paid.value.payment_key) == paid
    assert client.lookup("nobody-made") == Missing("NOT_FOUND_PAYMENT")


def test_a_part_is_taken_back_and_then_the_rest(counter, client):
    key = confirm(client, authenticated(counter)).value.payment_key

    part = client.cancel(key, Money(1_000), "고객 요청", None, "cancel:1").value
    whole = client.cancel(key, None, "고객 요청", None, "cancel:2").value

    assert (part.stage, part.left, part.cancels[0].amount) == (Stage.PAID, 14_000, 1_000)
    assert (whole.stage, whole.left, len(whole.cancels)) == (Stage.CANCELLED, 0, 2)
    assert whole.was_paid


def test_an_account_for_a_deposit(counter, client):
    truth = issue(client).value

    assert truth.stage is Stage.WAITING
    assert truth.account.number.startswith("X65")
    assert truth.account.due_at == clock.now() + timedelta(days=7)
    assert truth.secret
    assert not truth.was_paid


def test_a_card_key_is_issued_charged_and_ended(counter, client):
    word = counter.control.authorise_card({"customerKey": "customer-1"})["authKey"]

    key = client.issue_card_key(word, "customer-1", "key:1").value
    charged = client.charge(key, ORDER, "charge:1")
    ended = client.delete_card_key(key.key)

    assert isinstance(key, CardKey)
    assert charged.value.stage is Stage.PAID
    assert isinstance(ended, Done)
    assert client.charge(key, ORDER._replace(order_id="order-000002"), "charge:2") == Ours(
        "NOT_FOUND_BILLING"
    )


def test_lists_are_read_to_their_end(counter, client, monkeypatch):
    monkeypatch.setattr("app.payments.toss.PAGE", 2)
    for number in range(5):
        counter.control.stray({"orderId": f"order-00000{number}", "amount": 5_000})
    today = clock.today()

    listed = [one.order_id[-1] for one in client.transactions(today, today)]
    day = today + timedelta(days=2)
    paid_out = [one.paid_out for one in client.payouts(day, day)]

    assert listed == list("01234")
    assert paid_out == [4_879] * 5


@pytest.mark.parametrize("fault", ["500_before", "malformed", "429"])
def test_a_list_that_cannot_be_read_is_no_list(counter, client, fault):
    counter.fault(fault, "transactions")

    with pytest.raises(UnreadableError):
        list(client.transactions(date(2026, 11, 26), date(2026, 11, 26)))


FAULTS = [
    ("reset_before", {}, 0),
    ("reset_after", {}, 1),
    ("500_before", {}, 0),
    ("500_after", {}, 1),
    ("delay_after", {"seconds": 0.5}, 1),
    ("delay_before", {"seconds": 0.5}, 0),
    ("409", {}, 0),
    ("429", {}, 0),
    ("malformed", {}, 1),
    ("html", {}, 1),
    ("wrong_order", {}, 1),
    ("unknown_status", {}, 1),
    ("amount_as_text", {}, 1),
    ("code", {"code": "PROVIDER_ERROR"}, 0),
]


@pytest.mark.parametrize(("fault", "more", "charges"), FAULTS, ids=[one[0] for one in FAULTS])
def test_whatever_is_no_clear_answer_is_unknown(counter, client, fault, more, charges):
    """F-05 to F-09: neither done nor declined, whether the money has moved or not."""
    key = authenticated(counter)
    counter.fault(fault, "confirm", **more)
    client.host.patience = 0.005 if "delay" in fault else 1.0

    answer = confirm(client, key)

    money = counter.control.money().get("order-000001", {"charges": 0})
    assert isinstance(answer, Unknown)
    assert money["charges"] == charges


@pytest.mark.parametrize("fault", ["malformed", "wrong_order", "unknown_status", "amount_as_text"])
def test_an_answer_that_makes_no_sense_is_an_alarm(counter, client, fault, log_lines):
    key = authenticated(counter)
    counter.fault(fault, "confirm")

    confirm(client, key)

    assert [line["event"] for line in log_lines()] == ["the gateway's answer makes no sense"]


def test_new_fields_do_no_harm(counter, client):
    key = authenticated(counter)
    counter.fault("extra_fields", "confirm")

    assert isinstance(confirm(client, key), Done)


CODES = [
    ("REJECT_CARD_PAYMENT", Declined(Reason.CARD, "REJECT_CARD_PAYMENT")),
    ("INVALID_CARD_EXPIRATION", Declined(Reason.EXPIRED_CARD, "INVALID_CARD_EXPIRATION")),
    ("EXCEED_MAX_ONE_DAY_AMOUNT", Declined(Reason.LIMIT, "EXCEED_MAX_ONE_DAY_AMOUNT")),
    ("REJECT_ACCOUNT_PAYMENT", Declined(Reason.FUNDS, "REJECT_ACCOUNT_PAYMENT")),
    ("NOT_AVAILABLE_BANK", Declined(Reason.BANK_CLOSED, "NOT_AVAILABLE_BANK")),
    ("ALREADY_PROCESSED_PAYMENT", Unknown("already: ALREADY_PROCESSED_PAYMENT")),
    ("NOT_FOUND_PAYMENT_SESSION", Missing("NOT_FOUND_PAYMENT_SESSION")),
    ("INVALID_REQUEST", Ours("INVALID_REQUEST")),
    ("UNAUTHORIZED_KEY", Ours("UNAUTHORIZED_KEY")),
    ("FAILED_INTERNAL_SYSTEM_PROCESSING", Unknown("500 FAILED_INTERNAL_SYSTEM_PROCESSING")),
]


@pytest.mark.parametrize(("code", "meaning"), CODES, ids=[one[0] for one in CODES])
def test_what_a_code_means(counter, client, code, meaning):
    key = authenticated(counter)
    counter.fault("code", "confirm", code=code)

    assert confirm(client, key) == meaning


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "SOMETHING_NEW", Declined),
        (403, "", Declined),
        (401, "SOMETHING_NEW", Ours),
        (500, "SOMETHING_NEW", Unknown),
        (503, "REJECT_CARD_PAYMENT", Unknown),
        (302, "", Unknown),
        (408, "", Unknown),
    ],
)
def test_a_code_that_nobody_knows_counts_by_its_status(status, code, kind):
    answer = toss_errors.refused(status, {"code": code})

    assert isinstance(answer, kind)
    assert not (isinstance(answer, Declined) and answer.sure)


def test_every_code_of_the_vendor_belongs_to_one_class():
    classes = [
        toss_errors.UNKNOWN,
        toss_errors.ALREADY,
        toss_errors.GONE,
        toss_errors.OURS,
        set(toss_errors.REASON_OF),
    ]

    everything = [code for one in classes for code in one]
    assert len(everything) == len(set(everything))


def test_a_wrong_call_of_ours_is_an_alarm(counter, client, log_lines):
    key = authenticated(counter)
    counter.fault("code", "confirm", code="INVALID_API_KEY")

    confirm(client, key)

    assert log_lines()[-1]["event"] == "the gateway calls our request wrong"


def test_the_answer_about_another_payment_is_nobodys(counter, client):
    """The same key for another payment gets the first one's answer at the gateway."""
    confirm(client, authenticated(counter))

    other = authenticated(counter, "order-000002")
    answer = confirm(client, other, "order-000002", name="confirm:1")

    assert answer == Unknown("strange orderId")
    assert "order-000002" not in counter.control.money()


def test_no_call_is_made_within_a_transaction(counter, client):
    with pytest.raises(OpenTransactionError), writing():
        client.lookup("order-000001")


def test_the_only_modules_that_call_out_are_the_clients():
    """Everything that speaks to the gateway goes through the one module with the guard."""
    found = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "app" / "payments").glob("*.py")
        if "urllib3" in path.read_text("utf-8")
    }

    assert found == {"app/payments/outside.py"}


def test_a_redirect_is_not_followed(counter, app):
    host = outside.Host("http://127.0.0.1:9", "Basic x", 1.0)

    assert isinstance(host.ask("GET", "/v1/payments/x", None, 0.1, {}), outside.NoReply)
    assert toss_errors.refused(302, None) == Unknown("302 none")


def test_the_secret_key_is_in_no_answer_and_no_log(counter, app, log_lines):
    marker = "test_sk_MARKERMARKERMARKER"
    config = {**app.config, "PAY_SECRET_KEY": marker}
    client = Toss({**config, "PAY_CLIENT_KEY": "test_ck_x"})

    answer = client.confirm("order-000001", "some-payment-key", Money(100), "confirm:1")

    assert answer == Ours("UNAUTHORIZED_KEY")
    assert marker not in str(log_lines())
