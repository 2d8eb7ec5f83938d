"""Which complaints a browser may see, and taking what it sends of photos."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app, session
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from app import clock
from app.accounts.models import digest
from app.accounts.session import current_account
from app.complaints import album, filing, photos
from app.complaints.album import Whose
from app.complaints.models import Complaint
from app.complaints.photos import RefusedError
from app.complaints.records import ComplaintKey
from app.db import instant, rows, writing
from app.language import _

HERE = timedelta(days=1)
"""So long a browser sees what it filed, or what it gave number and phone for."""
OPEN = """
INSERT INTO complaint_keys (browser_hash, complaint_id, expires_at) VALUES (?, ?, ?)
ON CONFLICT (browser_hash, complaint_id) DO UPDATE SET expires_at = excluded.expires_at
RETURNING complaint_id
"""


def folder() -> Path:
    return Path(current_app.config["DATA_DIR"])


def open_to(browser_hash: str, complaint_id: int, now: datetime) -> None:
    """Let a browser see a complaint for a while."""
    with writing():
        rows(OPEN, (browser_hash, complaint_id, instant(now + HERE)))


def seen(number: str) -> Complaint | None:
    """The complaint of a number, for its account and for browsers that may see it."""
    found = Complaint.referred(number)
    return found if found and may_see(found) else None


def may_see(one: Complaint) -> bool:
    if current_user.is_authenticated and one.account_id == current_account().id:
        return True
    token = session.get("browser", "")
    return bool(token) and ComplaintKey.opens(digest(token), one.id, clock.now())


def filed_here(form_key: str) -> Complaint | None:
    """What this browser filed with a form before."""
    found = filing.filed(form_key) if form_key else None
    return found if found and may_see(found) else None


def take(given: Iterable[FileStorage], whose: Whose) -> list[str]:
    """Keep the photos that can be kept; of each other one a sentence why not."""
    refused = []
    for number, one in enumerate(given, 1):
        try:
            album.add(photos.read(one.stream), folder(), clock.now(), whose)
        except RefusedError as error:
            refused.append(_("%(number)s번째 사진: %(why)s", number=number, why=error.why))
    return refused
