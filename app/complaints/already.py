"""What is known already about the place of a draft: an outage there, and what others reported."""

from datetime import datetime

from app import addresses, clock
from app.accounts.models import Account
from app.complaints import public as released
from app.complaints import summary
from app.complaints.drafts import Draft
from app.outages import shown
from app.outages.area import Place
from app.outages.shown import Answer
from app.supply.models import Premises


def typed_place(draft: Draft) -> Place:
    """A dong or a road, as it was typed; of a name that is on no list only the district counts."""
    known = addresses.districts().get(draft.district)
    if known is None or draft.dong not in known.names:
        return Place(draft.district)
    if draft.dong.endswith(("로", "길")):
        found = Place.at(draft.district, "", f"{draft.dong} {draft.place}")
        return found if found.road == draft.dong else Place(draft.district, road=draft.dong)
    return Place.at(draft.district, draft.dong, draft.place)


def home_place(home: Premises) -> Place:
    return Place.at(home.district, home.dong, home.road_address, home.supply_block)


def outages(draft: Draft, home: Premises | None, now: datetime) -> Answer | None:
    """What goes on or is planned there; None when nothing is, or it could not be the reason."""
    if not draft.kind.outage or not (home or draft.district):
        return None
    place = home_place(home) if home else typed_place(draft)
    name = f"{home.district} {home.dong}" if home else shown.place_name(place)
    found = shown.answer(place, name, now)
    return found if found.found else None


def near(draft: Draft) -> list[released.Shown]:
    """What others have reported near the place of a draft."""
    at = None
    if draft.latitude is not None and draft.longitude is not None:
        at = draft.latitude, draft.longitude
    return released.near(draft.type, at, draft.district, draft.dong)


def about(draft: Draft, account: Account | None, now: datetime) -> dict[str, object]:
    """Everything; empty when there is nothing to say."""
    home = summary.premises_of(account, draft.home, clock.today()) if draft.home else None
    found: dict[str, object] = {"outages": outages(draft, home, now), "near": near(draft)}
    return found if any(found.values()) else {}
