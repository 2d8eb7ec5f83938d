"""나누기: two matters in one complaint become two, each with a number of its own."""

from datetime import datetime

from app.complaints import filing
from app.complaints.acting import By, act
from app.complaints.filing import Filing
from app.complaints.models import Channel, Complaint, What
from app.db import writing
from app.language import _, speaking


def split(
    one: Complaint, matter: str, text: str, form_key: str, by: By, now: datetime, version: int
) -> Complaint:
    """File a part of a complaint's text by itself; the new one, whose clock began with the first.

    The applicant is told: of the new number by the receipt, and on the first one's time line.
    """
    part = Filing(
        type=matter, form_key=form_key, body=text, name=one.name, phone=one.phone, email=one.email,
        wants_texts=one.wants_texts, language=one.language, channel=Channel(one.channel),
        account=one.account, premises=one.premises, district=one.district, dong=one.dong,
        place=one.place, latitude=one.latitude, longitude=one.longitude, begun_at=one.begun_at,
    )  # fmt: skip
    with writing():
        new = filing.file(part, by, now)
        with speaking(one.language):
            told = _("나눈 민원의 접수 번호: %(number)s", number=new.reference)
        into = {"into": new.reference}
        act(one, What.SPLIT, by, now, version=version, text=told, data=into)
        data, same = {"from": one.reference}, {"office": one.office}
        act(new, What.SPLIT, by, now, shown=False, data=data, changes=same)
    return new
