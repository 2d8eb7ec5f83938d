"""Bills, and what goes with those that were late, wrong or too much at once."""

from datetime import date, timedelta

from app import clock
from app.billing.models import Correction, Instalment, LateFee
from app.billing.periods import due_date
from app.bills.models import Bill, encoded
from app.bills.similar import SimilarUse
from app.tariff.engine import Terms, charge
from app.tariff.table import Period, seoul
from tests.make.base import LONG_AGO, create, noon
from tests.make.supply import premises


def bill(month="2026-11", usage_m3=24, months=2, paid=False, **values):
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
    return create(
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
        discount=found.discount,
        late_fee=0,
        total=found.total,
        arrears=0,
        paid_before=0,
        issued_on=clock.first_day(month).replace(day=12),
        paid_at=noon(terms["due_on"] - timedelta(days=2)) if paid else None,
        lines=encoded(found.lines),
    )


def charged(terms):
    """What the tariff makes of a bill's terms."""
    names = ("water_class", "sewer_class", "diameter_mm", "households")
    period = Period(terms["month"], terms["from_on"], terms["to_on"], terms["months"])
    return charge(seoul(), Terms(*(terms[name] for name in names)), period, terms["usage_m3"])


def similar_use(**values):
    """Forty homes of one household in one district, 12 m3 each."""
    return create(
        SimilarUse,
        values,
        month="2026-11",
        district="성북구",
        size=1,
        homes=40,
        tenths=4800,
    )


def late_fee(**values):
    return create(
        LateFee,
        values,
        premises=premises,
        month="2026-07",
        charged_in="2026-09",
        unpaid=31_680,
        days=31,
        amount=950,
    )


def correction(**values):
    """The note beside a corrected bill."""
    of = values.pop("bill", None) or bill(revision=1)
    return create(
        Correction,
        values,
        premises=of.premises_id,
        month=of.month,
        revision=of.revision,
        reason="지침을 잘못 읽음",
        made_by="보기 담당",
        made_at=LONG_AGO,
        difference=-1_000,
        wanted="{}",
        proposal="refund",
    )


def instalment(**values):
    return create(
        Instalment,
        values,
        premises=premises,
        month="2026-09",
        position=1,
        due_on=date(2026, 10, 31),
        amount=10_000,
        agreed_by="보기 담당",
        agreed_at=LONG_AGO,
        paid_at=None,
    )
