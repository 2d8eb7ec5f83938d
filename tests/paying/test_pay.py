"""Paying online as a resident: by card, by deposit, as a guest, twice, late, and not at all."""

import pytest

from app import clock
from app.billing.paid import owed_of
from app.payments import gate
from app.payments.models import Attempt, State
from tests import make, outbox


def test_a_bill_is_chosen_paid_by_card_and_receipted(payer):
    client = payer.client
    assert "온라인 납부" in client.get("/bills/").text
    assert f"{payer.home.reference}.2026-11" in client.get("/pay/").text

    order = payer.pay(payer.path)

    page = client.get(f"/payments/result/{order}").text
    assert "냈습니다" in page
    assert f'href="/pay/receipts/{order}"' in page
    receipt = client.get(f"/pay/receipts/{order}")
    assert receipt.status_code == 200
    assert owed_of(payer.home.premises.get_id()) == []
    assert [one.kind for one in outbox.queued()] == ["payment_received"]
    payer.counter.agree()


def test_several_bills_and_arrears_are_one_payment(payer):
    make.bill(premises=payer.home.premises, month="2026-09", due_on=make.START)
    names = "&".join(f"bill={payer.home.reference}.{month}" for month in ("2026-09", "2026-11"))

    order = payer.pay(f"/pay/method?{names}")

    assert Attempt.of_order(order).state == State.PAID
    assert owed_of(payer.home.premises.get_id()) == []
    payer.counter.agree()


def test_reload_back_and_two_tabs_change_nothing(payer):
    order = payer.order(payer.choose(payer.path))
    back = payer.yes(order)

    answers = [payer.client.get(back) for _ in range(5)]

    assert {answer.location for answer in answers} == {f"/payments/result/{order}"}
    assert payer.counter.money(Attempt.of_order(order))["charges"] == 1
    assert payer.client.get(f"/pay/window/{order}").location == f"/payments/result/{order}"
    assert len(outbox.queued("payment_received")) == 1
    payer.counter.agree()


def test_a_double_click_is_one_attempt(payer):
    from tests.markup import Page

    form = Page(payer.client.get(payer.path).text).form()
    data = {**form, "channel": "card", "bank": "20"}

    first, second = (payer.client.post(payer.path, data=data) for _ in range(2))

    assert first.location == second.location
    assert Attempt.select().count() == 1


@pytest.mark.parametrize("amount", ["1", "0", "-31690", "99999999", "x", ""])
def test_another_sum_than_was_shown_opens_nothing(payer, amount):
    answer = payer.choose(payer.path, shown=amount)

    assert answer.status_code == 422
    assert Attempt.select().count() == 0


def test_an_edited_amount_on_the_way_back_pays_nothing(payer):
    order = payer.order(payer.choose(payer.path))
    back = payer.yes(order)
    changed = back.rsplit("=", 1)[0] + "=100"

    payer.client.get(changed)

    assert Attempt.of_order(order).state != State.PAID
    assert payer.counter.money(Attempt.of_order(order))["charged"] == 0
    assert "승인하지 않았습니다" in payer.client.get(f"/payments/result/{order}").text


def test_an_account_takes_the_deposit_and_the_page_says_so(payer):
    answer = payer.choose(payer.path, channel="deposit")
    order = payer.order(answer)

    page = payer.client.get(answer.location).text
    assert "입금을 기다립니다" in page
    assert Attempt.of_order(order).account_number in page
    payer.counter.deposit(Attempt.of_order(order))
    payer.counter.notify()
    payer.counter.sweep()
    page = payer.client.get(answer.location).text

    assert "냈습니다" in page
    kinds = [one.kind for one in outbox.queued()]
    assert kinds == ["deposit_wanted", "payment_received"]
    payer.counter.agree()


def test_asking_for_an_account_again_shows_the_same_one(payer):
    first = payer.choose(payer.path, channel="deposit")
    second = payer.choose(payer.path, channel="deposit")

    assert first.location == second.location


def test_an_account_that_is_not_wanted_takes_nothing_any_more(payer):
    order = payer.order(payer.choose(payer.path, channel="deposit"))
    result = f"/payments/result/{order}"

    payer.client.submit(result, f"/pay/{order}/account/closure")

    assert Attempt.of_order(order).state == State.CANCELLED
    assert payer.counter.deposit(Attempt.of_order(order)) != "taken"
    payer.counter.agree()


