"""The addresses that the gateway sends browsers and notices to."""

import json

import pytest

from app import clock
from app.payments.models import Attempt, Payer, State
from app.payments.records import GatewayEvent
from app.payments.views import window
from tests import make
from tests.sandbox import published


@pytest.fixture
def mine(counter, signed_in):
    """An attempt of the customer who is signed in, and the key that the window gave."""
    bill = make.bill()
    attempt = counter.open(bill, payer=Payer.of(signed_in.account))
    attempt.key = counter.authenticate(attempt)
    return attempt


def success(client, attempt, **changes):
    given = {"paymentKey": attempt.key, "orderId": attempt.order_id, "amount": "31680"}
    return client.get("/payments/success", query_string={**given, **changes})


def main(answer):
    return answer.text.split("<main", 1)[1].split("</main>")[0]


def result(client, attempt):
    return client.get(f"/payments/result/{attempt.order_id}")


def test_the_way_back_ends_on_a_page_that_can_be_loaded_again(counter, signed_in, mine):
    answer = success(signed_in, mine)

    assert (answer.status_code, answer.location) == (303, f"/payments/result/{mine.order_id}")
    texts = {main(result(signed_in, mine)) for _ in range(3)}
    assert len(texts) == 1
    assert "냈습니다" in texts.pop()
    assert counter.money(mine)["charges"] == 1


def test_a_stranger_who_brings_a_payment_back_pays_the_right_bill_and_sees_nothing(
    counter, client, signed_in, mine
):
    """S-41: the browser of a telephone's card app is another one."""
    answer = success(client, mine)

    assert answer.status_code == 303
    assert counter.fresh(mine).state == State.PAID
    page = client.get(answer.location)
    assert page.status_code == 200
    for word in ("31,680", "2026년 11월", mine.order_id, "냈습니다"):
        assert word not in main(page)
    assert "냈습니다" in result(signed_in, mine).text


def test_another_customer_sees_nothing_either(counter, sign_in, mine):
    assert "31,680" not in result(sign_in(make.account()), mine).text


def test_a_guest_sees_the_result_in_the_browser_that_began(counter, client):
    with client.session_transaction() as session:
        session["browser"] = "word"
    attempt = counter.open(make.bill(), payer=Payer.guest("word", "", "ko"))
    attempt.key = counter.authenticate(attempt)

    success(client, attempt)

    assert "31,680원" in result(client, attempt).text


def test_an_order_that_nobody_made_is_not_there(client, counter):
    given = {"paymentKey": "some-payment-key", "orderId": "NOBODY", "amount": "100"}

    assert client.get("/payments/success", query_string=given).status_code == 404
    assert client.get("/payments/result/NOBODY").status_code == 404
    assert client.get("/payments/success").status_code == 404


def test_the_failure_address_changes_nothing(counter, client, signed_in, mine):
    """S-42: anybody can open it, also for a payment that goes well."""
    given = {"code": "PAY_PROCESS_ABORTED", "message": "<b>x</b>", "orderId": mine.order_id}

    for visitor in (client, signed_in):
        answer = visitor.get("/payments/fail", query_string=given)
        assert answer.location == f"/payments/result/{mine.order_id}"
    assert counter.fresh(mine).state == State.CREATED
    success(signed_in, mine)
    assert counter.fresh(mine).state == State.PAID


def test_a_cancelled_window_without_an_order_is_told_that_nothing_was_taken(client, counter):
    answer = client.get("/payments/fail", query_string={"code": "PAY_PROCESS_CANCELED"})

    assert answer.status_code == 200
    assert "빠져나간 돈은 없습니다" in answer.text


def test_what_the_gateway_says_is_never_shown(client, counter):
    given = {"code": "<script>", "message": "<script>alert(1)</script>", "orderId": "<script>"}

    text = client.get("/payments/fail", query_string=given).text

    assert "alert(1)" not in text


