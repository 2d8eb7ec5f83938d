"""Filing a complaint: once for each form, with its number, office, promise and first notice."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from peewee import IntegrityError

from app import references
from app.accounts.models import Account
from app.complaints import clock, kinds, notices, words
from app.complaints.acting import By
from app.complaints.models import Channel, Complaint, ComplaintEvent, State, What
from app.complaints.records import ComplaintPhoto
from app.db import writing
from app.sealed import lookup_hash
from app.supply.models import Premises
from app.supply.offices import offices

REFERENCE = 10


@dataclass(frozen=True)
class Filing:
    """What somebody files. `form_key` makes it one, however often it is sent; `draft_hash` says
    whose photos belong to it. Coordinates are millionths of a degree.
    """

    type: str
    form_key: str
    body: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    phone: str = ""
    email: str = ""
    wants_texts: bool = False
    wants_push: bool = False
    language: str = "ko"
    channel: Channel = Channel.WEB
    account: Account | None = None
    premises: Premises | None = None
    district: str = ""
    dong: str = ""
    place: str = ""
    latitude: int | None = None
    longitude: int | None = None
    draft_hash: str = ""
    begun_at: datetime | None = None
    """Where its clock begins, when that is not now: it was told earlier, as a part of another."""

    @property
    def office(self) -> str:
        """Which office gets it: that of its kind, of the premises, of the district, else the first
        one, whose reception sends it on.
        """
        if fixed := kinds.types()[self.type].office:
            return fixed
        if self.premises:
            return self.premises.office
        known = offices()
        found = (code for code, one in known.items() if self.district in one.districts)
        return next(found, next(iter(known)))


def filed(form_key: str) -> Complaint | None:
    """What was filed with a form."""
    return Complaint.get_or_none(Complaint.form_key == form_key)


def file(one: Filing, by: By, now: datetime) -> Complaint:
    """File it, in one transaction; what was filed with this form before is returned as it is."""
    if not one.form_key:
        raise ValueError("a form has a key")
    try:
        with writing():
            return filed(one.form_key) or put_down(one, by, now)
    except IntegrityError:  # the same form at the same moment, or a photo that was just swept
        if found := filed(one.form_key):
            return found
        raise


def put_down(one: Filing, by: By, now: datetime) -> Complaint:
    kind = kinds.types()[one.type]
    begun = one.begun_at or now
    due = clock.due(begun, kind.period)
    complaint: Complaint = Complaint.create(
        reference=references.new(REFERENCE),
        type=kind.code,
        state=State.RECEIVED,
        office=one.office,
        account=one.account,
        premises=one.premises,
        name=one.name,
        phone=one.phone,
        phone_hash=lookup_hash(one.phone),
        email=one.email,
        wants_texts=one.wants_texts,
        wants_push=one.wants_push and one.account is not None,
        language=one.language,
        channel=one.channel,
        district=one.district,
        dong=one.dong,
        place=one.place,
        latitude=one.latitude,
        longitude=one.longitude,
        answers=json.dumps(dict(one.answers), ensure_ascii=False),
        body=one.body,
        period=clock.written(kind.period),
        extensions=0,
        received_at=now,
        begun_at=begun,
        due_at=due,
        promised_at=due,
        assigned_to=None,
        closed_at=None,
        outcome="",
        rating=None,
        reopened=0,
        released_at=None,
        public_text="",
        merged_into=None,
        version=1,
        form_key=one.form_key,
        changed_at=now,
    )
    if one.draft_hash:
        theirs = ComplaintPhoto.draft_hash == one.draft_hash
        ComplaintPhoto.update(complaint=complaint.id, draft_hash="").where(theirs).execute()
    words.index(complaint.id, complaint.reference, one.district, one.dong, one.place, one.body)
    event = ComplaintEvent.create(
        complaint=complaint, at=now, kind=What.RECEIVED, actor_kind=by.kind, actor=by.name[:60],
        shown=True, text="", data="{}",
    )  # fmt: skip
    notices.tell(complaint, event, now)
    return complaint
