"""What a content file must look like, and what an editor is told when it does not."""

import difflib
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from app.frontmatter import Problem, Source
from app.supply.offices import offices

KINDS = {"learn": "교육 자료", "faq": "자주 묻는 질문", "notices": "공지사항", "guide": "안내"}
HOMES = ("/homes/", "/homes/new")
OWN_DATA = ("/profile/data/", "/profile/data/closing")
PRIVACY = ("/guide/privacy/items", "/guide/privacy/processors")
PLACES = ("/login", "/signup/", "/recovery/", "/profile/", "/profile/consents", *HOMES, *OWN_DATA)
OWN_PAGES = (
    "/", "/bills/", "/calculator/", "/complaints/", "/complaints/public", "/complaints/status",
    "/lookup/", "/pay/", "/pay/receipts/", "/tariff/",
)  # fmt: skip
OUTAGES = ("/outages/", "/outages/mine", "/outages/alerts/")
OTHER_PAGES = (*OWN_PAGES, *OUTAGES, *PLACES, *PRIVACY)
"""Pages of the program that a text may lead to."""
LANGUAGES = ("ko", "en")
TOPICS = {
    "bill": "요금",
    "payment": "납부",
    "home": "우리 집 물",
    "water": "수돗물",
    "outage": "단수",
    "moving": "이사",
}
CATEGORIES = {
    "general": "알림",
    "policy": "정책과 제도",
    "service": "서비스 바뀜",
    "works": "공사와 점검",
    "quality": "수질",
}
TITLE = {"ko": (5, 40), "en": (5, 70)}
SUMMARY = {"ko": (20, 120), "en": (20, 200)}
REQUIRED = ("title", "summary", "owner", "review_by", "status", "publish_at")
OPTIONAL = (
    "topic", "category", "order", "updated_at", "expires_at", "after", "sources", "area",
    "contact", "redirect_from",
)  # fmt: skip


def check_head(source: Source, today: date) -> list[Problem]:
    """Everything that is wrong with the fields of a file."""
    return [*fields(source), *values(source, today)]


def fields(source: Source) -> Iterator[Problem]:
    """Fields that are missing or unknown."""
    known = (*REQUIRED, *OPTIONAL)
    for name in REQUIRED:
        if source.meta.get(name) in (None, ""):
            yield Problem(
                source.lines.get(name, 1),
                f"{name} 이(가) 없습니다",
                f"「{name}: 값」 한 줄을 넣으세요.",
            )
    for name in source.meta:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, 1)
            mend = f"{near[0]} 을(를) 쓰려던 것인가요?" if near else "이 줄을 지우세요."
            yield Problem(source.lines.get(str(name), 1), f"모르는 이름입니다: {name}", mend)


def values(source: Source, today: date) -> Iterator[Problem]:
    """Fields whose value is of the wrong kind, too long or impossible."""
    meta, line = source.meta, source.lines.get
    for name, limits in (("title", TITLE), ("summary", SUMMARY)):
        text, (least, most) = meta.get(name), limits[source.language]
        if text not in (None, "") and not (isinstance(text, str) and least <= len(text) <= most):
            yield Problem(
                line(name, 1),
                f"{name} 은(는) {least}~{most}자여야 합니다(지금 {len(str(text))}자)",
                "길이를 맞추세요.",
            )
    title = str(meta.get("title") or "")
    if title.endswith(".") or re.search(r"[【】]|([!?])\1", title):
        yield Problem(
            line("title", 1), "제목에 마침표나 거듭된 부호가 있습니다", "부호를 지우세요."
        )
    yield from choices(source)
    yield from moments(source, today)


def choices(source: Source) -> Iterator[Problem]:
    """Fields that take one of a few values."""
    meta, line = source.meta, source.lines.get
    lists = {
        "owner": ["headquarters", *offices()],
        "status": ["draft", "publish"],
        "topic": list(TOPICS),
        "category": list(CATEGORIES),
    }
    for name, allowed in lists.items():
        value = meta.get(name)
        if value not in (None, "") and value not in allowed:
            yield Problem(
                line(name, 1),
                f"{name} 에 쓸 수 없는 값입니다: {value}",
                f"다음 가운데 하나: {', '.join(allowed)}",
            )
    if source.kind in ("learn", "faq") and "topic" not in meta:
        yield Problem(1, "topic 이 없습니다", f"다음 가운데 하나: {', '.join(TOPICS)}")
    if source.kind == "notices" and "category" not in meta:
        yield Problem(
            1, "category 가 없습니다", f"다음 가운데 하나: {', '.join(CATEGORIES)}", error=False
        )
    yield from kinds_of_values(source)


