"""The strip on every page while an emergency is on."""

from collections.abc import Sequence

from flask import Flask

from app import clock
from app.delivery import State
from app.language import _, current
from app.outages import phrases, shelf
from app.outages.record import Outage, Phase

MOST = 2
Line = tuple[str, str]


def urgent(app: Flask) -> list[Outage]:
    now = clock.now()
    known = shelf.of(app).current().values()
    found = [one for one in known if one.is_urgent and one.phase(now) is Phase.NOW]
    return sorted(found, key=lambda one: one.begins_at, reverse=True)


def lines(app: Flask) -> Sequence[Line]:
    """(address, sentence) of what goes on now; of many the newest, and how many more. Worked out
    once for each state of the outages and each language.
    """
    on_shelf = shelf.of(app)
    key = on_shelf.state()[0], current()
    made: dict[object, Sequence[Line]] = app.extensions["strip_made"]
    found = made.get(key)
    if found is None:  # not asked for again: other threads may empty it meanwhile
        found = fresh(app)
        made.clear()
        made[key] = found
    return found


def fresh(app: Flask) -> Sequence[Line]:
    found = urgent(app)
    texts = [(one.path, sentence(one)) for one in found[:MOST]]
    if len(found) > MOST:
        texts.append(("/outages/", _("긴급 안내 %(count)s건 더", count=len(found) - MOST)))
    return texts


def sentence(one: Outage) -> str:
    """`긴급 단수: 강남구 역삼동, 11월 26일(목) 10:00부터 18:00까지`."""
    where, when = phrases.short_where(one.area), phrases.when(one)
    return f"{phrases.kind_name(one.kind)}: {where}, {when}"


def state(app: Flask) -> State:
    """What kept pages depend on."""
    return shelf.of(app).state


def init_app(app: Flask) -> None:
    """The outages in use, and the strip that web pages ask for."""
    app.extensions["outages"] = shelf.Shelf(app)
    app.extensions["strip_made"] = {}
    app.extensions["urgent"] = lambda: lines(app)
