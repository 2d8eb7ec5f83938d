"""How rates are applied, and what is taken off: the rules of the table as sentences."""

from typing import NamedTuple

from app import words
from app.calculator.names import part_name
from app.language import _, current
from app.tariff.reductions import Reduction
from app.tariff.table import Table


class Rule(NamedTuple):
    name: str
    text: str
    sample: bool
    source: str


def rules(table: Table) -> list[Rule]:
    """The rules that decide what a bill says."""
    found, sources, late = table.rules, table.rules.sources, table.rules.late_fee
    return [
        Rule(_("끝수"), cut(table), False, sources["cut"]),
        Rule(_("세대와 달"), per_household(table), False, sources["per_household"]),
        Rule(
            _("집과 가게가 함께 쓰는 계량기"),
            _(
                "%(month)s 납기부터 집마다 한 달 %(limit)s까지는 가정용, 나머지는 다른 업종의 "
                "단가로 계산합니다.",
                month=words.month(found.mixed_from),
                limit=words.volume(found.mixed_m3),
            ),
            False,
            sources["mixed_use"],
        ),
        Rule(
            _("늦게 내면"),
            _(
                "밀린 금액의 %(percent)s%%까지 하루씩 늘고, 한 달이 지나면 더 늘지 않습니다.",
                percent=late.percent,
            ),
            not late.verified,
            late.source,
        ),
        Rule(
            _("나눠 내기"),
            _("누수나 밀린 요금은 %(count)s달까지 나눠 낼 수 있습니다.", count=found.instalments),
            False,
            sources["instalments"],
        ),
    ]


def cut(table: Table) -> str:
    values = {"won": words.won(table.rules.cut_to)}
    if table.rules.cut_each == "part":
        return _("수도, 하수도, 물이용부담금에서 각각 %(won)s 미만을 버립니다.", **values)
    return _("합계에서 %(won)s 미만을 버립니다.", **values)


def per_household(table: Table) -> str:
    return _(
        "쓴 양을 달수와 세대수로 나눠 한 세대 한 달의 요금을 구하고, 다시 곱합니다. "
        "이렇게 하는 것: %(parts)s.",
        parts=", ".join(
            part_name(part)
            for part in ("water", "sewer", "levy")
            if part in table.rules.per_household
        ),
    )


def discounts(table: Table) -> list[Rule]:
    """What is taken off for whom."""
    return [
        Rule(
            row.name[current()],
            f"{', '.join(part_name(part) for part in row.parts)}: {benefit(row)}",
            not row.verified,
            row.source,
        )
        for row in table.reductions.values()
    ]


def shares(row: Reduction) -> str:
    """`30%`, or each part's own where they differ."""
    if len(set(row.percent.values())) == 1:
        return f"{next(iter(row.percent.values()))}%"
    return ", ".join(f"{part_name(part)} {share}%" for part, share in row.percent.items())


def benefit(row: Reduction) -> str:
    """What a reduction takes off, in one short sentence."""
    if row.kind == "free":
        return _("한 세대가 한 달에 %(limit)s까지 무료", limit=words.volume(row.m3))
    if row.kind == "fixed":
        return _("%(won)s 할인", won=words.won(row.won))
    percent = shares(row)
    if row.kind == "volume":
        return _("해당하는 물의 %(percent)s를 뺌", percent=percent)
    if row.kind == "less_use":
        return _("쓴 양의 %(percent)s를 뺌", percent=percent)
    if row.most is not None:
        return _(
            "금액의 %(percent)s, %(least)s에서 %(most)s까지 할인",
            percent=percent,
            least=words.won(row.least),
            most=words.won(row.most),
        )
    return _("금액의 %(percent)s 할인", percent=percent)