def kinds_of_values(source: Source) -> Iterator[Problem]:
    """Fields that must be a number, a text or a list of texts."""
    meta, line = source.meta, source.lines.get
    if "order" in meta and type(meta["order"]) is not int:
        yield Problem(line("order", 1), "order 는 수여야 합니다", "order: 10 처럼 쓰세요.")
    for name in ("area", "contact"):
        if name in meta and not isinstance(meta[name], str):
            yield Problem(line(name, 1), f"{name} 은(는) 글이어야 합니다", "따옴표로 묶으세요.")
    for name in ("sources", "redirect_from"):
        if name in meta and not is_texts(meta[name]):
            what = f"{name} 은(는) 글의 목록이어야 합니다"
            yield Problem(line(name, 1), what, "- 로 시작하는 줄로 쓰세요.")


def is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def moments(source: Source, today: date) -> Iterator[Problem]:
    """Days and times: with their zone, in the right order, not too far away."""
    meta, line = source.meta, source.lines.get
    aware = {}
    for name in ("publish_at", "updated_at", "expires_at"):
        value = meta.get(name)
        if isinstance(value, datetime) and value.tzinfo and 2000 <= value.year <= 2100:
            aware[name] = value
        elif value is not None:
            yield Problem(
                line(name, 1),
                f"{name} 은(는) 시간대가 있는 때여야 합니다",
                "2026-11-20T09:00:00+09:00 처럼 쓰세요.",
            )
    if {"publish_at", "expires_at"} <= aware.keys() and aware["expires_at"] <= aware["publish_at"]:
        yield Problem(
            line("expires_at", 1), "끝나는 때가 시작보다 이릅니다", "expires_at 을 더 늦게 하세요."
        )
    if changed := aware.get("updated_at"):
        yield from change(line("updated_at", 1), changed, aware.get("publish_at"), today)
    yield from ending(source)
    yield from review(source, today)


def change(at: int, changed: datetime, begun: datetime | None, today: date) -> Iterator[Problem]:
    """A time at which nothing can have been changed: a hint, it then counts as it can."""
    if begun and changed < begun:
        what, mend = "고친 때가 게시한 때보다 이릅니다", "updated_at 을 고치거나 지우세요."
        yield Problem(at, what, mend, error=False)
    if changed.date() > today:
        what, mend = "고친 때가 아직 오지 않았습니다", "updated_at 에 지금을 쓰세요."
        yield Problem(at, what, mend, error=False)


def ending(source: Source) -> Iterator[Problem]:
    """What happens to a page after its end."""
    meta, line = source.meta, source.lines.get
    if ("expires_at" in meta) != ("after" in meta):
        yield Problem(
            line("expires_at", 1),
            "expires_at 과 after 는 함께 씁니다",
            "after: archive 처럼 쓰세요.",
        )
    after = str(meta.get("after", "archive"))
    if after not in ("remove", "archive") and not re.fullmatch(r"redirect:/(?![/\\]).*", after):
        yield Problem(
            line("after", 1),
            f"after 에 쓸 수 없는 값입니다: {after}",
            "remove, archive 또는 redirect:/주소",
        )


def review(source: Source, today: date) -> Iterator[Problem]:
    """The day on which somebody reads the page again: within a year, and not past."""
    day, line = source.meta.get("review_by"), source.lines.get("review_by", 1)
    if day is None:
        return
    if type(day) is not date:
        yield Problem(line, "review_by 는 날짜여야 합니다", "2027-06-30 처럼 쓰세요.")
    elif day > today + timedelta(days=366):
        yield Problem(line, "review_by 가 1년보다 멉니다", "12개월 안의 날로 하세요.")
    elif day < today:
        yield Problem(
            line, "다시 볼 날이 지났습니다", "내용을 확인하고 새 날짜를 쓰세요.", error=False
        )
