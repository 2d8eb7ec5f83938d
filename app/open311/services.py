"""The kinds of complaints that other programs may report, as GeoReport services."""

from datetime import UTC, datetime

from app.complaints import kinds
from app.complaints.kinds import Question, Type
from app.open311.spark import Value

DATATYPES = {"choice": "singlevaluelist", "text": "text", "number": "number", "date": "datetime"}


def offered() -> dict[str, Type]:
    """Kinds about a public place that anybody may report, by code."""
    return {code: one for code, one in kinds.types().items() if one.public and not one.account}


def changed_at() -> datetime:
    """When a kind was written last: programs that know the services ask again."""
    last = max(path.stat().st_mtime for path in kinds.FOLDER.glob("*.yaml"))
    return datetime.fromtimestamp(last, UTC)


def service(one: Type) -> dict[str, Value]:
    return {
        "service_code": one.code,
        "service_name": one.name,
        "description": one.about,
        "metadata": bool(one.questions),
        "type": "realtime",
        "keywords": one.keywords,
        "group": str(kinds.GROUPS[one.group]),
    }


def definition(one: Type) -> dict[str, Value]:
    """The questions of a kind; of one without any an empty list."""
    asked = [attribute(question, order) for order, question in enumerate(one.questions, 1)]
    return {"service_code": one.code, "attributes": asked}


def attribute(one: Question, order: int) -> dict[str, Value]:
    found: dict[str, Value] = {
        "variable": True,
        "code": one.code,
        "datatype": DATATYPES[one.kind],
        "required": one.required,
        "datatype_description": None,
        "order": order,
        "description": kinds.said(one.label),
    }
    if one.choices:
        found["values"] = [
            {"key": code, "name": kinds.said(label)} for code, label in one.choices.items()
        ]
    return found
