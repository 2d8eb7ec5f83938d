"""A complaint that is being written: one for each browser, sealed, gone after a day.

Whoever signs in takes it along. What somebody has written who was signed in is shown to that
account alone, also when the session has run out; signing out ends it.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app

from app import clock
from app.accounts import belongings
from app.accounts.belongings import Belonging
from app.accounts.models import digest
from app.complaints import kinds, photos, uploads
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
    account: int | None = None
    """Whose it is; of nobody's, whoever uses the browser."""
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
    wants_push: bool = False
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

    def is_of(self, account_id: int | None) -> bool:
        """Whether it may be shown to an account, or to nobody's."""
        return self.account is None or self.account == account_id

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


def folder() -> Path:
    return Path(current_app.config["DATA_DIR"])


def discard(browser: str) -> None:
    """Nothing that was begun in a browser is left: no draft, no photo, no half of one."""
    for name in forget(browser):
        photos.remove(folder(), name)
    uploads.remove_all(folder(), digest(browser))


def take_over(before: str, after: str, account_id: int) -> None:
    """The draft of a browser in which somebody signs in is theirs; another account's is gone."""
    now = clock.now()
    draft = Draft.of(before, now)
    if draft is None or not draft.is_of(account_id):
        discard(before)
        return
    old, new = digest(before), digest(after)
    with writing():
        replace(draft, account=account_id).keep(after, now)
        ComplaintDraft.delete().where(ComplaintDraft.browser_hash == old).execute()
        theirs = ComplaintPhoto.draft_hash == old
        ComplaintPhoto.update(draft_hash=new).where(theirs).execute()
        uploads.move(folder(), old, new)


belongings.register(Belonging(take_over, discard))
