"""What somebody has reported or asked for while signed in."""

import json
from datetime import datetime

from app import phones
from app.accounts.models import Account
from app.complaints import kinds
from app.complaints.labels import HAPPENED, OUTCOMES, STATES
from app.complaints.models import Complaint, ComplaintEvent
from app.complaints.records import ComplaintPhoto
from app.language import later
from app.mydata.values import Row, Table, Topic, Word, word

AT = later("때")


def filed(of: Account, now: datetime) -> list[Row]:
    return [
        {
            "reference": one.reference,
            "received_at": one.received_at,
            "type": Word(one.type, kinds.name(one.type)),
            "state": word(one.state, STATES),
            "place": " ".join(part for part in (one.district, one.dong, one.place) if part),
            "answers": kinds.answers_text(one.type, json.loads(one.answers or "{}")),
            "body": one.body,
            "name": one.name,
            "phone": phones.shown_or(one.phone),
            "email": one.email,
            "closed_at": one.closed_at,
            "outcome": word(one.outcome, OUTCOMES),
            "rating": one.rating,
        }
        for one in Complaint.of(of)
    ]


def happened(of: Account, now: datetime) -> list[Row]:
    return [
        {
            "reference": one.reference,
            "at": event.at,
            "what": word(event.kind, HAPPENED),
            "text": event.text,
        }
        for one in Complaint.of(of)
        for event in ComplaintEvent.of(one.id)
        if event.shown
    ]


def photos(of: Account, now: datetime) -> list[Row]:
    return [
        {"reference": one.reference, "added_at": photo.added_at, "photo": photo.name}
        for one in Complaint.of(of)
        for photo in ComplaintPhoto.of(one.id)
    ]


NUMBER = later("접수 번호")
COMPLAINTS = Topic(
    "complaints",
    later("민원"),
    later("접수한 민원, 주고받은 글, 사진"),
    (
        Table(
            "complaints",
            later("접수한 민원"),
            {
                "reference": NUMBER,
                "received_at": later("접수한 때"),
                "type": later("종류"),
                "state": later("처리 상태"),
                "place": later("곳"),
                "answers": later("물음에 답한 것"),
                "body": later("내용"),
                "name": later("이름"),
                "phone": later("전화번호"),
                "email": later("이메일"),
                "closed_at": later("끝난 때"),
                "outcome": later("결과"),
                "rating": later("만족도"),
            },
            filed,
            ("reference", "received_at", "type", "state"),
        ),
        Table(
            "complaint_events",
            later("민원의 경과"),
            {"reference": NUMBER, "at": AT, "what": later("무슨 일"), "text": later("글")},
            happened,
        ),
        Table(
            "complaint_photos",
            later("민원에 붙인 사진"),
            {"reference": NUMBER, "added_at": later("올린 때"), "photo": later("사진")},
            photos,
        ),
    ),
    (("/complaints/status", later("처리 상태 보기")),),
)
