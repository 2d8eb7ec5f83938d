"""Premises with their meters, readings and people; ownership and use keep their history."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Self

from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
    CharField,
    Check,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    SmallIntegerField,
)

from app import phones
from app.accounts.models import Account
from app.db import BaseModel, DayColumn, InstantColumn, is_postgres, one_of, rows
from app.sealed import LookupColumn, SealedColumn, lookup_hash


class UseClass(StrEnum):
    """업종: what the water is used for. Water and sewer have a class each."""

    HOUSEHOLD = "household"
    GENERAL = "general"
    BATH = "bath"


class ReadingKind(StrEnum):
    REGULAR = "regular"
    SELF = "self"
    REMOTE = "remote"
    FINAL = "final"
    ESTIMATED = "estimated"


class Premises(BaseModel):
    """수용가: one supply with one meter, known to people by its customer number."""

    number = CharField(9, unique=True, constraints=[Check("length(number) = 9")])
    office = CharField(3)
    district = CharField(20)
    dong = CharField(20)
    road_address = CharField(120, index=True)
    lot_address = CharField(120, index=True)
    postcode = CharField(5)
    water_class = CharField(10, constraints=[one_of("water_class", *UseClass)])
    sewer_class = CharField(10, constraints=[one_of("sewer_class", *UseClass)])
    diameter_mm = SmallIntegerField(constraints=[Check("diameter_mm > 0")])
    households = IntegerField(default=1, constraints=[Check("households > 0")])
    dwellings = IntegerField(default=0, constraints=[Check("dwellings >= 0")])
    billing_months = SmallIntegerField(
        default=2, constraints=[Check("billing_months = 1 OR billing_months = 2")]
    )
    meter_place = CharField(60, default="")
    supply_block = CharField(12, default="")
    started_on = DayColumn()
    removed_on = DayColumn(null=True)

    class Meta:
        table_name = "premises"

    @staticmethod
    def hold(ids: list[int]) -> None:
        """Let nobody else change what is owed for some premises until the transaction ends.

        SQLite has one writer anyway. To be asked before anything is read that the change rests on.
        """
        if is_postgres():
            rows(HOLD, (ids,))

    @classmethod
    def with_ids(cls, ids: Iterable[int]) -> "ModelSelect[Self]":
        key: Any = cls._meta.primary_key
        return cls.select().where(key.in_([*ids]))

    @classmethod
    def numbered(cls, number: str) -> "ModelSelect[Self]":
        return cls.select().where(cls.number == number)


HOLD = "SELECT id FROM premises WHERE id = ANY(?) ORDER BY id FOR NO KEY UPDATE"


class Meter(BaseModel):
    """A meter of a premises, from its installation to its removal."""

    premises = ForeignKeyField(Premises, backref="+", on_delete="RESTRICT", index=False)
    installed_on = DayColumn()
    serial = CharField(20)
    digits = SmallIntegerField(default=4, constraints=[Check("digits BETWEEN 3 AND 9")])
    start_m3 = IntegerField(default=0, constraints=[Check("start_m3 >= 0")])
    removed_on = DayColumn(null=True)
    final_m3 = IntegerField(null=True, constraints=[Check("final_m3 >= 0")])

    class Meta:
        table_name = "meters"
        primary_key = CompositeKey("premises", "installed_on")
        without_rowid = True

    @classmethod
    def of(cls, premises_id: int) -> "ModelSelect[Self]":
        return cls.select().where(cls.premises == premises_id).order_by(cls.installed_on)


class Occupancy(BaseModel):
    """Who owned or used a premises from when to when; both are liable for its bills."""

    premises = ForeignKeyField(Premises, backref="+", on_delete="RESTRICT", index=False)
    role = CharField(5, constraints=[one_of("role", "owner", "user")])
    started_on = DayColumn()
    ended_on = DayColumn(null=True)
    name = CharField(60, index=True)
    billing_address = CharField(160)
    email = CharField(254, default="")
    phone = SealedColumn(200, default="")
    phone_hash = LookupColumn("phone", default="")

    class Meta:
        table_name = "occupancies"
        primary_key = CompositeKey("premises", "role", "started_on")
        without_rowid = True
        constraints = [Check("ended_on IS NULL OR ended_on >= started_on")]  # noqa: RUF012

    @staticmethod
    def with_phone(typed: str) -> dict[str, str]:
        """The columns of a telephone number, which change together."""
        phone = phones.stored(typed) or typed
        return {"phone": phone, "phone_hash": lookup_hash(phone)}


for field in (Occupancy.email, Occupancy.phone_hash):
    there = SQL(f"{field.column_name} <> ''")
    Occupancy.add_index(Occupancy.index(field, name=f"occupancy_{field.column_name}", where=there))


class Reduction(BaseModel):
    """A discount or reduction that a premises was granted, by the codes of the tariff.

    `started_on` is the day of the application, `ended_on` of its end. `value` is how many
    households it concerns, the m3 that leaked, or whatever else its rule in the tariff counts.
    """

    premises = ForeignKeyField(Premises, backref="+", on_delete="RESTRICT", index=False)
    code = CharField(20)
    started_on = DayColumn()
    ended_on = DayColumn(null=True)
    value = IntegerField(default=1, constraints=[Check("value > 0")])

    class Meta:
        table_name = "reductions"
        primary_key = CompositeKey("premises", "code", "started_on")
        without_rowid = True


class SupplyChange(BaseModel):
    """What a premises was before a day on which it changed; the premises' row says what it is."""

    premises = ForeignKeyField(Premises, backref="+", on_delete="RESTRICT", index=False)
    what = CharField(
        11,
        constraints=[
            one_of("what", "water_class", "sewer_class", "households", "dwellings", "diameter_mm")
        ],
    )
    changed_on = DayColumn()
    before = CharField(10)

    class Meta:
        table_name = "supply_changes"
        primary_key = CompositeKey("premises", "what", "changed_on")
        without_rowid = True


