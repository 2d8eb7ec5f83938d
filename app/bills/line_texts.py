"""The lines of a bill in words: what each is called, its arithmetic, where its rule stands."""

from collections.abc import Iterable
from typing import Any, NamedTuple, Protocol

from app import words
from app.bills.notes import Corrected
from app.language import _, current, later
from app.tariff.lines import Line
from app.tariff.reductions import Reduction
from app.tariff.table import Table


class HasLines(Protocol):
    """A bill, or a calculation: whatever has lines."""

    def lines(self) -> Iterable[tuple[Any, ...]]: ...


class LineText(NamedTuple):
    """One line of a bill with its arithmetic; `sample` says so where its rate is not verified."""

    part: str
    name: str
    arithmetic: str
    amount: str
    source: str
    sample: str


LINE_NAMES = {
    ("water", "base"): later("수도 기본요금"),
    ("water", "usage"): later("수도 사용요금"),
    ("sewer", "usage"): later("하수도 사용료"),
    ("levy", "usage"): later("물이용부담금"),
    ("late", "late"): later("연체금"),
    ("joined", "tap"): later("함께 청구하는 계량기"),
    ("joined", "ground"): later("하수로 나간 지하수"),
    ("joined", "drained"): later("흘려보낸 지하수"),
    ("joined", "main"): later("다른 고지서에 함께 청구"),
}
CUT = later("10원 미만 버림")
PARTS = {
    "water": later("수도"),
    "sewer": later("하수도"),
    "levy": later("물이용부담금"),
}


def name_of(line: Line, table: Table) -> str:
    """What a line is called; discounts by their name in the tariff."""
    if line.kind == "discount":
        rule = table.reductions.get(line.key)
        name = rule.name[current()] if rule else _("할인")
        return _("%(name)s (%(part)s)", name=name, part=PARTS[line.part])
    return str(CUT if line.kind == "cut" else LINE_NAMES[line.part, line.kind])


def arithmetic(line: Line, table: Table) -> str:
    """`24㎥ × 580원`, with the share of days when the rate changed within the period."""
    if line.kind == "usage":
        text = f"{words.tenths(line.quantity)} × {words.won(line.rate)}"
    elif line.kind == "base":
        text = base(line, table)
    else:
        return other_arithmetic(line, table)
    if line.days != line.of_days:
        text += _(" × %(of_days)s일 가운데 %(days)s일", days=line.days, of_days=line.of_days)
        if line.kind == "base" and not line.amount % 10:
            text += _(", 10원 미만 버림")
    return text


def base(line: Line, table: Table) -> str:
    """The base charge; its diameter is known from the rate."""
    price, months = words.won(line.rate), words.months(line.quantity)
    if rate := table.rates.get(line.key):
        return _(
            "계량기 %(size)smm, %(price)s × %(months)s",
            size=rate.use_class,
            price=price,
            months=months,
        )
    return _("%(price)s × %(months)s", price=price, months=months)


def other_arithmetic(line: Line, table: Table) -> str:
    """The same for discounts, late fees and meters that are billed together."""
    if line.kind == "late":
        return _(
            "%(month)s 요금 %(unpaid)s × %(percent)s%% × %(of_days)s일 가운데 %(days)s일",
            month=words.month(line.key),
            unpaid=words.won(line.quantity),
            percent=line.rate,
            days=line.days,
            of_days=line.of_days,
        )
    if line.part == "joined":
        number = words.number(line.key)
        return _("고객번호 %(number)s, %(used)s", number=number, used=words.tenths(line.quantity))
    return off(line, table.reductions.get(line.key)) if line.kind == "discount" else ""


def unverified(line: Line) -> str:
    """What is only a sample: a rate, or the rule of a cut or of a late fee."""
    return _("확인 전 규칙") if line.kind in ("cut", "late") else _("확인 전 견본 단가")


def off(line: Line, rule: Reduction | None) -> str:
    """How a discount came to its amount."""
    won = -line.amount
    if rule is None or not line.quantity:
        return ""
    if rule.kind != "share":
        volume, rate = words.tenths(line.quantity), won * 10 // line.quantity
        if rate * line.quantity == won * 10:
            return f"{volume} × {words.won(rate)}"
        return _("%(volume)s 깎음", volume=volume)
    values = {
        "amount": words.won(line.quantity),
        "percent": line.rate,
        "limit": words.won(won),
    }
    if won == line.quantity:
        return _("%(amount)s까지", **values)
    if won == rule.least:
        return _("%(amount)s의 %(percent)s%%, 적어도 %(limit)s", **values)
    if won == rule.most:
        return _("%(amount)s의 %(percent)s%%, 많아도 %(limit)s", **values)
    if won * 100 != line.quantity * line.rate:
        return _("%(amount)s의 %(percent)s%%, 10원 미만 버림", **values)
    return _("%(amount)s의 %(percent)s%%", **values)


def lines(bill: HasLines, table: Table) -> list[LineText]:
    """All lines as a table shows them."""
    found = []
    for values in bill.lines():
        line = Line(*values)
        source, verified = table.source(line.kind, line.key)
        if not source and line.part != "joined":
            source = _("다른 시스템에서 넘겨받은 고지서")
        text, sample = arithmetic(line, table), "" if verified else unverified(line)
        name, amount = name_of(line, table), words.won(line.amount)
        found.append(LineText(line.part, name, text, amount, source, sample))
    return found


class Source(NamedTuple):
    """Where the rule of a line stands."""

    name: str
    source: str


def sources(lines: Iterable[LineText]) -> list[Source]:
    """The sources of some lines, each once."""
    return list(dict.fromkeys(Source(line.name, line.source) for line in lines if line.source))


def correction(found: Corrected) -> dict[str, str]:
    """A correction in sentences: what changed and what happens with the difference."""
    values = {
        "before": words.won(found.before),
        "now": words.won(found.before + found.difference),
        "difference": words.won(abs(found.difference)),
    }
    if found.difference < 0:
        text = _("%(before)s에서 %(now)s으로 %(difference)s 줄었습니다.", **values)
    elif found.difference > 0:
        text = _("%(before)s에서 %(now)s으로 %(difference)s 늘었습니다.", **values)
    else:
        text = _("금액은 %(now)s으로 같습니다.", **values)
    return {
        "day": words.day(words.local_day(found.made_at)),
        "text": text,
        "reason": found.reason,
        "proposal": str(PROPOSALS[found.proposal]),
        "earlier": str(found.revision - 1),
    }


PROPOSALS = {
    "none": later("위에 보이는 금액이 바뀐 금액입니다."),
    "collect": later("이미 낸 금액을 빼고 나머지만 내면 됩니다."),
    "set_off": later(
        "더 낸 금액은 다른 미납 요금에 먼저 쓰는 것으로 제안했습니다. 정해지면 알려드립니다."
    ),
    "refund": later("더 낸 금액은 돌려드리는 것으로 제안했습니다. 정해지면 알려드립니다."),
}
