"""What a tariff file would do to a city: days without a rate, used rates that changed, typos."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from app.adoption.facts import Facts
from app.clock import add_months, first_day, month_end
from app.tariff.check import Problem
from app.tariff.rates import Rate
from app.tariff.reductions import Reduction
from app.tariff.table import Period, Table, TariffError

MONTHS_BACK, MONTHS_AHEAD = 36, 12
VOLUMES_M3 = (1, 35, 60, 150, 500, 5000)
NEVER_EDITED = "keep the row as it was and add a new one with a later from"


def risks(new: Table, old: Table, known: Facts, today: date) -> list[Problem]:
    """All of them; only changes of rates that bills have used are errors."""
    return [
        *edited(new, old, known),
        *gaps(new, known.needed, today),
        *backdated(new, old, known),
        *jumps(new, old),
        *other_rules(new, old),
    ]


def edited(new: Table, old: Table, known: Facts) -> Iterator[Problem]:
    """A rate that bills have used is never edited: documents and corrections go by it."""
    for key in sorted(known.used):
        rate, rule = old.rates.get(key), old.reductions.get(key)
        if (rate and key not in new.rates) or (rule and key not in new.reductions):
            yield Problem(0, key, "bills have used this row, and it is missing", NEVER_EDITED)
        elif rate and (names := rate_changes(rate, new.rates[key], known.billed_until)):
            what = f"bills have used this rate, and it changed: {', '.join(names)}"
            yield Problem(0, key, what, NEVER_EDITED)
        elif rule and (names := rule_changes(rule, new.reductions[key], known.months)):
            what = f"bills have used this reduction, and it changed: {', '.join(names)}"
            mend = "end the row by billed_until and add a new one with another code"
            yield Problem(0, key, what, mend)


def rate_changes(old: Rate, new: Rate, billed_until: date) -> list[str]:
    """The fields that differ; a rate may get its end after the billed days."""
    names = [
        name
        for name in ("part", "use_class", "start", "billed_from", "tiers")
        if getattr(old, name) != getattr(new, name)
    ]
    ends_later = new.end is None or new.end >= billed_until
    return names if old.end == new.end or (ends_later and old.end is None) else [*names, "to"]


def rule_changes(old: Reduction, new: Reduction, months: Sequence[str]) -> list[str]:
    """The same; names and sources may change, and it may end after the billed months."""
    free = {"name", "asked", "verified", "source", "billed_until", "applied_until"}
    names = [
        name
        for name in Reduction._fields
        if name not in free and getattr(old, name) != getattr(new, name)
    ]
    ends_later = not new.billed_until or not months or new.billed_until >= months[0]
    if old.billed_until != new.billed_until and not ends_later:
        names.append("billed_until")
    return names


def gaps(table: Table, needed: Sequence[tuple[str, str]], today: date) -> Iterator[Problem]:
    """What premises need and the table lacks, in the months that bills may still be made for."""
    now = f"{today:%Y-%m}"
    months = [add_months(now, n) for n in range(-MONTHS_BACK, MONTHS_AHEAD + 1)]
    for part, use_class in needed:
        if lacking := [month for month in months if not covers(table, part, use_class, month)]:
            span = lacking[0] if len(lacking) == 1 else f"{lacking[0]} to {lacking[-1]}"
            what = f"premises need this rate, and there is none for days of {span}"
            mend = f"add a rate of part {part} for {use_class} that begins before these days"
            yield Problem(0, f"{part} {use_class}", what, mend, error=False)


def covers(table: Table, part: str, use_class: str, month: str) -> bool:
    first = first_day(month)
    days = Period(add_months(month, 1), first - timedelta(days=1), month_end(first), 1)
    try:
        return bool(table.slices(part, use_class, days))
    except TariffError:
        return False


def backdated(new: Table, old: Table, known: Facts) -> Iterator[Problem]:
    """New rates for days that were billed already: a correction would use them."""
    for key, rate in new.rates.items():
        if key not in old.rates and rate.begins <= known.billed_until:
            what = f"this new rate begins on {rate.begins}; bills until {known.billed_until} exist"
            mend = "let it begin later, unless the city decided so"
            yield Problem(0, key, what, mend, error=False)


def jumps(new: Table, old: Table) -> Iterator[Problem]:
    """Rates that are new or changed, and far from the one before: often a slip of a digit."""
    rates: dict[tuple[str, str], list[Rate]] = {}
    for rate in new.rates.values():
        rates.setdefault((rate.part, rate.use_class), []).append(rate)
    for before, rate in (pair for some in rates.values() for pair in pairwise(some)):
        known = old.rates.get(rate.key)
        if known and known.tiers == rate.tiers:
            continue
        for m3 in VOLUMES_M3:
            was, now = won_at(before, m3), won_at(rate, m3)
            if now > 2 * was or 2 * now < was:
                factor = "more than double" if now > was else "less than half"
                what = f"{now} won at {m3} m3 is {factor} of {was} won in {before.key}"
                yield Problem(0, rate.key, what, "look at the digits once more", error=False)
                break


def won_at(rate: Rate, m3: int) -> int:
    """What the last m3 of a volume costs."""
    return next(won for limit, won in rate.tiers if limit is None or m3 <= limit)


def other_rules(new: Table, old: Table) -> Iterator[Problem]:
    """Rules apply to all days at once, also to corrections of older bills."""
    for name in new.rules._fields:
        was, now = getattr(old.rules, name), getattr(new.rules, name)
        if name not in ("sources", "late_fee") and was != now:
            what = f"{name} is {now}, in the table in force {was}"
            mend = "it will hold for corrections of older bills too"
            yield Problem(0, "rules", what, mend, error=False)
