"""Rows with a default for every field: `make.bill(usage_m3=30)`. They need the fixture `db`."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from app import clock
from app.accounts.models import Account, hasher, prepared
from app.bills.models import Bill, BillLine
from app.bills.run import due_date
from app.db import database
from app.supply.models import FileImport, Home, Meter, Occupancy, Premises, Reading, Reduction
from app.tariff.engine import Terms, charge
from app.tariff.table import Period, seoul

CHEAP = (64, 1)
PASSPHRASE = "a long passphrase of the tests"
LONG_AGO = datetime(2024, 1, 2, tzinfo=UTC)
START = date(2023, 11, 28)
numbers = count(1)


def create(model, given, **defaults):
    """Store a row; a default that is a function is called when nothing else was given."""
    if not database.in_transaction():
        raise RuntimeError("A test that makes rows asks for the fixture `db` (or `client`).")
    missing = {name: value for name, value in defaults.items() if name not in given}
    row = {name: value() if callable(value) else value for name, value in missing.items()}
    return model.create(**row, **given)


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
        paused_on=None,
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
    )


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


def bill(month="2026-11", usage_m3=24, months=2, paid=False, lines=True, **values):
    """A bill with the amounts and lines of the tariff; `paid` two days before it was due."""
    place = values.pop("premises", None) or premises()
    start = clock.first_day(clock.add_months(month, -months)) - timedelta(days=3)
    terms = {
        "premises": place,
        "month": month,
        "months": months,
        "usage_m3": usage_m3,
        "from_on": start,
        "to_on": clock.first_day(month) - timedelta(days=3),
        "households": place.households,
        "diameter_mm": place.diameter_mm,
        "water_class": place.water_class,
        "sewer_class": place.sewer_class,
        "due_on": due_date(month),
        **values,
    }
    found = charged(terms)
    made = create(
        Bill,
        terms,
        revision=0,
        code="ABCDEFGHJK",
        previous_m3=1000,
        current_m3=1000 + usage_m3,
        reading_kind="regular",
        water=found.water,
        sewer=found.sewer,
        levy=found.levy,
        total=found.total,
        issued_on=clock.first_day(month).replace(day=12),
        paid_at=noon(terms["due_on"] - timedelta(days=2)) if paid else None,
    )
    for position, line in enumerate(found.lines if lines else ()):
        row = line._asdict()
        bill_line(bill=made, position=position, rate_key=row.pop("key"), **row)
    return made


def noon(day):
    return datetime.combine(day, time(12), clock.SEOUL)


def charged(terms):
    """What the tariff makes of a bill's terms."""
    names = ("water_class", "sewer_class", "diameter_mm", "households")
    period = Period(terms["month"], terms["from_on"], terms["to_on"], terms["months"])
    return charge(seoul(), Terms(*(terms[name] for name in names)), period, terms["usage_m3"])


def bill_line(**values):
    """A line; `bill` is the bill it stands on."""
    of = values.pop("bill", None) or bill(lines=False)
    return create(
        BillLine,
        values,
        premises=of.premises_id,
        month=of.month,
        revision=of.revision,
        position=0,
        part="water",
        kind="usage",
        quantity=240,
        rate=580,
        days=61,
        of_days=61,
        amount=13_920,
        rate_key="",
    )
