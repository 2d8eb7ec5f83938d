"""Accounts, and premises with what belongs to them."""

from datetime import date, timedelta

from app.accounts.models import Account
from app.accounts.passwords import hasher, prepared
from app.supply.daily import DailyUse
from app.supply.models import (
    FileImport,
    Home,
    JoinedMeter,
    Meter,
    MeterFault,
    Occupancy,
    Pause,
    Premises,
    Reading,
    Reduction,
    SupplyChange,
)
from tests.make.base import LONG_AGO, START, create, numbers

CHEAP = (64, 1)
PASSPHRASE = "a long passphrase of the tests"


def account(password=PASSPHRASE, **values):
    """A customer who can sign in with `password`; nobody can when it is empty."""
    found = create(
        Account,
        values,
        email=f"person{next(numbers)}@example.com",
        name="김보기",
        password_hash="-",
        created_at=LONG_AGO,
        disabled_at=None,
    )
    if password and found.password_hash == "-":
        found.password_hash = password_hash(password)
        found.save()
    return found


def password_hash(password):
    return hasher(*CHEAP).hash(prepared(password))


def premises(**values):
    number = next(numbers)
    return create(
        Premises,
        values,
        number=f"{number:09d}",
        office="091",
        district="성북구",
        dong="가상1동",
        road_address=f"서울특별시 성북구 보기로 {number}, 101호 (가상 주소)",
        lot_address=f"서울특별시 성북구 가상동 {number}-1 (가상 주소)",
        postcode="02700",
        water_class="household",
        sewer_class="household",
        diameter_mm=15,
        households=1,
        billing_months=2,
        meter_place="현관 앞",
        started_on=START,
        dwellings=0,
        removed_on=None,
    )


def meter(**values):
    return create(
        Meter,
        values,
        premises=premises,
        installed_on=START,
        serial="가상-1",
        digits=4,
        start_m3=0,
        removed_on=None,
        final_m3=None,
    )


def occupancy(**values):
    return create(
        Occupancy,
        values,
        premises=premises,
        role="user",
        started_on=START,
        ended_on=None,
        name="김보기",
        billing_address="서울특별시 성북구 보기로 1 (가상 주소)",
    )


def reduction(**values):
    return create(
        Reduction,
        values,
        premises=premises,
        code="basic_livelihood",
        started_on=START,
        ended_on=None,
        value=1,
    )


def supply_change(**values):
    return create(
        SupplyChange,
        values,
        premises=premises,
        what="households",
        changed_on=START + timedelta(days=90),
        before="1",
    )


def pause(**values):
    return create(Pause, values, premises=premises, started_on=START, ended_on=None)


def meter_fault(**values):
    return create(MeterFault, values, premises=premises, found_on=START, mended_on=None)


def joined_meter(**values):
    return create(JoinedMeter, values, premises=premises, main=premises, kind="tap")


def file_import(**values):
    """A delivered file that has been imported to its end."""
    number = next(numbers)
    return create(
        FileImport,
        values,
        kind="readings",
        digest=f"{number:064d}",
        name=f"readings-{number}.csv",
        started_at=LONG_AGO,
        finished_at=LONG_AGO,
        lines=0,
        accepted=0,
        unchanged=0,
        rejected=0,
        rejects_bytes=0,
    )


def reading(**values):
    """What a meter showed; new premises get a meter too."""
    return create(
        Reading,
        values,
        premises=lambda: meter().premises,
        read_on=date(2026, 10, 28),
        reading_m3=120,
        kind="regular",
        source=file_import,
    )


def daily_use(**values):
    """What a remote meter says of a day; the night had an hour without flow."""
    return create(
        DailyUse,
        values,
        premises=premises,
        day=date(2026, 11, 18),
        litres=420,
        night_litres=0,
    )


def home(**values):
    """A premises that an account sees under a name of its own."""
    return create(
        Home,
        values,
        account=account,
        premises=premises,
        reference=f"H{next(numbers):09d}",
        name="우리집",
        role="holder",
        since_on=START,
        until_on=None,
    )
