"""Complaints and what belongs to them."""

from datetime import timedelta

from app import references
from app.complaints.models import Complaint, ComplaintEvent
from app.complaints.records import (
    ComplaintDraft,
    ComplaintFollower,
    ComplaintKey,
    ComplaintPhoto,
)
from app.sealed import lookup_hash
from tests.make.base import LONG_AGO, create, numbers
from tests.make.open311 import report_key

PHONE = "+821012345678"


def complaint(**values):
    """A leak in the street that nobody has looked at; with `phone` it can be found by it."""
    values.setdefault("phone", PHONE)
    values.setdefault("received_at", LONG_AGO)
    begun = values["received_at"]
    return create(
        Complaint,
        values,
        reference=references.new,
        type="leak_street",
        state="received",
        office="091",
        account=None,
        premises=None,
        name="김보기",
        phone_hash=lookup_hash(values["phone"]),
        email="",
        wants_texts=False,
        wants_push=False,
        language="ko",
        channel="web",
        district="성북구",
        dong="가상1동",
        place="보기로 12 앞",
        latitude=None,
        longitude=None,
        answers='{"amount": "flows", "danger": "no"}',
        body="길에서 물이 솟습니다.",
        period="3h",
        extensions=0,
        begun_at=begun,
        due_at=begun + timedelta(hours=4),
        promised_at=begun + timedelta(hours=4),
        assigned_to=None,
        closed_at=None,
        outcome="",
        rating=None,
        reopened=0,
        released_at=None,
        public_text="",
        merged_into=None,
        version=1,
        form_key=None,
        changed_at=begun,
    )


def complaint_event(**values):
    return create(
        ComplaintEvent,
        values,
        complaint=complaint,
        at=LONG_AGO,
        kind="received",
        actor_kind="applicant",
        actor="",
        shown=True,
        text="",
        data="{}",
    )


def complaint_photo(**values):
    """A photo's row; there is no file."""
    number = next(numbers)
    return create(
        ComplaintPhoto,
        values,
        name=f"{number:032x}",
        complaint=complaint,
        draft_hash="",
        width=1600,
        height=1200,
        size=200_000,
        digest=f"{number:064x}",
        added_at=LONG_AGO,
        by_staff=False,
        shown=True,
        hidden_at=None,
        released_at=None,
    )


def complaint_draft(**values):
    return create(
        ComplaintDraft,
        values,
        browser_hash=f"{next(numbers):064d}",
        typed="{}",
        expires_at=LONG_AGO,
    )


def complaint_key(**values):
    return create(
        ComplaintKey,
        values,
        browser_hash=f"{next(numbers):064d}",
        complaint=complaint,
        expires_at=LONG_AGO,
    )


def complaint_follower(**values):
    number = next(numbers)
    return create(
        ComplaintFollower,
        values,
        complaint=complaint,
        address_hash=f"{number:064d}",
        channel="mail",
        address="neighbour@example.com",
        language="ko",
        token_hash=f"{number:064d}",
        confirmed_at=None,
        created_at=LONG_AGO,
    )


COMPLAINTS = {
    "complaint_drafts": complaint_draft,
    "complaint_events": complaint_event,
    "complaint_followers": complaint_follower,
    "complaint_keys": complaint_key,
    "complaint_photos": complaint_photo,
    "complaints": complaint,
    "report_keys": report_key,
}
"""The makers by their tables."""