def test_while_the_outcome_is_unknown_nobody_pays_again(payer):
    order = payer.order(payer.choose(payer.path))
    back = payer.yes(order)
    payer.counter.fault("reset_after", next=9)
    payer.client.get(back)

    page = payer.client.get(f"/payments/result/{order}").text
    again = payer.choose(payer.path)

    assert "확인하고 있습니다" in page
    assert again.status_code == 422
    assert f"/payments/result/{order}" in again.text


def test_the_fail_address_is_no_authority(payer):
    order = payer.order(payer.choose(payer.path))
    back = payer.yes(order)

    payer.client.get(f"/payments/fail?code=PAY_PROCESS_CANCELED&orderId={order}")
    payer.client.get(back)

    assert Attempt.of_order(order).state == State.PAID


def test_another_session_settles_but_sees_nothing(payer, app):
    order = payer.order(payer.choose(payer.path))
    stranger = app.test_client()

    answer = stranger.get(payer.yes(order))
    page = stranger.get(answer.location).text

    assert Attempt.of_order(order).state == State.PAID
    assert order not in page
    assert "31,690" not in page
    assert stranger.get(f"/pay/window/{order}").status_code == 404


def test_anothers_bill_or_a_viewers_cannot_be_chosen(payer, sign_in):
    stranger = sign_in(make.account())
    assert stranger.get(payer.path).location == "/pay/"
    viewer = sign_in(make.account())
    seen = make.home(account=viewer.account, premises=payer.home.premises, role="viewer")

    assert viewer.get(f"/pay/method?bill={seen.reference}.2026-11").location == "/pay/"
    assert seen.reference not in viewer.get("/pay/").text


def test_a_former_tenant_pays_no_newer_bill(payer, sign_in):
    former = sign_in(make.account())
    home = make.home(
        account=former.account,
        premises=payer.home.premises,
        role="holder",
        since_on=make.START,
        until_on=payer.bill.from_on,
    )

    assert former.get(f"/pay/method?bill={home.reference}.2026-11").location == "/pay/"


@pytest.mark.parametrize(
    "name", ["", "x", "../../x", "ABCDEFGHJK.2026-11", "' OR 1=1 --.2026-11", "가.2026-11"]
)
def test_names_of_nothing_lead_back_to_the_list(payer, name):
    answer = payer.client.get("/pay/method", query_string={"bill": name})

    assert answer.location == "/pay/"


def test_closed_payments_open_nothing_and_say_so(payer):
    gate.close("점검", "시험", clock.now())

    assert "지금은 온라인 납부를 받지 않습니다" in payer.client.get("/pay/").text
    assert payer.choose(payer.path).status_code == 422
    assert Attempt.select().count() == 0


def test_only_the_window_page_lets_the_gateway_in(payer, app, monkeypatch):
    order = payer.order(payer.choose(payer.path))
    here = payer.client.get(f"/pay/window/{order}").headers["Content-Security-Policy"]
    elsewhere = payer.client.get("/pay/").headers["Content-Security-Policy"]

    assert payer.counter.emulator.url in here
    assert "form-action 'self';" in f"{elsewhere};"
    assert payer.counter.emulator.url not in elsewhere


def test_with_real_keys_the_window_is_the_gateways_script(payer, app, monkeypatch):
    from app.payments import gateway, keys

    order = payer.order(payer.choose(payer.path))
    monkeypatch.setitem(app.config, "PAY_URL", keys.REAL)
    app.extensions.pop("gateway", None)
    answer = payer.client.get(f"/pay/window/{order}")
    app.extensions.pop("gateway", None)

    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self' https://js.tosspayments.com" in policy
    assert "unsafe" not in policy
    assert 'src="https://js.tosspayments.com/v2/standard"' in answer.text
    assert gateway


def test_an_english_receipt_is_english(payer):
    order = payer.pay(payer.path)

    page = payer.client.get(f"/pay/receipts/{order}?lang=en").text

    assert "<dt>Payer</dt>" in page
    assert "<dd>Arisu customer centre</dd>" in page
