"""Look-ups, documents, and counters of tries."""

import json

from app.documents.models import Document
from app.limits import Limit
from app.lookup.models import Lookup
from tests.make.base import LONG_AGO, create, numbers
from tests.make.supply import account, premises


def limit(**values):
    """A counter of failures."""
    return create(Limit, values, kind="test", name="all", ends_at=LONG_AGO, count=1)


def lookup(**values):
    """A looked-up bill."""
    return create(
        Lookup,
        values,
        reference=f"LKUP{next(numbers):016d}",
        browser_hash="-",
        premises=premises,
        month="2026-11",
        revision=0,
        expires_at=LONG_AGO,
    )


def document(**values):
    """An issued document, of a kind that says little."""
    return create(
        Document,
        values,
        number=f"D{next(numbers):011d}",
        code="ABCDEFGHJK",
        kind="usage",
        account=account,
        premises=premises,
        issued_at=LONG_AGO,
        shown=USAGE,
    )


USAGE = json.dumps(
    {
        "number": "012345678",
        "address": "서울특별시 성북구 보기로 1, 101호 (가상 주소)",
        "name": "김보기",
        "bills": [["2026-11", 0]],
        "texts": {
            language: {"period": "2026", "rows": [["11", "1 – 2", "24㎥"]], "total": "24㎥"}
            for language in ("ko", "en")
        },
    }
)
