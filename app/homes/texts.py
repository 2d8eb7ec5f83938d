"""The words for roles, levels and times of a link."""

from datetime import date

from app import words
from app.homes.models import HOLDER, PAYER, VIEWER, Link
from app.language import _, later

ROLE_NAMES = {
    HOLDER: later("명의자"),
    PAYER: later("요금을 내는 사람"),
    VIEWER: later("보기만 하는 사람"),
}
MAY = {
    HOLDER: later("고지서와 사용량을 보고, 문서를 받습니다."),
    PAYER: later("고지서와 사용량을 보고, 문서를 받습니다."),
    VIEWER: later("금액과 사용량을 봅니다. 문서는 받을 수 없습니다."),
}
MANAGES = later("고지서와 사용량을 보고, 문서를 받고, 누가 이 집을 보는지 정합니다.")
PROOFS = {
    1: later("고지서로 확인했습니다."),
    2: later("등록된 연락처로 확인했습니다."),
    3: later("담당자가 확인했습니다."),
}


def time(link: Link) -> str:
    """From when to when bills are seen."""
    return period(link.first_on, link.until_on)


def period(first_on: date, until_on: date | None) -> str:
    """`2026. 8. 30.부터 2026. 10. 29.까지`, or without an end."""
    first = words.day(first_on)
    if until_on is None:
        return _("%(first)s부터", first=first)
    return _("%(first)s부터 %(last)s까지", first=first, last=words.day(until_on))
