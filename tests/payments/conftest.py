"""The counter at which these tests pay, and payments that can be given back."""

import pytest

from app import clock
from app.billing.paid import align
from app.payments.models import Payment
from tests import make, pay

counter, emulator = pay.counter, pay.emulator


@pytest.fixture
def paid(counter):
    """A paid bill, and its payment."""
    bill = make.bill()
    attempt = counter.pay(bill)
    return attempt, Payment.of(attempt.id)


@pytest.fixture
def extra(counter):
    """A payment of which 10,000 won and more are a credit: its bill was corrected."""
    bill = make.bill()
    attempt = counter.pay(bill)
    make.bill(premises=bill.premises, revision=1, usage_m3=10, paid_before=bill.total)
    align(bill.premises_id, bill.month, "test", clock.now())
    return attempt, Payment.of(attempt.id), bill
