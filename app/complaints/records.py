"""What belongs to complaints: photos, drafts, and who may see or follow one."""

from datetime import datetime
from typing import Self

from peewee import (
    SQL,
    AutoField,
    BooleanField,
    CharField,
    Check,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
)

from app.complaints.models import Complaint
from app.db import BaseModel, InstantColumn, one_of
from app.sealed import SealedColumn, SealedText


class ComplaintPhoto(BaseModel):
    """A photo of a complaint, or of a draft that is not sent yet."""

    name = CharField(32, primary_key=True)
    complaint = ForeignKeyField(Complaint, backref="+", on_delete="CASCADE", null=True)
    complaint_id: int | None
    draft_hash = CharField(64)
    width = IntegerField(constraints=[Check("width > 0")])
    height = IntegerField(constraints=[Check("height > 0")])
    size = IntegerField(constraints=[Check("size > 0")])
    digest = CharField(64)
    """Of the file as it came: the same photo sent twice is one."""
    added_at = InstantColumn()
    by_staff = BooleanField()
    shown = BooleanField(default=True)
    """To the applicant; of a photo that staff took, only if they chose that."""
    hidden_at = InstantColumn(null=True)
    released_at = InstantColumn(null=True)

    class Meta:
        table_name = "complaint_photos"
        without_rowid = True

    @classmethod
    def of(cls, complaint_id: int) -> "ModelSelect[Self]":
        """The photos of a complaint that its applicant sees, in the order in which they came."""
        return cls.at_desk(complaint_id).where(cls.shown)

    @classmethod
    def at_desk(cls, complaint_id: int) -> "ModelSelect[Self]":
        """All that were not taken out, also those for the office alone."""
        mine = (cls.complaint == complaint_id) & cls.hidden_at.is_null()
        return cls.select().where(mine).order_by(cls.added_at, cls.name)


ComplaintPhoto.add_index(
    ComplaintPhoto.index(
        ComplaintPhoto.draft_hash, name="complaintphoto_draft_hash", where=SQL("draft_hash <> ''")
    )
)


class ComplaintDraft(BaseModel):
    """What somebody has typed so far, sealed, for one browser."""

    browser_hash = CharField(64, primary_key=True)
    typed = SealedText()
    expires_at = InstantColumn(index=True)

    class Meta:
        table_name = "complaint_drafts"
        without_rowid = True


class ComplaintKey(BaseModel):
    """That a browser may see a complaint for a while: it filed it, or knew number and phone."""

    browser_hash = CharField(64)
    complaint = ForeignKeyField(Complaint, backref="+", on_delete="CASCADE")
    expires_at = InstantColumn(index=True)

    class Meta:
        table_name = "complaint_keys"
        primary_key = CompositeKey("browser_hash", "complaint")
        without_rowid = True

    @classmethod
    def opens(cls, browser_hash: str, complaint_id: int, now: datetime) -> bool:
        mine = (cls.browser_hash == browser_hash) & (cls.complaint == complaint_id)
        return cls.select().where(mine & (cls.expires_at > now)).exists()


class ComplaintFollower(BaseModel):
    """Somebody who wants to be told about another's complaint, once they confirmed it."""

    id = AutoField()
    complaint = ForeignKeyField(Complaint, backref="+", on_delete="CASCADE", index=False)
    complaint_id: int
    address_hash = CharField(64)
    channel = CharField(4, constraints=[one_of("channel", "mail", "sms")])
    address = SealedColumn(1000)
    language = CharField(2, constraints=[one_of("language", "ko", "en")])
    token_hash = CharField(64, unique=True)
    confirmed_at = InstantColumn(null=True)
    created_at = InstantColumn()

    class Meta:
        table_name = "complaint_followers"
        indexes = ((("complaint", "address_hash"), True),)
