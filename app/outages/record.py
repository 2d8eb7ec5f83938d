"""An outage as it is known: what, when, where, why, and every change of it with its time."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from app.outages.area import Area, Place


class Kind(StrEnum):
    PLANNED = "planned"
    EMERGENCY = "emergency"
    TURBID = "turbid"
    LOW_PRESSURE = "low_pressure"
    QUALITY = "quality"
    WORKS = "works"


DRY = (Kind.PLANNED, Kind.EMERGENCY)
"""There is no water while these are on; of the others there is, but not as it should be."""
URGENT = (Kind.EMERGENCY, Kind.QUALITY)
"""Told at any hour, and before everything else."""


class State(StrEnum):
    DRAFT = "draft"
    ANNOUNCED = "announced"
    IN_PROGRESS = "in_progress"
    EXTENDED = "extended"
    RESTORED = "restored"
    CLOSED = "closed"
    CANCELLED = "cancelled"


NEXT = {
    State.DRAFT: (State.ANNOUNCED, State.IN_PROGRESS, State.CANCELLED),
    State.ANNOUNCED: (
        State.ANNOUNCED, State.IN_PROGRESS, State.EXTENDED, State.RESTORED, State.CANCELLED
    ),
    State.IN_PROGRESS: (State.IN_PROGRESS, State.EXTENDED, State.RESTORED),
    State.EXTENDED: (State.IN_PROGRESS, State.EXTENDED, State.RESTORED),
    State.RESTORED: (State.RESTORED, State.IN_PROGRESS, State.CLOSED),
    State.CLOSED: (State.CLOSED,),
    State.CANCELLED: (State.CANCELLED,),
}  # fmt: skip
"""What may follow. Water that fails again after it was back is in progress again."""
UNTOLD = (State.DRAFT, State.CLOSED, State.CANCELLED)
OVER = (State.RESTORED, State.CLOSED, State.CANCELLED)


class Phase(StrEnum):
    """Where an outage stands for who reads of it now."""

    HIDDEN = "hidden"
    PLANNED = "planned"
    NOW = "now"
    PAST = "past"


UNCONFIRMED = timedelta(hours=24)
"""So long after its planned end it counts as going on, unless somebody said that it is over."""
SHOWN = timedelta(days=30)
"""So long it is listed after its end."""


class Relief(NamedTuple):
    """Where people get water meanwhile."""

    where: str
    what: str
    when: str = ""


class Update(NamedTuple):
    """A change, with its time and the words in which people are told."""

    at: datetime
    state: State
    text: str
    text_en: str = ""


class Outage(NamedTuple):
    """What one file says. Moments are aware, in UTC."""

    id: str
    title: str
    title_en: str
    kind: Kind
    state: State
    from_at: datetime
    to_at: datetime
    actual_from: datetime | None
    actual_to: datetime | None
    area: Area
    cause: str
    cause_en: str
    office: str
    households: int
    relief: tuple[Relief, ...]
    quality_after: str
    updates: tuple[Update, ...]

    @property
    def revision(self) -> int:
        """How often it was changed so that somebody is told; the first notice is 1."""
        return len(self.updates)

    @property
    def published_at(self) -> datetime:
        return self.updates[0].at

    @property
    def updated_at(self) -> datetime:
        return self.updates[-1].at

    @property
    def begins_at(self) -> datetime:
        return self.actual_from or self.from_at

    @property
    def ends_at(self) -> datetime:
        """When it ended, or when it should."""
        if self.state is State.CANCELLED:
            return self.updated_at
        if self.state in OVER:
            return self.actual_to or self.updated_at
        return self.to_at

    @property
    def is_urgent(self) -> bool:
        return self.kind in URGENT

    @property
    def path(self) -> str:
        return f"/outages/{self.id}"

    def is_published(self, now: datetime) -> bool:
        return self.state is not State.DRAFT and bool(self.updates) and self.published_at <= now

    def phase(self, now: datetime) -> Phase:
        if not self.is_published(now) or now >= self.ends_at + SHOWN:
            return Phase.HIDDEN
        if self.state in OVER or now >= self.to_at + UNCONFIRMED:
            return Phase.PAST
        begun = self.state is not State.ANNOUNCED or now >= self.from_at
        return Phase.NOW if begun else Phase.PLANNED

    def is_late(self, now: datetime) -> bool:
        """Whether its planned end has passed and nobody said that it is over."""
        return self.phase(now) is Phase.NOW and now >= self.to_at

    def moments(self) -> Iterable[datetime]:
        """When it looks different without being changed."""
        if self.updates:
            times = (self.published_at, self.from_at, self.to_at, self.to_at + UNCONFIRMED)
            yield from (*times, self.ends_at + SHOWN)


class Change(StrEnum):
    """What a revision is to somebody at one place."""

    NOTHING = "nothing"
    ANNOUNCED = "announced"
    """They have not heard of it yet."""
    CHANGED = "changed"
    """Another time, or another kind of fault."""
    LEFT = "left"
    """Their place is no longer in the area."""
    RESTORED = "restored"
    CANCELLED = "cancelled"


def change(place: Place, before: Outage | None, after: Outage) -> Change:
    """What somebody at a place must be told of a revision, given the one before it. A draft before
    it was told and then withdrawn: that it is on is news again, that it is over is news still.
    """
    here = after.area.covers(place)
    if before is not None and before.state is State.DRAFT:
        told = before._replace(state=before.updates[-1].state)
        again = here and after.state not in OVER
        return Change.ANNOUNCED if again else change(place, told, after)
    if before is None or before.state in UNTOLD or not before.area.covers(place):
        return Change.ANNOUNCED if here and after.state not in OVER else Change.NOTHING
    if not here:
        return Change.NOTHING if before.state in OVER else Change.LEFT
    return progress(before, after)


def progress(before: Outage, after: Outage) -> Change:
    """What a revision is to somebody who was in the area, and is."""
    if after.state is State.CANCELLED:
        return Change.CANCELLED
    if after.state in OVER:
        return Change.NOTHING if before.state in OVER else Change.RESTORED
    if before.state in OVER:
        return Change.ANNOUNCED
    return Change.CHANGED if essence(before) != essence(after) else Change.NOTHING


def essence(one: Outage) -> tuple[object, ...]:
    """What matters to who is affected: the rest is on the page."""
    return one.kind, one.from_at, one.to_at, one.quality_after, one.relief
