"""A complaint that is being written: one for each browser, sealed, gone after a day."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.accounts.models import digest
from app.complaints import kinds
from app.complaints.kinds import Type
from app.complaints.records import ComplaintDraft, ComplaintPhoto
from app.db import instant, rows, writing
from app.sealed import seal

LIFETIME = timedelta(days=1)
KEEP = """
INSERT INTO complaint_drafts (browser_hash, typed, expires_at) VALUES (?, ?, ?)
ON CONFLICT (browser_hash) DO UPDATE SET typed = excluded.typed, expires_at = excluded.expires_at
RETURNING browser_hash
"""


@dataclass(frozen=True)
class Draft:
    """What was typed so far. `form_key` makes it one complaint, however often it is sent."""

    type: str
    form_key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    home: str = ""
    """The reference of one of the account's homes."""
    district: str = ""
    dong: str = ""
    place: str = ""
    latitude: int | None = None
    longitude: int | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    wants_texts: bool = False
    done: tuple[str, ...] = ()
    """The steps that were sent without a mistake."""

    @property
    def kind(self) -> Type:
        return kinds.types()[self.type]

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps of its kind in their order; what is about no place asks for none."""
        where = () if self.kind.place == "none" else ("place",)
        return (*where, "details", "photos", "contact", "check")

    @property
    def first_open(self) -> str:
        return next((step for step in self.steps if step not in self.done), "check")

    def reaches(self, step: str) -> bool:
        """Whether a step may be shown: all before it are done (S-69)."""
        steps = self.steps
        return step in steps and steps.index(step) <= steps.index(self.first_open)

    @classmethod
    def of(cls, browser: str, now: datetime) -> "Draft | None":
        """The draft of a browser; none of a kind that is no more."""
        found = ComplaintDraft.get_or_none(
            (ComplaintDraft.browser_hash == digest(browser)) & (ComplaintDraft.expires_at > now)
        )
        if found is None:
            return None
        raw: dict[str, Any] = json.loads(found.typed)
        known = {name: raw[name] for name in raw if name in cls.__dataclass_fields__}
        draft = cls(**{**known, "done": tuple(raw["done"])})
        return draft if draft.type in kinds.types() else None

    def keep(self, browser: str, now: datetime) -> None:
        text = seal(json.dumps(asdict(self), ensure_ascii=False))
        with writing():
            rows(KEEP, (digest(browser), text, instant(now + LIFETIME)))


def forget(browser: str) -> list[str]:
    """Delete a browser's draft with its photos' rows; the names of their files."""
    mine = digest(browser)
    with writing():
        ComplaintDraft.delete().where(ComplaintDraft.browser_hash == mine).execute()
        found = ComplaintPhoto.delete().where(ComplaintPhoto.draft_hash == mine)
        return [one.name for one in found.returning(ComplaintPhoto.name).execute()]
