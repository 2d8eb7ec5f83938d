"""What the pages of filing show: the kinds in groups, homes, everything that was typed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from flask import url_for

from app import phones, words
from app.accounts.models import Account
from app.complaints import clock, kinds
from app.complaints.drafts import Draft
from app.complaints.kinds import GROUPS, Type
from app.complaints.models import Complaint
from app.language import _
from app.supply.models import Home, Premises


class Answer(NamedTuple):
    """One row of the page to check: `change` is where it is changed."""

    name: str
    value: str
    change: str


def groups() -> list[tuple[str, list[Type]]]:
    known = kinds.types().values()
    return [
        (str(name), [one for one in known if one.group == code]) for code, name in GROUPS.items()
    ]


def answer_by(kind: Type, now: datetime) -> str:
    """When an answer would be due if it were filed now."""
    due = clock.due(now, kind.period)
    return words.moment(due) if due else ""


def links(account: Account | None, today: date) -> list[Home]:
    """The homes that an account sees today."""
    if account is None:
        return []
    running = (Home.since_on <= today) & (Home.until_on.is_null() | (Home.until_on >= today))
    mine = Home.select(Home, Premises).join(Premises).where((Home.account == account) & running)
    return list(mine.order_by(Home.id))


def homes(account: Account | None, today: date) -> Mapping[str, str]:
    """Their references with their names."""
    return {
        one.reference: f"{one.name} ({one.premises.district} {one.premises.dong})"
        for one in links(account, today)
    }


def premises_of(account: Account | None, reference: str, today: date) -> Premises | None:
    found = (one.premises for one in links(account, today) if one.reference == reference)
    return next(found, None)


def rows(draft: Draft, homes: Mapping[str, str]) -> list[Answer]:
    """Everything that was typed, in the order of the steps."""
    found = [Answer(_("종류"), draft.kind.name, url_for(".begin", matter=draft.type))]
    if "place" in draft.steps:
        place, where = url_for(".place"), (draft.district, draft.dong, draft.place)
        spot = homes.get(draft.home, "") or " ".join(part for part in where if part)
        if draft.latitude is not None:
            spot += _(" (휴대전화 위치를 함께 보냄)")
        found.append(Answer(_("곳"), spot, place))
    details = url_for(".details")
    found += [
        Answer(label, answer, details)
        for label, answer in kinds.answered(draft.type, dict(draft.answers))
    ]
    found.append(Answer(_("더 알릴 내용"), draft.body or _("없음"), details))
    return found + contact_rows(draft)


def contact_rows(draft: Draft) -> list[Answer]:
    contact = url_for(".contact")
    phone = phones.shown(draft.phone)
    if draft.wants_texts:
        phone += _(" (문자로 알림)")
    found = [
        Answer(_("이름"), draft.name or _("없음"), contact),
        Answer(_("전화번호"), phone, contact),
        Answer(_("이메일"), draft.email or _("없음"), contact),
    ]
    return found + ([Answer(_("기기 알림"), _("받음"), contact)] if draft.wants_push else [])


def ways(one: Complaint) -> list[str]:
    """How the applicant is told, in words."""
    chosen = (
        (one.wants_texts, _("문자")),
        (one.wants_push, _("기기 알림")),
        (bool(one.email), _("이메일")),
    )
    return [word for wanted, word in chosen if wanted]


def told_by(one: Complaint) -> str:
    """How the applicant is told, as a sentence."""
    if found := ways(one):
        return _("처리할 때마다 알려 드립니다: %(ways)s.", ways=", ".join(found))
    return _("알림은 보내지 않습니다. 처리 상태는 접수 번호와 전화번호로 볼 수 있습니다.")
