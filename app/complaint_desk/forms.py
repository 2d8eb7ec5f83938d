"""What a member of staff types about one complaint, a form for each act."""

from typing import Any

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app.complaint_desk.colleagues import colleagues
from app.complaints import kinds
from app.complaints.forms import PRIVATE
from app.complaints.labels import OUTCOMES
from app.complaints.models import Complaint, Outcome
from app.complaints.records import ComplaintPhoto
from app.forms import AtMost, Form, LongTextField, ReferenceField, Required, TextField
from app.language import _, later
from app.supply.offices import offices

LONGEST, SHORT, PUBLIC = 1500, 400, 400
REFERENCE = 10


class FindForm(Form):
    query = TextField(
        later("접수 번호, 고객번호, 전화번호, 내용이나 곳"),
        [
            Required(later("찾을 것을 넣어 주십시오.")),
            AtMost(100, later("100자까지 쓸 수 있습니다.")),
        ],
    )


def words(name: str, label: Any, missing: Any, most: int = LONGEST) -> LongTextField:
    """Some lines that must be there; `name` tells the fields of a page's forms apart."""
    too_long = later("1,500자까지 쓸 수 있습니다.") if most == LONGEST else TOO_LONG
    return LongTextField(label, [Required(missing), AtMost(most, too_long)], id=f"{name}_text")


TOO_LONG = later("400자까지 쓸 수 있습니다.")
NO_CHOICE = later("하나를 골라 주십시오.")


class ActForm(Form):
    """An act, with the version of the complaint that its author saw."""

    version = HiddenField()

    def __init__(self, one: Complaint, **options: Any) -> None:
        super().__init__(**options)
        self.one = one
        self.choose()

    def choose(self) -> None:
        """Fill in what can be chosen."""

    @property
    def seen(self) -> int:
        """The version that was seen; of nonsense none that is."""
        typed = str(self.version.data or "")[:9]
        return int(typed) if typed.isascii() and typed.isdigit() else 0


class AssignForm(ActForm):
    member = SelectField(
        later("담당자"), [Required(NO_CHOICE)], id="assign_member", invalid_choice_message=NO_CHOICE
    )

    def choose(self) -> None:
        found = [SelectChoice(each.reference, each.name) for each in colleagues([self.one.office])]
        self.member.choices = [SelectChoice("", _("고르십시오")), *found]


class MoveForm(ActForm):
    office = SelectField(
        later("사업소"), [Required(NO_CHOICE)], id="move_office", invalid_choice_message=NO_CHOICE
    )

    def choose(self) -> None:
        others = [each for each in offices().values() if each.code != self.one.office]
        found = [SelectChoice(each.code, each.shown) for each in others]
        self.office.choices = [SelectChoice("", _("고르십시오")), *found]


class AskForm(ActForm):
    text = words("ask", later("무엇이 필요한지"), later("무엇이 필요한지 적어 주십시오."))


class GiveForm(ActForm):
    text = words("give", later("무엇을 받았는지"), later("무엇을 받았는지 적어 주십시오."))


class ExtendForm(ActForm):
    text = words("extend", later("늘리는 까닭"), later("늘리는 까닭을 적어 주십시오."), SHORT)


class SayForm(ActForm):
    text = words("say", later("메시지"), later("메시지를 적어 주십시오."))


class NoteForm(ActForm):
    text = words("note", later("내부 메모"), later("메모를 적어 주십시오."))


class TransferForm(ActForm):
    where = TextField(
        later("어느 기관"),
        [
            Required(later("어느 기관인지 적어 주십시오.")),
            AtMost(100, later("100자까지 쓸 수 있습니다.")),
        ],
        id="transfer_where",
    )
    text = words("transfer", later("알릴 말"), later("왜 보내는지 적어 주십시오."))


class ReturnForm(ActForm):
    text = words("return", later("끝내는 까닭"), later("까닭을 적어 주십시오."))


class MergeForm(ActForm):
    number = ReferenceField(
        later("먼저 접수된 민원의 접수 번호"),
        REFERENCE,
        later("접수 번호 열 자리를 넣어 주십시오."),
        id="merge_number",
    )


class SplitForm(ActForm):
    matter = SelectField(
        later("나눈 민원의 종류"), [Required(NO_CHOICE)], id="split_matter",
        invalid_choice_message=NO_CHOICE,
    )  # fmt: skip
    text = words("split", later("나눈 민원의 내용"), later("내용을 적어 주십시오."))

    def choose(self) -> None:
        found = [SelectChoice(code, kind.name) for code, kind in kinds.types().items()]
        self.matter.choices = [SelectChoice("", _("고르십시오")), *found]


class PhotosForm(ActForm):
    """An act that chooses among the complaint's photos."""

    photos = SelectMultipleField(later("사진"), validate_choice=False)
    inside = True
    """Whether it may choose those that the applicant does not see."""

    def choose(self) -> None:
        found = ComplaintPhoto.at_desk(self.one.id)
        self.photos.choices = [
            SelectChoice(each.name, _("사진 %(number)s", number=number))
            for number, each in enumerate(found, 1)
            if each.shown or self.inside
        ]

    def validate_photos(self, field: Any) -> None:
        """What is no photo of this complaint is left out."""
        known = {choice.value for choice in field.choices}
        field.data = [name for name in field.data if name in known]


class ReleaseForm(PhotosForm):
    """What everybody may read; empty ends it."""

    inside = False
    text = LongTextField(
        later("모두에게 보일 글"), [AtMost(PUBLIC, TOO_LONG)], id="release_text"
    )  # fmt: skip

    def validate_text(self, field: Any) -> None:
        if PRIVATE.search(field.data or ""):
            raise ValidationError(_("전화번호나 계좌번호로 보이는 숫자를 지워 주십시오."))


class RedactForm(PhotosForm):
    what = SelectMultipleField(
        later("가릴 것"),
        choices=[SelectChoice("text", later("신청인이 쓴 글 모두"))],
        id="redact_what",
    )
    text = words("redact", later("가리는 까닭"), later("까닭을 적어 주십시오."), SHORT)

    def validate_what(self, field: Any) -> None:
        if not field.data and not self.photos.data:
            raise ValidationError(_("무엇을 가릴지 골라 주십시오."))


class AddPhotosForm(ActForm):
    """Photos of staff; the files themselves are taken one by one."""

    eyes = RadioField(
        later("누가 봅니까?"),
        choices=[
            SelectChoice("all", later("신청인도 봅니다")),
            SelectChoice("office", later("사업소만 봅니다")),
        ],
        validate_choice=False,
        id="photos_eyes",
    )
    added = 0

    def validate_eyes(self, field: Any) -> None:
        if field.data not in ("all", "office"):
            raise ValidationError(_("누가 볼지 골라 주십시오."))

    @property
    def is_shown(self) -> bool:
        return bool(self.eyes.data == "all")


class AnswerForm(ActForm):
    outcome = RadioField(
        later("결과"),
        choices=[SelectChoice(code.value, label) for code, label in OUTCOMES.items()],
        validate_choice=False,
    )
    text = words("answer", later("답변"), later("답변을 적어 주십시오."))

    def validate_outcome(self, field: Any) -> None:
        if field.data not in [*Outcome]:
            raise ValidationError(_("결과를 골라 주십시오."))
