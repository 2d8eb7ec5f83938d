"""What a tariff file may say of readings is what readings are."""

from app.supply.models import ReadingKind
from app.tariff import fields


def test_the_tariff_knows_every_kind_of_reading():
    assert set(fields.READINGS) == {kind.value for kind in ReadingKind}
