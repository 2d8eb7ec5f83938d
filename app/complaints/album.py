"""The photos of a draft or a complaint: rows with their files, and what is swept."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from app import destructions
from app.complaints import photos
from app.complaints.photos import MOST, RefusedError
from app.complaints.records import ComplaintDraft, ComplaintPhoto
from app.db import is_postgres, rows, writing
from app.language import later
from app.privacy import files

TOO_MANY = later("사진은 5장까지 보낼 수 있습니다. 먼저 올린 것을 지우고 다시 고르십시오.")
DAY = timedelta(days=1)
AT_ONCE = 500
MOST_IN_ALL = 2 * MOST
"""Of a complaint that was filed: somebody may send more later."""
LOCK = "SELECT pg_advisory_xact_lock(hashtext(?))"


def of_draft(draft_hash: str) -> list[ComplaintPhoto]:
    """The photos that a browser has added to its draft, in the order in which they came."""
    mine = ComplaintPhoto.draft_hash == draft_hash
    found = ComplaintPhoto.select().where(mine)
    return list(found.order_by(ComplaintPhoto.added_at, ComplaintPhoto.name))


class Whose(NamedTuple):
    """To whom a photo belongs: a draft or a complaint; and who took it, for whose eyes."""

    draft_hash: str = ""
    complaint_id: int | None = None
    by_staff: bool = False
    shown: bool = True

    def known(self) -> list[ComplaintPhoto]:
        """What is there of the same hands, seen by the same eyes."""
        if not self.complaint_id:
            return of_draft(self.draft_hash)
        there = ComplaintPhoto.at_desk(self.complaint_id)
        same = (ComplaintPhoto.by_staff == self.by_staff) & (ComplaintPhoto.shown == self.shown)
        return list(there.where(same))

    @property
    def most(self) -> int:
        return MOST_IN_ALL if self.complaint_id else MOST


def add(raw: bytes, folder: Path, now: datetime, whose: Whose) -> ComplaintPhoto:
    """Keep a photo; the same file again is the same photo. Raises RefusedError.

    Its file is there before its row: a kill between them leaves a file without a row, which is
    swept after a day, and never a row without its file.
    """
    digest = hashlib.sha256(raw).hexdigest()
    known = whose.known()
    for one in known:
        if one.digest == digest:
            return one
    if len(known) >= whose.most:
        raise RefusedError(TOO_MANY)
    kept = photos.take(raw, folder)
    with writing():
        if is_postgres():
            rows(LOCK, (f"photos of {whose.draft_hash or whose.complaint_id}",))
        known = whose.known()
        same = next((one for one in known if one.digest == digest), None)
        if same is None and len(known) < whose.most:
            made: ComplaintPhoto = ComplaintPhoto.create(
                name=kept.name, complaint=whose.complaint_id, draft_hash=whose.draft_hash,
                width=kept.width, height=kept.height, size=kept.size, digest=digest, added_at=now,
                by_staff=whose.by_staff, shown=whose.shown, hidden_at=None, released_at=None,
            )  # fmt: skip
            return made
    photos.remove(folder, kept.name)
    if same is None:
        raise RefusedError(TOO_MANY)
    return same


def drop(name: str, draft_hash: str, folder: Path) -> bool:
    """Take a photo out of a draft; False when it has none of that name."""
    with writing():
        mine = (ComplaintPhoto.name == name) & (ComplaintPhoto.draft_hash == draft_hash)
        gone = ComplaintPhoto.delete().where(mine).execute()
    if gone:
        photos.remove(folder, name)
    return bool(gone)


def forget(now: datetime) -> None:
    """Delete the photos' rows of drafts that are over, on record; their files follow."""
    drafts = ComplaintDraft.select(ComplaintDraft.browser_hash).where(
        ComplaintDraft.expires_at > now
    )
    with writing():
        old = (ComplaintPhoto.draft_hash != "") & (ComplaintPhoto.added_at <= now - DAY)
        over = ComplaintPhoto.draft_hash.not_in(drafts)
        gone = ComplaintPhoto.delete().where(old & over).execute()
        destructions.note("complaint_photos", "not sent 1d", gone, now)


def old_files(config: Mapping[str, Any], now: datetime) -> Iterator[Path]:
    """Photos without a row, and what was never finished."""
    folder = Path(config["DATA_DIR"], "photos")
    yield from files.older(folder, "*/*.new", now - DAY)
    for part in sorted(folder.glob("??")):
        some = list(files.older(part, "*.jpg", now - DAY))
        for first in range(0, len(some), AT_ONCE):
            yield from without_row(some[first : first + AT_ONCE])


def without_row(some: list[Path]) -> Iterator[Path]:
    """Those that belong to no photo, or to one that was taken out."""
    names = {path.stem.removesuffix("-small") for path in some}
    shown = ComplaintPhoto.name.in_(names) & ComplaintPhoto.hidden_at.is_null()
    known = {one.name for one in ComplaintPhoto.select(ComplaintPhoto.name).where(shown)}
    yield from (path for path in some if path.stem.removesuffix("-small") not in known)


files.register("photos", "of reports that are gone or were not sent, 1d", old_files)
