"""What an outage's file must look like, what an editor is told of it, and the outage it is."""

import difflib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from app import addresses
from app.frontmatter import Problem, Source
from app.outages import area
from app.outages.area import Area, AreaError
from app.outages.record import NEXT, OVER, Kind, Outage, Relief, State, Update
from app.signs import has_resident_number, visible
from app.supply.offices import offices

REQUIRED = ("title", "kind", "state", "from", "to", "area", "cause", "office", "updates")
OPTIONAL = (
    "title_en", "actual_from", "actual_to", "cause_en", "households", "relief", "quality_after",
)  # fmt: skip
AREA = ("districts", "dongs", "roads", "blocks", "note")
UPDATE = ("at", "state", "text", "text_en")
RELIEF = ("where", "what", "when")
MOMENTS = ("from", "to", "actual_from", "actual_to")
TEXTS = {"title": (5, 60), "title_en": (5, 90), "cause": (2, 200), "cause_en": (2, 300)}
TEXTS |= {"quality_after": (2, 300)}
EXAMPLE = "2026-11-30T23:00:00+09:00 처럼 쓰세요."
LONGEST = 50
"""Signs of a file's name: it is kept with every message."""
TAKEN = ("alerts", "board", "cap", "dong", "home", "mine", "new", "office")
"""Names that are pages of their own."""
SOON = timedelta(minutes=5)


def check(source: Source, now: datetime, lead_days: int) -> list[Problem]:
    """Everything that is wrong with a file. Without errors it can be read by `outage`."""
    found = [*name_of_file(source), *names(source), *signs(source)]
    found += [*texts(source), *choices(source), *moments(source)]
    found += [*places(source), *reliefs(source), *updates(source)]
    if not any(problem.error for problem in found):
        found += [*course(source, now), *notice(source, lead_days)]
    return found


def line(source: Source, name: str) -> int:
    return source.lines.get(name, 1)


def name_of_file(source: Source) -> Iterator[Problem]:
    if len(source.slug) > LONGEST or source.slug in TAKEN:
        what = f"쓸 수 없는 파일 이름입니다: {source.slug}"
        yield Problem(1, what, f"2026-1130-1.md 처럼 {LONGEST}자까지 쓰세요.")


