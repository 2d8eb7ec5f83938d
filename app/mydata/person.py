"""What is held about a person: the account, sign-ins, consents, messages, requests, choices."""

import json
from datetime import datetime, timedelta

from flask import Flask, current_app
from jinja2 import TemplateError

from app import phones
from app.accounts import consents
from app.accounts.consents import GIVEN, WAYS, WITHDRAWN, Consent
from app.accounts.models import Account, Device, Session
from app.accounts.passkeys import Passkey
from app.accounts.subscriptions import Subscription
from app.alerts.models import Alert
from app.homes.models import HomeRequest
from app.homes.texts import ROLE_NAMES
from app.language import LANGUAGES, current, later
from app.messages import kinds
from app.messages.kinds import Priority
from app.messages.models import Channel, Message
from app.messages.render import filled, render
from app.messages.state_words import CHANNELS, STATES
from app.mydata.values import Row, Word, word
from app.privacy.mails import DECISIONS
from app.privacy.models import Decision, RightsRequest, Wish
from app.reminders.models import NoticeChoice
from app.reminders.views import TEXTS

GIVING = {GIVEN: later("동의함"), WITHDRAWN: later("거둠")}
SHORT = (Channel.SMS, Channel.PUSH)
KINDS = {
    "bill": later("요금 알림"),
    "complaint": later("민원 알림"),
    "home": later("집 연결 알림"),
    "news": later("소식"),
    "rights": later("개인정보 요청의 답"),
    "breach": later("개인정보 유출 알림"),
    "consent": later("동의에 관한 알림"),
}
SAFETY = later("계정 알림")
WISHES = {
    Wish.SEE: later("여기에 없는 정보 보기"),
    Wish.CORRECT: later("틀린 것 고치기"),
    Wish.ERASE: later("정보 지우기"),
    Wish.STOP: later("더 쓰지 않기 (처리 정지)"),
    Wish.RESTRICT: later("확인이 끝날 때까지 쓰지 않기"),
    Wish.OBJECT: later("결정이나 답에 이의 제기"),
}
HOME_DECISIONS = {
    "": later("담당자가 보고 있습니다"),
    "granted": later("연결했습니다"),
    "refused": later("연결하지 않았습니다"),
}
LONG_AGO = timedelta(days=36500)


def account(of: Account, now: datetime) -> list[Row]:
    found: Account = Account.get_by_id(of.id)
    return [
        {
            "name": found.name,
            "email": found.email,
            "phone": phones.shown(found.phone),
            "phone_verified_at": found.phone_verified_at,
            "address": found.address,
            "language": word(found.language, LANGUAGES),
            "created_at": found.created_at,
        }
    ]


def sessions(of: Account, now: datetime) -> list[Row]:
    return [
        {"browser": one.agent, "created_at": one.created_at, "seen_at": one.seen_at}
        for one in Session.running(of, now - LONG_AGO)
    ]


def browsers(of: Account, now: datetime) -> list[Row]:
    found = Device.select().where(Device.account == of).order_by(Device.created_at.desc())
    return [{"created_at": one.created_at, "seen_at": one.seen_at} for one in found]


def passkeys(of: Account, now: datetime) -> list[Row]:
    return [
        {"name": one.name, "created_at": one.created_at, "used_at": one.used_at}
        for one in Passkey.of(of)
    ]


def agreed(of: Account, now: datetime) -> list[Row]:
    """Every decision, newest first."""
    titles = {text.code: text.title[current()] for text in consents.texts()}
    found = Consent.select().where(Consent.account == of).order_by(Consent.decided_at.desc())
    return [
        {
            "consent": word(one.code, titles),
            "version": one.version,
            "decision": word(one.decision, GIVING),
            "decided_at": one.decided_at,
            "channel": word(one.channel, WAYS),
        }
        for one in found
    ]


def about(kind: str) -> Word:
    """What a message was about, by the first part of its kind's name."""
    first = kind.replace(".", "_").split("_")[0]
    return Word(kind, str(KINDS.get(first, SAFETY)))


def said(one: Message) -> str | None:
    """What a message said, as long as that is kept. Links and codes are for who gets them only."""
    kind = kinds.find(one.kind)
    if kind is None or not one.content or one.priority == Priority.URGENT:
        return None
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        values = json.loads(one.content)
        if one.channel in SHORT:
            more = {"refusal": app.config["SMS_REFUSAL"]}
            return filled(app, f"{kind.name}.{one.channel}", one.language, {**values, **more})
        found = render(app, kind, one.language, values, one.channel)
    except (TemplateError, ValueError):  # a text that has changed since
        return None
    return f"{found.subject}\n\n{found.text}"


def reached(one: Message) -> str:
    """Where a message went; notifications go to all browsers of the account."""
    if one.channel == Channel.PUSH:
        return ""
    return phones.shown_or(one.recipient) if one.channel == Channel.SMS else one.recipient


def messages(of: Account, now: datetime) -> list[Row]:
    found = Message.select().where(Message.account_id == of.id).order_by(Message.id.desc())
    return [
        {
            "about": about(one.kind),
            "channel": word(one.channel, CHANNELS),
            "to": reached(one),
            "created_at": one.created_at,
            "finished_at": one.finished_at,
            "said": said(one),
            "state": word(one.state, STATES),
        }
        for one in found
    ]


def home_requests(of: Account, now: datetime) -> list[Row]:
    return [
        {
            "reference": one.reference,
            "asked_at": one.asked_at,
            "number": one.number,
            "address": one.address,
            "role": word(one.role, ROLE_NAMES),
            "reason": one.reason,
            "decision": word(one.decision, HOME_DECISIONS),
            "decided_at": one.decided_at,
            "answer": one.answer,
        }
        for one in HomeRequest.of(of)
    ]


def rights_requests(of: Account, now: datetime) -> list[Row]:
    return [
        {
            "reference": one.reference,
            "kind": word(one.kind, WISHES),
            "about": one.about,
            "asked_at": one.asked_at,
            "due_on": one.due_on,
            "decision": word(one.decision, DECISIONS),
            "decided_at": one.decided_at,
            "answer": one.answer,
        }
        for one in RightsRequest.of(of)
    ]


def notices(of: Account, now: datetime) -> list[Row]:
    titles = {topic: title for topic, (title, _text) in TEXTS.items()}
    found = NoticeChoice.select().where(NoticeChoice.account == of).order_by(NoticeChoice.topic)
    return [
        {
            "topic": word(one.topic, titles),
            "channel": word(one.channel, CHANNELS),
            "chosen_at": one.chosen_at,
        }
        for one in found
    ]


def outage_alerts(of: Account, now: datetime) -> list[Row]:
    return [
        {
            "place": " ".join(str(part) for part in one.place[:4] if part),
            "channel": word(one.channel, CHANNELS),
            "created_at": one.created_at,
            "confirmed_at": one.confirmed_at,
        }
        for one in Alert.of(of.id)
    ]


def notified(of: Account, now: datetime) -> list[Row]:
    return [
        {"browser": one.agent, "created_at": one.created_at, "address": one.subscription}
        for one in Subscription.of(of.id)
    ]


def is_open(request: RightsRequest) -> bool:
    return request.decision == Decision.OPEN