@pytest.mark.parametrize(
    ("state", "reason", "said"),
    [
        ("unknown", "", "결제를 확인하고 있습니다"),
        ("confirming", "", "다시 결제하지 말고"),
        ("waiting", "", "입금을 기다립니다"),
        ("reversed", "", "은행이 입금을 되돌렸습니다"),
        ("declined", "card", "다른 카드로 해 보십시오"),
        ("declined", "limit", "한도를 넘었습니다"),
        ("declined", "tampered", "처음과 달라"),
        ("cancelled", "replaced", "다른 창에서"),
        ("expired", "expired", "결제 시간이 지났습니다"),
        ("refunded", "", "돌려드렸습니다"),
    ],
)
def test_what_is_said_of_each_state(counter, signed_in, mine, state, reason, said):
    Attempt.update(state=state, reason=reason, account_number="X65").where(
        Attempt.id == mine.id
    ).execute()

    text = result(signed_in, mine).text

    assert said in text
    assert ("새로 고침" in text) == (state in ("unknown", "confirming", "waiting"))
    assert result(signed_in, mine).status_code == 200


def test_the_account_is_shown_to_its_payer(counter, signed_in):
    attempt = counter.account(make.bill(), payer=Payer.of(signed_in.account))

    text = result(signed_in, attempt).text

    assert attempt.account_number in text
    assert "2026. 12. 3. 23:59" in text


def test_results_are_in_english_too(counter, signed_in, mine):
    success(signed_in, mine)

    text = signed_in.get(f"/payments/result/{mine.order_id}?lang=en").text

    assert "We have received your payment." in text


def test_the_pages_are_kept_by_nobody(counter, signed_in, mine):
    for answer in (success(signed_in, mine), result(signed_in, mine)):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"


def test_what_the_window_is_opened_with(counter, app, mine):
    with app.test_request_context():
        given = window(mine)

    assert given["amount"] == given["taxFreeAmount"] == "31680"
    assert given["successUrl"] == "http://127.0.0.1:8000/payments/success"
    assert given["page"] == f"{counter.emulator.url}/window"
    assert counter.fresh(mine).state == State.OPENED
    assert not any("sk_" in str(value) for value in given.values())


# notices


def post(client, body, name="id-1", **more):
    headers = {"tosspayments-webhook-transmission-id": name, **more}
    return client.post("/hooks/payments", data=body, headers=headers)


def test_a_notice_is_taken_without_a_form_token_and_answered_at_once(counter, client, mine):
    body = json.dumps({**published.CHANGED, "data": {"orderId": mine.order_id}})

    answer = post(client, body, Origin="https://elsewhere.example")

    assert (answer.status_code, answer.data) == (200, b"")
    assert GatewayEvent.get().attempt_id == mine.id
    assert counter.fresh(mine).state == State.CREATED


@pytest.mark.parametrize("body", [b"", b"\xff\x00\xfe", b"[]", b"{", b"\x00" * 1000])
def test_whatever_comes_is_answered_the_same(counter, client, body):
    """F-40: also nothing at all."""
    assert (post(client, body).status_code, GatewayEvent.select().count()) == (200, 1)


def test_a_notice_of_ten_megabytes_is_not_read(counter, client):
    """F-15."""
    assert post(client, b"x" * (10 * 2**20)).status_code == 413
    assert GatewayEvent.select().count() == 0


def test_a_large_notice_that_calls_itself_an_upload_is_not_read_either(counter, client):
    kind = "multipart/form-data; boundary=x"

    answer = client.post("/hooks/payments", data=b"x" * 100_000, content_type=kind)

    assert answer.status_code == 413
    assert GatewayEvent.select().count() == 0


def test_a_notice_is_no_page(client, counter):
    assert client.get("/hooks/payments").status_code == 405


def test_notices_are_stored_with_the_moment_when_they_came(counter, client):
    post(client, b"{}")

    assert GatewayEvent.get().received_at == clock.now()
