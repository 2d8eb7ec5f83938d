"""A bill as sentences, rows and bars: values that a template only has to print."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from app import words
from app.bills.models import State
from app.bills.seen import ListedBill, SeenBill
from app.clock import add_months
from app.language import _, current, later

CHART_HEIGHT = 108
CHART_WIDTH = 320


class Badge(NamedTuple):
    """A state as a word, a shape and a class; the colour alone says nothing."""

    css: str
    shape: str
    word: str


class Row(NamedTuple):
    """One bill in a list."""

    home: str
    home_name: str
    month: str
    month_text: str
    usage: str
    amount: str
    due: str
    css: str
    shape: str
    word: str


class Bar(NamedTuple):
    """One bar of the usage chart, in the chart's units, as text."""

    css: str
    x: str
    y: str
    width: str
    height: str
    middle: str
    above: str
    label: str
    month_text: str
    value: str


def small_print(bill: ListedBill, named: bool) -> str:
    """What stands small under a bill's month: its home where there are several, a correction."""
    home = bill.home_name if named else ""
    if not bill.revision:
        return home
    return f"{home} · {_('바로잡음')}" if home else _("바로잡음")


BADGES = {
    State.PAID: ("paid", "●", later("납부 완료")),
    State.PAID_LATE: ("paid", "◐", later("늦게 납부")),
    State.OVERDUE: ("late", "▲", later("기한 지남")),
    State.OPEN: ("open", "○", later("납부 전")),
    State.PLANNED: ("open", "◔", later("분할 납부")),
    State.NOTHING: ("paid", "–", later("낼 금액 없음")),
}


def badge(state: State) -> Badge:
    """How a state is shown."""
    return _badge(state, current())


@lru_cache(32)
def _badge(state: State, language: str) -> Badge:
    css, shape, word = BADGES[state]
    return Badge(css, shape, str(word))


def row(bill: ListedBill, state: State, named: bool = False) -> Row:
    """One bill in a list; `named` with the home it belongs to."""
    return Row(
        bill.home,
        small_print(bill, named),
        bill.month,
        words.month(bill.month),
        words.volume(bill.usage_m3),
        words.won(bill.total),
        words.day(bill.due_on),
        *badge(state),
    )


def how_counted(bill: SeenBill) -> str:
    """How the use became the volume that is charged (W-RULE art. 20(2))."""
    values = {
        "usage": words.volume(bill.usage_m3),
        "months": words.months(bill.months),
        "households": bill.households,
        "share": words.tenths(bill.usage_m3 * 10 // (bill.months * bill.households)),
    }
    if bill.households > 1:
        return _(
            "%(usage)s를 %(months)s 동안 %(households)s세대가 썼습니다. "
            "한 세대가 한 달에 %(share)s 쓴 것으로 계산합니다(소수 둘째 자리부터 버림).",
            **values,
        )
    return _(
        "%(usage)s를 %(months)s 동안 1세대가 썼습니다. 한 달 %(share)s로 계산합니다.", **values
    )


def compared(bill: SeenBill, other: ListedBill | None, when: str) -> str:
    """`작년 이맘때보다 3㎥ 적게 썼습니다.` or nothing without the other bill."""
    if other is None:
        return ""
    difference = bill.usage_m3 - other.usage_m3
    values = {"when": when, "difference": words.volume(abs(difference))}
    if difference == 0:
        return _("%(when)s만큼 썼습니다.", **values)
    if difference > 0:
        return _("%(when)s보다 %(difference)s 많이 썼습니다.", **values)
    return _("%(when)s보다 %(difference)s 적게 썼습니다.", **values)


def comparisons(bill: SeenBill, past: Sequence[ListedBill]) -> list[str]:
    """A bill against the one before and the one a year before."""
    last = past[0] if past else None
    a_year_ago = add_months(bill.month, -12)
    same = next((other for other in past if other.month == a_year_ago), None)
    found = (compared(bill, last, _("지난번")), compared(bill, same, _("작년 이맘때")))
    return [text for text in found if text]


def bars(shown: Sequence[ListedBill | SeenBill]) -> list[Bar]:
    """Bills as bars; the last one is the bill that the page is about."""
    top = max(max(bill.usage_m3 for bill in shown), 1)
    width = min(CHART_WIDTH * 64 // 100 // len(shown), 40)
    found = []
    for index, bill in enumerate(shown):
        height = bill.usage_m3 * CHART_HEIGHT // top
        y, middle = CHART_HEIGHT + 24 - height, (2 * index + 1) * CHART_WIDTH // (2 * len(shown))
        found.append(
            Bar(
                css="now" if bill is shown[-1] else "",
                x=str(middle - width // 2),
                y=str(y),
                width=str(width),
                height=str(height),
                middle=str(middle),
                above=str(y - 6),
                label=words.short_month(bill.month),
                month_text=words.month(bill.month),
                value=words.volume(bill.usage_m3),
            )
        )
    return found


def mix(bill: SeenBill) -> list[tuple[str, float, float]]:
    """(part, start, width) in hundredths of the total, for the bar above the table."""
    total = max(bill.water + bill.sewer + bill.levy, 1)
    start, found = 0.0, []
    for part, amount in (("water", bill.water), ("sewer", bill.sewer), ("levy", bill.levy)):
        width = round(amount * 100 / total, 1)
        found.append((part, round(start, 1), width))
        start += width
    return found


def chart_says(shown: Sequence[ListedBill | SeenBill]) -> str:
    """The chart's message in one sentence, for those who do not see it."""
    most = max(shown, key=lambda bill: bill.usage_m3)
    return _(
        "가장 많은 때는 %(month)s %(most)s, 이번은 %(now)s입니다.",
        month=words.month(most.month),
        most=words.volume(most.usage_m3),
        now=words.volume(shown[-1].usage_m3),
    )


KINDS = {
    "regular": later("방문 검침"),
    "self": later("자가검침"),
    "remote": later("원격검침"),
    "final": later("이사 정산"),
    "estimated": later("추정"),
}


def kind_text(kind: str) -> str:
    """How the meter was read."""
    return str(KINDS[kind])
