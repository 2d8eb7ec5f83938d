"""Feeds of outages: whole city, an office, a dong; calendars also of one outage and one home."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

from flask import Response, abort, current_app
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature

from app import addresses, clock, feed
from app.access import kept, public
from app.db import rows
from app.language import _, current
from app.outages import calendar, cap, phrases, shelf, shown
from app.outages.area import Place, written
from app.outages.record import Outage, Phase
from app.outages.views import bp, signer
from app.supply.offices import offices
from app.web import absolute

SHOWN = (Phase.NOW, Phase.PLANNED, Phase.PAST)
HOME = """
SELECT h.name, p.district, p.dong, p.road_address, p.supply_block FROM homes h
JOIN premises p ON p.id = h.premises_id
JOIN accounts a ON a.id = h.account_id AND a.disabled_at IS NULL AND a.closed_at IS NULL
WHERE h.reference = ? AND h.calendars = ? AND (h.until_on IS NULL OR h.until_on >= ?)
"""


class Part(NamedTuple):
    """The outages of a part of the city, under an address of their own."""

    title: str
    path: str
    found: list[Outage]


def all_shown(now: datetime) -> list[Outage]:
    """What is not forgotten yet, the newest change first."""
    found = [one for phase in SHOWN for one in shelf.listed(now, phase)]
    return sorted(found, key=lambda one: (one.updated_at, one.id), reverse=True)


def city() -> Part:
    return Part(_("서울 단수 안내"), "/outages", all_shown(clock.now()))


def of_office(code: str) -> Part:
    office = offices().get(code) or abort(404)
    found = [
        one
        for one in all_shown(clock.now())
        if one.office == code or any(one.area.touches(gu) for gu in office.districts)
    ]
    title = _("%(office)s수도사업소 단수 안내", office=office.shown)
    return Part(title, f"/outages/office/{code}", found)


def of_dong(district: str, dong: str) -> Part:
    known = addresses.districts().get(district) or abort(404)
    if dong not in known.names:
        abort(404)
    place = Place(district, dong)
    found = [one for one in all_shown(clock.now()) if one.area.covers(place)]
    title = _("%(place)s 단수 안내", place=f"{phrases.district_name(district)} {dong}")
    return Part(title, f"/outages/dong/{quote(district)}/{quote(dong)}", found)


def base() -> str:
    return absolute("")


def site_name() -> str:
    return str(current_app.config["SITE_NAME_EN" if current() == "en" else "SITE_NAME"])


def entry(one: Outage) -> feed.Entry:
    now = clock.now()
    said = (shown.sentence(one, now), ", ".join(phrases.where(one.area)), one.updates[-1].text)
    return feed.Entry(
        id=feed.tag(base(), f"outage/{one.id}"),
        title=phrases.title(one),
        text=" ".join((phrases.kind_name(one.kind) + ".", *said)),
        published=one.published_at,
        updated=one.updated_at,
        links=[
            (absolute(one.path), feed.HTML),
            (absolute(f"/outages/cap/{one.id}.xml"), cap.MEDIA),
            (absolute(f"{one.path}/calendar.ics"), "text/calendar"),
        ],
        tags=(one.kind.value, one.state.value),
        more=facts(one),
    )


def facts(one: Outage) -> dict[str, object]:
    """What programs read."""
    return {
        "kind": one.kind.value,
        "state": one.state.value,
        "revision": one.revision,
        "from": feed.moment(one.from_at),
        "to": feed.moment(one.to_at),
        "actual_from": feed.moment(one.actual_from) if one.actual_from else None,
        "actual_to": feed.moment(one.actual_to) if one.actual_to else None,
        "area": {"city": one.area.city, **written(one.area)},
        "office": one.office,
        "households": one.households or None,
        "relief": [place._asdict() for place in one.relief],
    }


def as_feed(part: Part, form: str) -> Response:
    address = absolute(f"{part.path}/feed")
    made = feed.Feed(
        part.title, absolute("/outages/"), address, site_name(), current(),
        [entry(one) for one in part.found],
    )  # fmt: skip
    return Response(feed.WRITERS[form](made), content_type=feed.FORMS[form])


def as_calendar(title: str, path: str, found: Iterable[Outage]) -> Response:
    body = calendar.calendar(title, absolute(path), found, base(), cap.host(base()))
    return Response(body, content_type=calendar.MEDIA)


@bp.get("/feed.<any(atom, rss, json):form>")
@kept
def city_feed(form: str) -> ResponseReturnValue:
    return as_feed(city(), form)


@bp.get("/office/<office>/feed.<any(atom, rss, json):form>")
@kept
def office_feed(office: str, form: str) -> ResponseReturnValue:
    return as_feed(of_office(office), form)


@bp.get("/dong/<district>/<dong>/feed.<any(atom, rss, json):form>")
@kept
def dong_feed(district: str, dong: str, form: str) -> ResponseReturnValue:
    return as_feed(of_dong(district, dong), form)


@bp.get("/calendar.ics")
@kept
def city_calendar() -> ResponseReturnValue:
    part = city()
    return as_calendar(part.title, "/outages/calendar.ics", part.found)


@bp.get("/office/<office>/calendar.ics")
@kept
def office_calendar(office: str) -> ResponseReturnValue:
    part = of_office(office)
    return as_calendar(part.title, f"{part.path}/calendar.ics", part.found)


@bp.get("/dong/<district>/<dong>/calendar.ics")
@kept
def dong_calendar(district: str, dong: str) -> ResponseReturnValue:
    part = of_dong(district, dong)
    return as_calendar(part.title, f"{part.path}/calendar.ics", part.found)


@bp.get("/<outage>/calendar.ics")
@kept
def one_calendar(outage: str) -> ResponseReturnValue:
    one = shelf.find(outage, clock.now()) or abort(404)
    return as_calendar(one.title, f"{one.path}/calendar.ics", [one])


@bp.get("/cap/")
@kept
def cap_index() -> ResponseReturnValue:
    """The messages that count now, as an Atom feed of links to them."""
    now = clock.now()
    found = [one for one in all_shown(now) if cap.is_active(one, now)]
    entries = [
        entry(one)._replace(links=[(absolute(f"/outages/cap/{one.id}.xml"), cap.MEDIA)])
        for one in found
    ]
    title, home = _("서울 단수 경보(CAP 1.2)"), absolute("/outages/")
    made = feed.Feed(title, home, absolute("/outages/cap/"), site_name(), current(), entries)
    return Response(feed.atom(made, made.address), content_type=feed.FORMS["atom"])


@bp.get("/cap/<outage>.xml")
@kept
def cap_alert(outage: str) -> ResponseReturnValue:
    one = shelf.find(outage, clock.now()) or abort(404)
    actual = current_app.config["MODE"] == "production"
    body = cap.alert(one, base(), site_name(), shown.contact(one), actual)
    return Response(body, content_type=cap.MEDIA)


@bp.get("/home/<token>/calendar.ics")
@public
def home_calendar(token: str) -> ResponseReturnValue:
    """The outages of one home, as long as it is linked to an account that may sign in."""
    try:
        secret = signer().loads(token)
    except BadSignature:
        abort(404)
    reference, renewed = secret if isinstance(secret, list) else (secret, 0)
    found = rows(HOME, (reference, renewed, clock.today().isoformat()))
    if not found:
        abort(404)
    name, *where = found[0]
    place = Place.at(*where)
    known = [one for one in all_shown(clock.now()) if one.area.covers(place)]
    title = _("%(home)s 단수", home=name)
    return as_calendar(title, f"/outages/home/{token}/calendar.ics", known)
