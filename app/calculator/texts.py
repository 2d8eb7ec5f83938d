"""An estimate as sentences and rows: the words of a bill for a bill that nobody got."""

from typing import NamedTuple, cast

from app import words
from app.bills import line_texts, statement
from app.bills.seen import SeenBill
from app.calculator.estimate import Estimate, Next
from app.calculator.names import part_name
from app.language import _, current
from app.tariff.engine import Line
from app.tariff.table import Table


class Imagined(NamedTuple):
    """What the sentences of a bill ask of one."""

    usage_m3: int
    months: int
    households: int
    diameter_mm: int
    water: int
    sewer: int
    levy: int
    discount: int
    total: int
    found: list[Line]

    def lines(self) -> list[Line]:
        return self.found


class Row(NamedTuple):
    """One line with its arithmetic; `sample` says so where a rate is not verified."""

    part: str
    name: str
    arithmetic: str
    amount: str
    sample: str


def imagined(found: Estimate) -> SeenBill:
    """An estimate in the shape of a bill, as far as its sentences look."""
    terms, period, usage_m3, _grants = found.asked
    water, sewer, levy, discount, total, lines = found.charged
    bill = Imagined(
        usage_m3, period.months, terms.households, terms.diameter_mm,
        water, sewer, levy, discount, total, lines,
    )  # fmt: skip
    return cast(SeenBill, bill)


def rows(found: Estimate, table: Table) -> list[Row]:
    """The lines of a bill."""
    shown = line_texts.lines(imagined(found), table)
    return [Row(one.part, one.name, one.arithmetic, one.amount, one.sample) for one in shown]


def mix(found: Estimate) -> list[tuple[str, float, float]]:
    return statement.mix(imagined(found))


def how_counted(found: Estimate, table: Table) -> str:
    """How the use became the volume that is charged, in one sentence."""
    terms, period, usage_m3, _grants = found.asked
    if not terms.dwellings or period.month < table.rules.mixed_from:
        return statement.how_counted(imagined(found))
    return _(
        "%(usage)s를 %(months)s 동안 썼습니다. 집 %(dwellings)s곳이 쓴 몫은 가정용으로, "
        "나머지는 고른 업종으로 계산합니다.",
        usage=words.volume(usage_m3),
        months=words.months(period.months),
        dwellings=terms.dwellings,
    )


def homes_to_move(found: Estimate, table: Table) -> int:
    """Households given for a shop's meter that may be homes: those belong into another field."""
    terms, period, _usage, _grants = found.asked
    shop = terms.water_class != "household" and period.month >= table.rules.mixed_from
    return terms.households if shop and terms.households > 1 and not terms.dwellings else 0


def which_count(found: Estimate, table: Table) -> str:
    """Which number of homes the answer goes by, where both fields say one."""
    terms, period, _usage, _grants = found.asked
    if not terms.dwellings:
        return ""
    if period.month < table.rules.mixed_from:
        return _(
            "함께 쓰는 집의 수는 %(month)s 납기부터 세므로 이 답에는 쓰지 않았습니다.",
            month=words.month(table.rules.mixed_from),
        )
    if terms.households == 1:
        return ""
    return _(
        "함께 쓰는 집의 수 %(dwellings)s만 세고, 세대수 %(households)s는 쓰지 않았습니다.",
        dwellings=terms.dwellings,
        households=terms.households,
    )


def question(found: Estimate) -> str:
    """What was asked, above the answer."""
    _terms, period, usage_m3, _grants = found.asked
    values = {
        "month": words.month(period.month),
        "months": words.months(period.months),
        "usage": words.volume(usage_m3),
    }
    return _("%(months)s 동안 %(usage)s, %(month)s 납기", **values)


def share(found: Estimate) -> str:
    """A month's share of two."""
    if found.asked.period.months == 1:
        return ""
    a_month = found.charged.total // found.asked.period.months
    return _("한 달에 %(share)s꼴입니다.", share=words.won(a_month))


def less(found: Estimate) -> dict[str, object] | None:
    """What a tenth less would save."""
    if found.less is None:
        return None
    usage_m3, total, saved, saved_a_year = found.less
    return {
        "usage": words.volume(usage_m3),
        "total": words.won(total),
        "saved": words.won(saved),
        "a_year": words.won(saved_a_year),
        "saves": saved > 0,
    }


def unused(found: Estimate, table: Table) -> str:
    """The names of chosen reductions that took nothing off."""
    used = {line.key for line in found.charged.lines}
    codes = [grant.code for grant in found.asked.grants if grant.code not in used]
    return ", ".join(table.reductions[code].name[current()] for code in codes)


def following(found: Estimate) -> dict[str, object]:
    """What the next m3 costs, and the steps of the parts that have some."""
    steps = [step(one) for one in found.following if len(one.rate.tiers) > 1]
    return {
        "won": words.won(sum(one.won for one in found.following)),
        "parts": [(part_name(one.part), words.won(one.won)) for one in found.following],
        "steps": steps,
        "single": not steps and not found.asked.terms.dwellings,
        "before_reductions": bool(found.asked.grants),
    }


def step(one: Next) -> str:
    """Which tier of a part the next m3 falls into, and how far it reaches."""
    limit = one.rate.tiers[one.step - 1][0]
    values: dict[str, object] = {
        "part": part_name(one.part),
        "step": one.step,
        "steps": len(one.rate.tiers),
    }
    if limit is None:
        return _("%(part)s: %(steps)s단계 가운데 가장 비싼 %(step)s단계입니다.", **values)
    values["limit"] = words.volume(limit)
    if one.rate.use_class == "household":
        return _(
            "%(part)s: %(steps)s단계 가운데 %(step)s단계입니다. 한 세대가 한 달에 %(limit)s를 "
            "넘으면 더 비싸집니다.",
            **values,
        )
    return _(
        "%(part)s: %(steps)s단계 가운데 %(step)s단계입니다. 한 달에 %(limit)s를 넘으면 "
        "더 비싸집니다.",
        **values,
    )
