"""Street problems that a person has released: the public list, its map, what is near a place."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import cos, hypot, radians
from typing import NamedTuple

from app import words
from app.complaints import kinds, progress
from app.complaints.models import Complaint, State
from app.complaints.places import area
from app.complaints.progress import Badge
from app.complaints.records import ComplaintPhoto

NEAR_METRES = 250
METRES_A_DEGREE = 111_320
SAME = 5
LIST = 50
RECENT = timedelta(days=90)
WIDTH, HEIGHT, EDGE = 640, 520, 24
NAME_X, LINE = 28, 28
"""How far from its spot a name stands, and from the next one above or below."""
ROUND = (100, 200, 500, 1000, 2000, 5000, 10_000)
LEAST = 5000
"""A map is never of less than about half a kilometre, in millionths of a degree."""


class Shown(NamedTuple):
    """What everybody may know of a released complaint: nothing about a person, no exact words."""

    number: int
    reference: str
    kind: str
    area: str
    text: str
    badge: Badge
    received: str
    photos: list[str]
    latitude: int | None
    longitude: int | None
    metres: int | None = None


class Spot(NamedTuple):
    """A complaint on the map, in the units of its drawing."""

    number: int
    x: int
    y: int
    css: str
    area: str


class Name(NamedTuple):
    """An area's name on the map, beginning or ending at a point."""

    text: str
    x: int
    y: int
    ends: bool


class Bar(NamedTuple):
    """A length on the map and what it is in the street."""

    length: int
    text: str


def is_public(one: Complaint) -> bool:
    """Whether everybody may see it: nothing that the applicant has taken back."""
    kind = kinds.types().get(one.type)
    shown = one.released_at is not None and one.state != State.WITHDRAWN
    return shown and kind is not None and kind.public


def shown(one: Complaint, number: int, metres: int | None = None) -> Shown:
    return Shown(
        number,
        one.reference,
        kinds.name(one.type),
        area(one),
        one.public_text,
        progress.badge(one.state),
        words.day(words.local_day(one.received_at)),
        [photo.name for photo in released(one)],
        one.latitude,
        one.longitude,
        metres,
    )


def released(one: Complaint) -> list[ComplaintPhoto]:
    """The photos that a person has released together with it."""
    return list(ComplaintPhoto.of(one.id).where(ComplaintPhoto.released_at.is_null(False)))


def listed(now: datetime, code: str = "") -> list[Shown]:
    """What was released last and is open, or was over lately; of a kind or of all. The one that
    was received last comes first.
    """
    public = [one.code for one in kinds.types().values() if one.public]
    wanted = [code] if code in public else public
    lately = Complaint.closed_at.is_null() | (Complaint.closed_at > now - RECENT)
    found = Complaint.select().where(
        Complaint.released_at.is_null(False)
        & Complaint.type.in_(wanted)
        & lately
        & Complaint.state.not_in((State.WITHDRAWN, State.MERGED))
    )
    last = list(found.order_by(Complaint.released_at.desc(), Complaint.id.desc()).limit(LIST))
    newest = sorted(last, key=lambda one: (one.received_at, one.id), reverse=True)
    return [shown(one, number) for number, one in enumerate(newest, 1)]


def placed_on_map(some: Sequence[Shown]) -> tuple[list[Shown], list[float], list[int], float]:
    """Those with a position, how far east and south each is, and the scale of their map."""
    placed = [one for one in some if one.latitude is not None and one.longitude is not None]
    ys = [-(one.latitude or 0) for one in placed]
    shrink = cos(radians(-ys[0] / 1_000_000)) if ys else 1
    xs = [(one.longitude or 0) * shrink for one in placed]
    wide, high = max(xs, default=0) - min(xs, default=0), max(ys, default=0) - min(ys, default=0)
    scale = min((WIDTH - 2 * EDGE) / max(wide, LEAST), (HEIGHT - 2 * EDGE) / max(high, LEAST))
    return placed, xs, ys, scale


def bar(some: Sequence[Shown]) -> Bar:
    """The longest round distance that takes at most a third of the map's width."""
    a_metre = placed_on_map(some)[3] * 1_000_000 / METRES_A_DEGREE
    metres = max(one for one in ROUND if one == ROUND[0] or one * a_metre <= WIDTH / 3)
    text = f"{metres}m" if metres < 1000 else f"{metres // 1000}km"
    return Bar(round(metres * a_metre), text)


def names(some: Sequence[Spot]) -> list[Name]:
    """Each area beside its first spot, on the side with more room; none over another."""
    found: list[Name] = []
    for one in some:
        ends = one.x > WIDTH / 2
        name = Name(one.area, one.x + (-NAME_X if ends else NAME_X), one.y + 8, ends)
        taken = any(name.text == other.text or abs(name.y - other.y) < LINE for other in found)
        if one.area and not taken:
            found.append(name)
    return found


def spots(some: Sequence[Shown]) -> list[Spot]:
    """Where they lie on a map that is as large as they are apart."""
    placed, xs, ys, scale = placed_on_map(some)
    if not placed:
        return []
    middle = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    return [
        Spot(
            one.number,
            round(WIDTH / 2 + (x - middle[0]) * scale),
            round(HEIGHT / 2 + (y - middle[1]) * scale),
            one.badge.css,
            one.area,
        )
        for one, x, y in zip(placed, xs, ys, strict=True)
    ]


def metres_between(one: tuple[int, int], other: tuple[int, int]) -> float:
    """The distance of two places in the city, in millionths of a degree."""
    north = (one[0] - other[0]) / 1_000_000 * METRES_A_DEGREE
    shrink = cos(radians(one[0] / 1_000_000))
    return hypot(north, (one[1] - other[1]) / 1_000_000 * METRES_A_DEGREE * shrink)


def near(code: str, place: tuple[int, int] | None, district: str, dong: str) -> list[Shown]:
    """Released and open ones of the same kind within 250 m; of who gave no position, those of the
    same dong.
    """
    kind = kinds.types().get(code)
    if kind is None or not kind.public:
        return []
    mine = (
        (Complaint.type == code)
        & Complaint.closed_at.is_null()
        & Complaint.released_at.is_null(False)
    )
    if place is None and not (district and dong):
        return []
    if place is None:
        same = mine & (Complaint.district == district) & (Complaint.dong == dong)
        found = Complaint.select().where(same).order_by(Complaint.released_at.desc()).limit(SAME)
        return [shown(one, number) for number, one in enumerate(found, 1)]
    north = round(NEAR_METRES / METRES_A_DEGREE * 1_000_000) + 1
    east = round(north / cos(radians(place[0] / 1_000_000))) + 1
    boxed = Complaint.select().where(
        mine
        & Complaint.latitude.between(place[0] - north, place[0] + north)
        & Complaint.longitude.between(place[1] - east, place[1] + east)
    )
    apart = [(metres_between(place, (one.latitude or 0, one.longitude or 0)), one) for one in boxed]
    close = sorted((far, one.id, one) for far, one in apart if far <= NEAR_METRES)[:SAME]
    return [shown(one, number, round(far)) for number, (far, _, one) in enumerate(close, 1)]