class Pause(BaseModel):
    """급수중지: days without supply, from the first to the last; no base charge for them."""

    premises = ForeignKeyField(Premises, backref="+", on_delete="RESTRICT", index=False)
    started_on = DayColumn()
    ended_on = DayColumn(null=True)

    class Meta:
        table_name = "pauses"
        primary_key = CompositeKey("premises", "started_on")
        without_rowid = True
        constraints = [Check("ended_on IS NULL OR ended_on >= started_on")]  # noqa: RUF012


class MeterFault(BaseModel):
    """A meter that counts wrongly or not at all: until it is mended, use is estimated."""

    premises = ForeignKeyField(Premises, backref="+", on_delete="RESTRICT", index=False)
    found_on = DayColumn()
    mended_on = DayColumn(null=True)

    class Meta:
        table_name = "meter_faults"
        primary_key = CompositeKey("premises", "found_on")
        without_rowid = True
        constraints = [Check("mended_on IS NULL OR mended_on >= found_on")]  # noqa: RUF012


class JoinedMeter(BaseModel):
    """A meter with a customer number of its own whose use is billed with another premises.

    `tap` adds to the use, `ground` only to what goes into the sewer, `drained` (groundwater that
    runs off unused) likewise, but is free below a limit.
    """

    premises = ForeignKeyField(Premises, backref="+", on_delete="RESTRICT", primary_key=True)
    main = ForeignKeyField(Premises, backref="+", on_delete="RESTRICT")
    kind = CharField(7, constraints=[one_of("kind", "tap", "ground", "drained")])

    class Meta:
        table_name = "joined_meters"
        without_rowid = True
        constraints = [Check("premises_id <> main_id")]  # noqa: RUF012


class Home(BaseModel):
    """A premises that an account may see, under a name of the customer's own, for a time."""

    id = AutoField()
    account = ForeignKeyField(Account, backref="+", on_delete="CASCADE")
    account_id: int
    premises = ForeignKeyField(Premises, backref="+", on_delete="RESTRICT")
    premises_id: int
    reference = CharField(12, unique=True)
    name = CharField(30)
    role = CharField(6, constraints=[one_of("role", "holder", "payer", "viewer")])
    since_on = DayColumn()
    until_on = DayColumn(null=True)
    level = SmallIntegerField(default=1, constraints=[Check("level BETWEEN 1 AND 3")])
    """How the link was proved: 1 a bill's paper, 2 a code to the contact on file, 3 staff."""
    tenancy = CharField(5, default="user", constraints=[one_of("tenancy", "user", "owner")])
    """Whose time it is: a user's ends with their move, an owner's does not."""
    calendars = IntegerField(default=0)  # how often its calendar got another secret address

    class Meta:
        table_name = "homes"
        indexes = ((("account", "premises", "since_on"), True),)
        constraints = [Check("until_on IS NULL OR until_on >= since_on")]  # noqa: RUF012


class FileImport(BaseModel):
    """How far a file has been imported; the same content is known by its digest."""

    id = AutoField()
    kind = CharField(10)
    digest = CharField(64)
    name = CharField(200)
    started_at = InstantColumn()
    finished_at = InstantColumn(null=True)
    lines = BigIntegerField(default=0)
    accepted = BigIntegerField(default=0)
    unchanged = BigIntegerField(default=0)
    rejected = BigIntegerField(default=0)
    rejects_bytes = BigIntegerField(default=0)

    class Meta:
        table_name = "file_imports"
        indexes = ((("kind", "digest"), True),)

    @classmethod
    def begin(cls, kind: str, digest: str, name: str, at: object) -> Self:
        """The row of this content, new or as an interrupted import left it."""
        found = cls.get_or_none((cls.kind == kind) & (cls.digest == digest))
        return found or cls.create(kind=kind, digest=digest, name=name[-200:], started_at=at)

    def start_again(self) -> None:
        """Count from the first line again; rows that are there already count as unchanged."""
        self.finished_at = None
        self.lines = self.accepted = self.unchanged = self.rejected = self.rejects_bytes = 0


class Reading(BaseModel):
    """What a meter showed on a day."""

    premises = ForeignKeyField(Premises, backref="+", on_delete="RESTRICT", index=False)
    read_on = DayColumn()
    reading_m3 = IntegerField(constraints=[Check("reading_m3 >= 0")])
    kind = CharField(9, constraints=[one_of("kind", *ReadingKind)])
    source = ForeignKeyField(FileImport, backref="+", on_delete="RESTRICT", index=False)

    class Meta:
        table_name = "readings"
        primary_key = CompositeKey("premises", "read_on")
        without_rowid = True


Reading.add_index(
    Reading.index(Reading.premises, Reading.read_on, name="reading_final").where(
        Reading.kind == ReadingKind.FINAL
    )
)
