"""What staff type of an outage when nobody can commit its file by hand."""

import re
from datetime import datetime, timedelta
from typing import Any

from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app.clock import SEOUL
from app.forms import AtMost, Form, LongTextField, Required, TextField
from app.language import _, later
from app.outages import composed, phrases
from app.outages.record import Kind, Outage, State
from app.supply.offices import offices

MOMENTS = {"from_at": "from", "to_at": "to"}
ACTUAL = {"actual_from": "actual_from", "actual_to": "actual_to"}
HEADQUARTERS = "headquarters"
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def local_moment(form: Any, field: Any) -> None:
    if field.data and moment(field.data) is None:
        raise ValidationError(_("2026-11-30 23:00처럼 날짜와 시각을 넣어 주십시오."))


def moment(text: str) -> datetime | None:
    """A typed moment of Seoul."""
    try:
        found = datetime.fromisoformat(text.replace(" ", "T"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=SEOUL)


def typed(value: datetime | None) -> str:
    return f"{value.astimezone(SEOUL):%Y-%m-%dT%H:%M}" if value else ""


class OutageForm(Form):
    """All fields of a file, and one new line of what has changed."""

    base = HiddenField()
    title = TextField(later("제목"), [Required(later("제목을 넣어 주십시오."))])
    title_en = TextField(later("영어 제목(선택)"))
    kind = SelectField(later("종류"))
    state = SelectField(later("상태"))
    from_at = TextField(later("시작"), [Required(later("시작을 넣어 주십시오.")), local_moment])
    to_at = TextField(later("끝(예정)"), [Required(later("끝을 넣어 주십시오.")), local_moment])
    actual_from = TextField(later("실제로 끊긴 때(선택)"), [local_moment])
    actual_to = TextField(later("실제로 다시 나온 때(선택)"), [local_moment])
    places = LongTextField(
        later("지역"),
        [
            Required(later("지역을 한 줄에 하나씩 넣어 주십시오.")),
            AtMost(4000, later("4,000자까지 쓸 수 있습니다.")),
        ],
    )
    note = TextField(later("지역에 덧붙일 말(선택)"))
    cause = TextField(later("까닭"), [Required(later("까닭을 넣어 주십시오."))])
    cause_en = TextField(later("영어 까닭(선택)"))
    office = SelectField(later("사업소"))
    households = TextField(later("가구 수(선택)"))
    relief = LongTextField(
        later("물 받는 곳(선택)"), [AtMost(2000, later("2,000자까지 쓸 수 있습니다."))]
    )
    quality_after = TextField(later("그 뒤의 물(선택)"))
    said = TextField(later("바뀐 일을 알리는 말"))
    said_en = TextField(later("영어로 알리는 말(선택)"))

    def __init__(self, allowed: tuple[str, ...], **options: Any) -> None:
        super().__init__(**options)
        self.kind.choices = [SelectChoice(one, phrases.kind_name(one)) for one in Kind]
        self.state.choices = [SelectChoice(one, phrases.state_name(one)) for one in State]
        names = {HEADQUARTERS: _("본부"), **{code: one.shown for code, one in offices().items()}}
        self.office.choices = [SelectChoice(code, names[code]) for code in allowed]

    def validate_households(self, field: Any) -> None:
        if field.data and not re.fullmatch(r"[0-9]{1,7}", field.data.replace(",", "")):
            raise ValidationError(_("가구 수를 숫자로 넣어 주십시오."))

    def fields(self, updates: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
        """What the file will say; what was told before stays, one line is added."""
        told = [one["at"] for one in updates if isinstance(one.get("at"), datetime)]
        at = max(now, *(moment + timedelta(seconds=1) for moment in told)) if told else now
        more = {"at": at, "state": self.state.data, "text": self.said.data}
        if self.said_en.data:
            more["text_en"] = self.said_en.data
        plain = ("title", "title_en", "kind", "state", "cause", "cause_en", "office")
        return {
            **{name: self[name].data for name in (*plain, "quality_after")},
            **{name: moment(self[field].data or "") for field, name in (MOMENTS | ACTUAL).items()},
            "area": composed.area_of(self.places.data.splitlines(), self.note.data),
            "households": int((self.households.data or "0").replace(",", "")),
            "relief": composed.relief_of((self.relief.data or "").splitlines()),
            "updates": [*updates, more] if self.said.data else updates,
        }


class NewOutageForm(OutageForm):
    name = TextField(later("파일 이름"), [Required(later("파일 이름을 넣어 주십시오."))])

    def validate_name(self, field: Any) -> None:
        if not NAME.fullmatch(field.data) or len(field.data) > 50:
            raise ValidationError(_("영어 소문자와 숫자, - 로 넣어 주십시오. 예: 2026-1130-1"))


def filled(one: Outage) -> dict[str, Any]:
    """A form's fields as an outage has them."""
    return {
        **{name: getattr(one, name) for name in ("title", "title_en", "cause", "cause_en")},
        "kind": one.kind.value,
        "state": one.state.value,
        "office": one.office,
        "quality_after": one.quality_after,
        "from_at": typed(one.from_at),
        "to_at": typed(one.to_at),
        "actual_from": typed(one.actual_from),
        "actual_to": typed(one.actual_to),
        "places": composed.area_lines(one.area),
        "note": one.area.note,
        "households": str(one.households or ""),
        "relief": composed.relief_lines(one),
    }
