"""Issued documents: what each said on its day, for its owner and for whoever is shown the paper."""

import hmac
import json
from datetime import datetime, time
from enum import StrEnum
from functools import cached_property
from typing import Any, Self

from peewee import AutoField, CharField, ForeignKeyField, ModelSelect, TextField

from app import references
from app.accounts.models import Account
from app.clock import SEOUL
from app.db import BaseModel, InstantColumn, one_of, rows, writing
from app.supply.models import Premises

NUMBER, CODE = 12, 10
NO_CODE = "0" * CODE  # no document's code: 0 is not in the alphabet
NEWEST = """
SELECT month, max(revision) FROM bills WHERE premises_id = ? AND month BETWEEN ? AND ?
GROUP BY month
"""


class Kind(StrEnum):
    BILL = "bill"
    PAYMENT = "payment"
    USAGE = "usage"


class Document(BaseModel):
    """One document. `shown` is JSON: facts, and the texts in each language as they were said."""

    id = AutoField()
    number = CharField(NUMBER, unique=True)
    code = CharField(CODE)
    kind = CharField(7, constraints=[one_of("kind", *Kind)])
    account = ForeignKeyField(Account, backref="+", on_delete="CASCADE")
    premises = ForeignKeyField(Premises, backref="+", on_delete="RESTRICT")
    issued_at = InstantColumn()
    shown = TextField()

    class Meta:
        table_name = "documents"

    @classmethod
    def of(cls, account: Account) -> "ModelSelect[Self]":
        """An account's documents, newest first; they stay after a move."""
        return cls.select().where(cls.account == account).order_by(cls.id.desc())

    @classmethod
    def issue(
        cls, kind: Kind, account: Account, premises_id: int, content: dict[str, Any], at: datetime
    ) -> Self:
        """A new document, or the one of the same day that says exactly the same."""
        shown = json.dumps(content, ensure_ascii=False, sort_keys=True)
        day = datetime.combine(at.astimezone(SEOUL), time(), SEOUL)
        same = (cls.premises == premises_id) & (cls.kind == kind) & (cls.shown == shown)
        with writing():
            found = cls.of(account).where(same & (cls.issued_at >= day)).first()
            return found or cls.create(
                number=references.new(NUMBER),
                code=references.new(CODE),
                kind=kind,
                account=account,
                premises=premises_id,
                issued_at=at,
                shown=shown,
            )

    @classmethod
    def genuine(cls, number: str, code: str) -> Self | None:
        """The document of this number, when this code is printed on it; equally slow when none."""
        found = cls.get_or_none(cls.number == number)
        printed = found.code if found else NO_CODE
        return found if hmac.compare_digest(printed.encode(), code.encode()) else None

    @cached_property
    def content(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.shown)
        return found

    def superseded(self) -> list[str]:
        """Months of which there is a newer bill than the one that this document was made from."""
        made_from = {month: revision for month, revision in self.content["bills"]}
        premises_id: int = self.premises_id  # type: ignore[attr-defined]
        newest = dict(rows(NEWEST, (premises_id, min(made_from), max(made_from))))
        return sorted(m for m, revision in made_from.items() if newest.get(m, 0) > revision)