def all_texts(value: Any) -> Iterator[str]:
    """Every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from all_texts(one)


def signs(source: Source) -> Iterator[Problem]:
    """Control characters, which no page, feed or message can have."""
    for name, value in source.meta.items():
        if any(visible(text) != text for text in all_texts(value)):
            what = f"{name} 에 보이지 않는 글자가 있습니다"
            yield Problem(line(source, name), what, "지우고 다시 쓰세요.")


def names(source: Source) -> Iterator[Problem]:
    """Fields that are missing or unknown."""
    known = (*REQUIRED, *OPTIONAL)
    for name in REQUIRED:
        if source.meta.get(name) in (None, "", [], {}):
            what, mend = f"{name} 이(가) 없습니다", f"「{name}: 값」 한 줄을 넣으세요."
            yield Problem(line(source, name), what, mend)
    for name in source.meta:
        if name not in known:
            yield unknown(source, str(name), str(name), known)


def unknown(source: Source, at: str, name: str, known: tuple[str, ...]) -> Problem:
    near = difflib.get_close_matches(name, known, 1)
    mend = f"{near[0]} 을(를) 쓰려던 것인가요?" if near else "이 줄을 지우세요."
    return Problem(line(source, at), f"모르는 이름입니다: {name}", mend)


def texts(source: Source) -> Iterator[Problem]:
    for name, (least, most) in TEXTS.items():
        text = source.meta.get(name)
        if text not in (None, "") and not (isinstance(text, str) and least <= len(text) <= most):
            what = f"{name} 은(는) {least}~{most}자의 글이어야 합니다"
            yield Problem(line(source, name), what, "길이를 맞추세요.")
    for name in TEXTS:
        if has_resident_number(str(source.meta.get(name) or "")):
            yield Problem(line(source, name), "주민등록번호 같은 수가 있습니다", "지우세요.")
    households = source.meta.get("households", 0)
    if type(households) is not int or not 0 <= households <= 10**7:
        what = "households 는 가구의 수여야 합니다"
        yield Problem(line(source, "households"), what, "households: 300 처럼 쓰세요.")


def choices(source: Source) -> Iterator[Problem]:
    lists = {"kind": [*Kind], "state": [*State], "office": ["headquarters", *offices()]}
    for name, known in lists.items():
        value = source.meta.get(name)
        if value not in (None, "") and value not in known:
            what = f"{name} 에 쓸 수 없는 값입니다: {value}"
            yield Problem(line(source, name), what, f"{', '.join(known)} 가운데 하나를 쓰세요.")


def is_moment(value: Any) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None and 2000 <= value.year <= 2100


def moments(source: Source) -> Iterator[Problem]:
    meta, good = source.meta, {}
    for name in MOMENTS:
        if is_moment(meta.get(name)):
            good[name] = meta[name]
        elif meta.get(name) is not None:
            what = f"{name} 은(는) 시간대가 있는 때여야 합니다"
            yield Problem(line(source, name), what, EXAMPLE)
    for first, last in (("from", "to"), ("actual_from", "actual_to")):
        if first in good and last in good and good[last] <= good[first]:
            what, mend = "끝나는 때가 시작보다 이릅니다", f"{last} 을(를) 더 늦게 하세요."
            yield Problem(line(source, last), what, mend)
    if "actual_to" in good and meta.get("state") not in OVER:
        what, mend = "물이 다시 나온 때가 있는데 상태가 끝나지 않았습니다", "state: restored"
        yield Problem(line(source, "state"), what, mend)


def places(source: Source) -> Iterator[Problem]:
    given, at = source.meta.get("area"), line(source, "area")
    if given in (None, "", {}):
        return
    if not isinstance(given, dict):
        yield Problem(at, "area 를 읽을 수 없습니다", "dongs: [강남구 역삼동] 처럼 쓰세요.")
        return
    for name in given:
        if name not in AREA:
            yield unknown(source, "area", str(name), AREA)
    try:
        found = area.read(given, addresses.districts())
    except AreaError as error:
        mend = "강남구 역삼동, 강남구 역삼동 테헤란로 101-159, 강남구 역삼동 GN-03 처럼 쓰세요."
        yield Problem(at, f"지역을 읽을 수 없습니다: {error}", mend)
        return
    if found.is_empty:
        yield Problem(at, "지역이 비어 있습니다", "districts, dongs, roads, blocks 에 쓰세요.")
    yield from unlisted(found, at)


def unlisted(found: Area, at: int) -> Iterator[Problem]:
    """Names that the list of streets does not have: a hint, because it need not be complete."""
    for district in found.named():
        known = addresses.districts()[district].names
        for dong in found.parts_of(district):
            if dong not in known:
                what = f"주소 목록에 없는 동입니다: {district} {dong}"
                yield Problem(at, what, "글자가 맞는지 보세요.", error=False)


def rows(source: Source, name: str, known: tuple[str, ...]) -> Iterator[Problem]:
    """What is wrong with the names in a list of fields."""
    given = source.meta.get(name) or []
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        yield Problem(line(source, name), f"{name} 을(를) 읽을 수 없습니다", "- 로 시작하세요.")
        return
    for one in given:
        for field in one:
            if field not in known:
                yield unknown(source, name, str(field), known)
        for field in (key for key in known if key not in ("at", "state") and key in one):
            if not isinstance(one[field], str):
                what = f"{name} 의 {field} 은(는) 글이어야 합니다"
                yield Problem(line(source, name), what, "따옴표로 묶으세요.")


def reliefs(source: Source) -> Iterator[Problem]:
    found = list(rows(source, "relief", RELIEF))
    yield from found
    for one in [] if found else source.meta.get("relief") or []:
        if not (one.get("where") and one.get("what")):
            what, mend = "물을 받는 곳에는 where 와 what 이 있어야 합니다", "두 줄을 쓰세요."
            yield Problem(line(source, "relief"), what, mend)


def updates(source: Source) -> Iterator[Problem]:
    found = list(rows(source, "updates", UPDATE))
    yield from found
    for one in [] if found else source.meta.get("updates") or []:
        if not is_moment(one.get("at")):
            yield Problem(line(source, "updates"), "바뀐 때(at)를 읽을 수 없습니다", EXAMPLE)
        if one.get("state") not in [*State] or one.get("state") == State.DRAFT:
            what = f"바뀐 상태를 읽을 수 없습니다: {one.get('state')}"
            yield Problem(line(source, "updates"), what, f"{', '.join([*State][1:])} 가운데 하나")
        if not 2 <= len(one.get("text") or "") <= 300:
            what, mend = "바뀐 일을 2~300자로 알려야 합니다", "text: 한두 문장을 쓰세요."
            yield Problem(line(source, "updates"), what, mend)


def course(source: Source, now: datetime) -> Iterator[Problem]:
    """Whether the changes follow each other, and end in what the file says."""
    at, state = line(source, "updates"), State(source.meta["state"])
    given = source.meta["updates"]
    before = None
    for one in given:
        if before and one["at"] <= before["at"]:
            yield Problem(at, "바뀐 때가 차례대로가 아닙니다", "이른 것부터 늦은 것으로 쓰세요.")
        if before and State(one["state"]) not in NEXT[State(before["state"])]:
            what = f"{before['state']} 다음에 {one['state']} 이(가) 올 수 없습니다"
            yield Problem(at, what, f"{', '.join(NEXT[State(before['state'])])} 가운데 하나")
        before = one
    if state is not State.DRAFT and before and before["state"] != state:
        what = f"state 는 {state} 인데 마지막 변경은 {before['state']} 입니다"
        yield Problem(line(source, "state"), what, "updates 에 바뀐 때와 글을 한 줄 더 쓰세요.")
    if len(given) > 1 and given[-1]["at"] > now + SOON:
        what = "바뀐 때가 아직 오지 않았습니다"
        yield Problem(at, what, "지금이나 지난 때를 쓰세요.", error=False)


def notice(source: Source, lead_days: int) -> Iterator[Problem]:
    """Planned works are told so many days before; a hint, because the law names no number."""
    meta = source.meta
    if meta["kind"] != Kind.PLANNED:
        return
    if meta["from"] - meta["updates"][0]["at"] < timedelta(days=lead_days):
        what = f"시작까지 {lead_days}일이 되지 않습니다"
        mend = "더 일찍 알리거나, 급한 일이면 kind: emergency 로 쓰세요."
        yield Problem(line(source, "from"), what, mend, error=False)


def outage(source: Source) -> Outage:
    """The outage that a file without errors tells of."""
    meta = source.meta

    def moment(name: str) -> datetime | None:
        return meta[name].astimezone(UTC) if meta.get(name) else None

    return Outage(
        id=source.slug,
        title=meta["title"],
        title_en=meta.get("title_en") or "",
        kind=Kind(meta["kind"]),
        state=State(meta["state"]),
        from_at=meta["from"].astimezone(UTC),
        to_at=meta["to"].astimezone(UTC),
        actual_from=moment("actual_from"),
        actual_to=moment("actual_to"),
        area=area.read(meta["area"], addresses.districts()),
        cause=meta["cause"],
        cause_en=meta.get("cause_en") or "",
        office=meta["office"],
        households=meta.get("households") or 0,
        relief=tuple(
            Relief(one["where"], one["what"], one.get("when") or "")
            for one in meta.get("relief") or []
        ),
        quality_after=meta.get("quality_after") or "",
        updates=tuple(update(one) for one in meta["updates"]),
    )


def update(given: dict[str, Any]) -> Update:
    at, state = given["at"].astimezone(UTC), State(given["state"])
    return Update(at, state, given["text"], given.get("text_en") or "")
