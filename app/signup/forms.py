"""What a person types to sign up, a form for each step."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, PasswordField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation, ValidationError

from app import addresses, clock, phones
from app.accounts import consents
from app.accounts.forms import email_field, good_password
from app.forms import AtMost, Form, Required, TextField
from app.language import _, current, later
from app.signup import age
from app.signup.models import Answers

OUTSIDE = "outside"
AS_TYPED = "as_typed"


class AgeForm(Form):
    """The birth date; it is looked at and not stored."""

    born = TextField(
        later("생년월일"),
        [Required(later("생년월일을 1990 1 31처럼 연도, 달, 날의 차례로 넣어 주십시오."))],
    )

    def validate_born(self, field: Any) -> None:
        found = age.read(field.data)
        if found is None:
            raise ValidationError(_("연도 네 자리, 달, 날의 차례로 넣어 주십시오. 예: 1990 1 31"))
        if found.year < age.OLDEST or found > clock.today():
            raise ValidationError(_("1900년부터 오늘까지의 날을 넣어 주십시오."))

    @property
    def is_old_enough(self) -> bool:
        born = age.read(self.born.data)
        return born is not None and age.is_old_enough(born, clock.today())


def agreed(form: Any, field: Any) -> None:
    if not field.data:
        text = consents.register()[field.name.removeprefix("consent_")]
        raise ValidationError(
            _("%(title)s에 동의해야 계정을 만들 수 있습니다.", title=text.title[current()])
        )


class ConsentsForm(Form):
    """A box for each consent, none of them ticked beforehand."""

    @property
    def answers(self) -> dict[str, Any]:
        versions = {
            text.code: text.version
            for text in consents.at_signup()
            if self[f"consent_{text.code}"].data
        }
        return {"consents": versions, "agreed_at": clock.now().isoformat()}

    @staticmethod
    def typed(answers: Answers) -> dict[str, Any]:
        return {f"consent_{code}": True for code in answers.consents}


for one in consents.at_signup():
    box = BooleanField(validators=[agreed] if one.required else [])
    setattr(ConsentsForm, f"consent_{one.code}", box)


def a_name(form: Any, field: Any) -> None:
    if not any(sign.isalpha() for sign in field.data):
        raise ValidationError(_("이름을 글자로 넣어 주십시오."))


class PersonForm(Form):
    name = TextField(
        later("이름"),
        [
            Required(later("이름을 넣어 주십시오.")),
            AtMost(60, later("이름은 60자까지 넣을 수 있습니다.")),
            a_name,
        ],
    )
    phone = TextField(later("전화번호"), [Required(later("전화번호를 넣어 주십시오."))])

    def validate_phone(self, field: Any) -> None:
        if not phones.stored(field.data):
            raise ValidationError(_("한국의 전화번호를 010-1234-5678처럼 넣어 주십시오."))

    @property
    def answers(self) -> dict[str, Any]:
        return {"name": self.name.data, "phone": phones.stored(self.phone.data)}

    @staticmethod
    def typed(answers: Answers) -> dict[str, Any]:
        return {"name": answers.name, "phone": phones.shown(answers.phone)}


def district_choices() -> list[SelectChoice]:
    """`성북구`, in English `Seongbuk-gu (성북구)`, and the rest of the world."""
    english = current() == "en"
    named = [
        SelectChoice(one.name, f"{one.name_en} ({one.name})" if english else one.name)
        for one in addresses.districts().values()
    ]
    none = SelectChoice("", _("고르십시오"))
    return [none, *named, SelectChoice(OUTSIDE, _("서울 밖"))]


class AddressForm(Form):
    """District, dong or road, and number. `near` are offered when the name is not found."""

    district = SelectField(
        later("구"),
        [Required(later("구를 골라 주십시오. 서울이 아니면 맨 아래의 서울 밖을 고릅니다."))],
        choices=district_choices,
        invalid_choice_message=later("목록에 있는 것을 골라 주십시오."),
    )
    street = TextField(
        later("도로명이나 동"),
        [
            Required(later("도로명이나 동을 넣어 주십시오. 예: 테헤란로, 역삼동")),
            AtMost(60, later("도로명이나 동은 60자까지 넣을 수 있습니다.")),
        ],
    )
    detail = TextField(
        later("건물 번호와 상세 주소"),
        [
            Required(later("건물 번호를 넣어 주십시오. 예: 12, 101호")),
            AtMost(60, later("상세 주소는 60자까지 넣을 수 있습니다.")),
        ],
    )
    chosen = RadioField(later("어느 것인가요?"), choices=[], validate_choice=False)
    offered = TextField("")
    """The name that was typed when the choice was offered: it holds for that name only."""
    kept = Answers()
    near: tuple[str, ...] = ()
    found = ""

    def validate_chosen(self, field: Any) -> None:
        typed, district = self.street.data, self.district.data
        known = addresses.districts().get(district)
        if not (typed and known) or (district, typed) == (self.kept.district, self.kept.street):
            self.found = typed
            return
        matches = addresses.find(district, typed)
        answer = field.data if self.offered.data == typed else None
        if answer == AS_TYPED:
            self.found = typed
        else:
            self.found = answer if answer in known.names else matches.exact
        if not self.found:
            self.near = matches.near
            self.offered.data = typed
            raise StopValidation(
                _(
                    "%(street)s 이름이 이 구의 목록에 없습니다. 아래에서 골라 주십시오.",
                    street=typed,
                )
            )

    @property
    def answers(self) -> dict[str, Any]:
        district = "" if self.district.data == OUTSIDE else self.district.data
        return {"district": district, "street": self.found, "detail": self.detail.data}

    @staticmethod
    def typed(answers: Answers) -> dict[str, Any]:
        return {
            "district": answers.district or (OUTSIDE if answers.street else ""),
            "street": answers.street,
            "detail": answers.detail,
        }


def wanted_unless_kept(form: Any, field: Any) -> None:
    """A password that was chosen before stays when the field is left empty."""
    if not field.data:
        if form.kept.password_hash:
            raise StopValidation()
        raise StopValidation(_("비밀번호를 정해 넣어 주십시오."))


class AccessForm(Form):
    email = email_field()
    password = PasswordField(later("비밀번호"), [wanted_unless_kept, good_password])
    kept = Answers()

    def known(self) -> list[str]:
        """What others know of the person (for the password's rules)."""
        phone = phones.shown(self.kept.phone)
        return [text for text in (*self.kept.own_texts, phone, self.email.data) if text]

    @property
    def answers(self) -> dict[str, Any]:
        return {"email": self.email.data.lower()}

    @property
    def new_password(self) -> str:
        """A typed password that keeps the rules, whatever is wrong elsewhere."""
        return "" if self.password.errors else self.password.data or ""

    @staticmethod
    def typed(answers: Answers) -> Mapping[str, Any]:
        return {"email": answers.email}


def wanted_elsewhere(form: Any, field: Any) -> None:
    """The browser that typed the sign-up need not give the password again."""
    if not form.needed:
        raise StopValidation()
    if not field.data:
        raise StopValidation(_("가입할 때 정한 비밀번호를 넣어 주십시오."))


class ConfirmForm(Form):
    """The link from the mail; in another browser with the password that was chosen."""

    password = PasswordField(
        later("가입할 때 정한 비밀번호"),
        [wanted_elsewhere, AtMost(256, later("비밀번호가 너무 깁니다."))],
    )
    needed = True

    def refuse(self) -> None:
        self.form_errors.append(_("가입할 때 정한 비밀번호와 다릅니다. 다시 넣어 주십시오."))
