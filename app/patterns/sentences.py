"""What a home's use says, in sentences: values that a template only has to print."""

from collections.abc import Sequence
from datetime import timedelta

from app import words
from app.bills import similar
from app.clock import add_months
from app.language import _
from app.patterns import carbon, leak
from app.patterns.models import Day, SeenHome, Use

RECENT_DAYS, RECENT_MONTHS = 14, 3


def year_until(uses: Sequence[Use], month: str) -> list[Use]:
    """The bills of the twelve months up to a month."""
    since = add_months(month, -12)
    return [use for use in uses if since < use.month <= month]


def period(uses: Sequence[Use]) -> str:
    """The days that some bills cover."""
    first, last = uses[0].from_on + timedelta(days=1), uses[-1].to_on
    return f"{words.day(first)} – {words.day(last)}"


def total(uses: Sequence[Use]) -> int:
    return sum(use.usage_m3 for use in uses)


def against_last_year(uses: Sequence[Use]) -> str:
    """A year against the one before; else a bill against that of a year ago, else nothing."""
    newest = uses[-1]
    now = year_until(uses, newest.month)
    before = year_until(uses, add_months(newest.month, -12))
    if sum(use.months for use in before) == sum(use.months for use in now) >= 12:
        return compared(total(now) - total(before), _("그 전 1년"))
    a_year_ago = add_months(newest.month, -12)
    same = [use for use in uses if use.month == a_year_ago and use.months == newest.months]
    if not same:
        return ""
    return compared(newest.usage_m3 - same[0].usage_m3, _("작년 이맘때"))


def compared(difference: int, when: str) -> str:
    """`그 전 1년보다 18㎥ 적게 썼습니다.`"""
    if difference == 0:
        return _("%(when)s만큼 썼습니다.", when=when)
    values = {"when": when, "difference": words.volume(abs(difference))}
    if difference > 0:
        return _("%(when)s보다 %(difference)s 많이 썼습니다.", **values)
    return _("%(when)s보다 %(difference)s 적게 썼습니다.", **values)


def chart_says(uses: Sequence[Use], values: Sequence[int]) -> str:
    """The message of the chart by months."""
    most = max(range(len(uses)), key=lambda index: values[index])
    return _(
        "가장 많은 때는 %(month)s %(most)s, 이번은 %(now)s입니다.",
        month=words.month(uses[most].month),
        most=words.tenths(values[most]),
        now=words.tenths(values[-1]),
    )


def days_say(days: Sequence[Day]) -> str:
    """The message of the chart by days."""
    most = max(days, key=lambda day: day.litres)
    return _(
        "하루 평균 %(mean)s를 썼고, 가장 많은 날은 %(day)s %(most)s입니다.",
        mean=words.litres((sum(day.litres for day in days) + len(days) // 2) // len(days)),
        day=words.day_in_sentence(most.day),
        most=words.litres(most.litres),
    )


def against_others(seen: SeenHome, newest: Use) -> list[str]:
    """The last bill against similar homes; nothing when there are too few of them."""
    if newest.water_class != similar.HOUSEHOLD:
        return []
    found = similar.mean(newest.month, seen.district, newest.households)
    if found is None:
        return []
    homes, mean = found
    ours = newest.usage_m3 * 10 // (newest.months * newest.households)
    values = {"ours": words.tenths(ours), "difference": words.tenths(abs(ours - mean))}
    others = _(
        "같은 구에서 세대수가 비슷한 집 %(homes)s곳은 한 세대가 한 달에 평균 %(mean)s를 썼습니다.",
        homes=f"{homes:,}",
        mean=words.tenths(mean),
    )
    if ours == mean:
        return [others, _("이 집도 %(ours)s로 같습니다.", **values)]
    if ours > mean:
        return [others, _("이 집은 %(ours)s로 %(difference)s 많습니다.", **values)]
    return [others, _("이 집은 %(ours)s로 %(difference)s 적습니다.", **values)]


def cost(newest: Use) -> str:
    """What water costs this home, by its last bill and without what was owed before."""
    by_day = words.won(newest.charges // (newest.to_on - newest.from_on).days)
    if not newest.usage_m3:
        return _("지난 고지서로 보면 하루에 %(by_day)s이 들었습니다.", by_day=by_day)
    return _(
        "지난 고지서로 보면 물 1㎥(1,000L)에 %(by_m3)s, 하루에 %(by_day)s이 들었습니다.",
        by_m3=words.won(newest.charges // newest.usage_m3),
        by_day=by_day,
    )


def emitted(usage_m3: int) -> str:
    """The carbon that went into the water of a year."""
    return _(
        "최근 1년의 물을 만들어 보내는 데 이산화탄소 약 %(kilograms)skg이 나왔습니다.",
        kilograms=f"{carbon.kilograms(usage_m3):,}",
    )


def night_hint(flow: int) -> list[str]:
    """Why water may be leaking, by the nights."""
    return [
        _(
            "최근 일주일은 밤(1시~5시)에도 물이 멈추지 않았습니다. "
            "가장 적을 때도 한 시간에 %(flow)s가 흘렀습니다.",
            flow=words.litres(flow),
        )
    ]


def season_hint(newest: Use, usual: leak.Usual) -> list[str]:
    """Why water may be leaking, by the bills."""
    values = {"usual": words.tenths(usual.tenths), "now": words.tenths(newest.monthly())}
    if usual.of_season:
        text = _(
            "지난 몇 해 이맘때는 많아야 한 달 %(usual)s였는데, 이번에는 %(now)s입니다.", **values
        )
    else:
        text = _("보통 한 달 %(usual)s였는데, 이번에는 %(now)s입니다.", **values)
    return [text, _("손님이나 방학처럼 짚이는 까닭이 있으면 그대로 두어도 됩니다.")]
