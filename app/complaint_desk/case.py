"""What the page of one complaint shows: everything, with its history, its dates and its acts."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from app import masks, phones, words
from app.complaint_desk import alike
from app.complaint_desk.lines import nearness
from app.complaints import acting, acts, clock, kinds, progress, summary
from app.complaints.labels import CHANNELS, HAPPENED, OUTCOMES
from app.complaints.models import Channel, Complaint, ComplaintEvent, Outcome, State, What
from app.complaints.records import ComplaintPhoto
from app.language import _
from app.supply.offices import offices


class Happened(NamedTuple):
    """One line of the history."""

    what: str
    at: str
    who: str
    inside: bool
    """Only the office sees it."""
    more: str
    lines: list[str]


class Fact(NamedTuple):
    name: str
    text: str
    css: str = ""


def happened(event: ComplaintEvent) -> Happened:
    data = json.loads(event.data)
    who = _("신청인") if event.actor_kind == "applicant" else event.actor or _("자동")
    what = str(HAPPENED[What(event.kind)])
    lines = event.text.splitlines()
    return Happened(what, words.moment(event.at), who, not event.shown, details(data), lines)


def details(data: dict[str, Any]) -> str:
    """What an event changed, in few words."""
    if "from" in data and "to" in data:
        return f"{office(data['from'])} → {office(data['to'])}"
    if "outcome" in data:
        return str(OUTCOMES[Outcome(data["outcome"])])
    if "rating" in data:
        return _("별 %(count)s개", count=data["rating"])
    if data.get("photos"):
        return _("사진 %(count)s장", count=data["photos"])
    parts = (data.get(name) for name in ("unit", "phone", "to", "into", "from", "count"))
    return " ".join(str(part) for part in parts if part)


def office(code: str) -> str:
    known = offices().get(code)
    return known.shown if known else code


def history(one: Complaint) -> list[Happened]:
    """The newest first."""
    return [happened(event) for event in ComplaintEvent.of(one.id)][::-1]


def since(one: Complaint, seen: int) -> list[Happened]:
    """What has happened since a version was seen: each event made a new one."""
    count = max(one.version - seen, 0)
    events = list(ComplaintEvent.of(one.id))
    return [happened(event) for event in events[-count:]] if count else []


def dates(one: Complaint, now: datetime) -> list[Fact]:
    """When it is due by law, what was promised, what stops the clock."""
    found = [Fact(_("접수한 때"), words.moment(one.received_at))]
    if one.closed_at:
        found.append(Fact(_("끝난 때"), words.moment(one.closed_at)))
    elif one.due_at is None:
        found.append(Fact(_("법정 기한"), _("보완을 기다리는 동안 멈춤"), "late"))
    else:
        css, shape, word = nearness(one, now)
        text = f"{words.moment(one.due_at)} {shape} {word}".strip()
        found.append(Fact(_("법정 기한"), text, css))
    found.append(Fact(_("약속한 때"), words.moment(one.promised_at)))
    for stop in acting.stops(one.id):
        until = words.moment(stop.until) if stop.until else ""
        found.append(Fact(_("멈춘 동안"), f"{words.moment(stop.since)} ~ {until}"))
    if one.extensions:
        found.append(Fact(_("연장"), _("%(count)s번", count=one.extensions)))
    if one.reopened:
        found.append(Fact(_("다시 접수"), _("%(count)s번", count=one.reopened)))
    return found


def extended(one: Complaint) -> str:
    """When it would be due if it were extended now."""
    period = clock.period(one.period).twice(2 + one.extensions)
    due = clock.due(one.begun_at, period, acting.stops(one.id))
    return words.moment(due) if due and one.extensions < acts.EXTENSIONS else ""


def person(one: Complaint, whole: bool) -> list[Fact]:
    name = one.name if whole else masks.name(one.name) if one.name else ""
    phone = phones.shown_or(one.phone) if whole else masks.phone(one.phone)
    email = one.email if whole else masks.email(one.email) if one.email else ""
    language = _("영어") if one.language == "en" else _("한국어")
    found = [
        Fact(_("이름"), name or _("없음")),
        Fact(_("전화번호"), phone),
        Fact(_("이메일"), email),
        Fact(_("알림"), ", ".join(summary.ways(one)) or _("없음")),
        Fact(_("언어"), language),
    ]
    return [fact for fact in found if fact.text]


def matter(one: Complaint) -> list[Fact]:
    """What was said, as it was said."""
    answers = json.loads(one.answers or "{}")
    found = [
        Fact(_("사업소"), office(one.office)),
        Fact(_("받은 곳"), str(CHANNELS[Channel(one.channel)])),
        Fact(_("곳"), progress.place(one)),
        *(Fact(label, answer) for label, answer in kinds.answered(one.type, answers)),
    ]
    return [fact for fact in found if fact.text]


def relations(one: Complaint) -> list[tuple[str, str]]:
    """(reference, words) of the complaints that this one was merged with."""
    found = []
    if one.merged_into:
        found.append((one.merged_into.reference, _("이 민원과 합쳐짐")))
    merged = Complaint.select().where(Complaint.merged_into == one.id).order_by(Complaint.id)
    return found + [(other.reference, _("여기에 합쳐짐")) for other in merged]


def page_of(one: Complaint, allowed: Sequence[str], whole: bool, now: datetime) -> dict[str, Any]:
    kind, photos = kinds.types().get(one.type), list(ComplaintPhoto.at_desk(one.id))
    return {
        "one": one,
        "kind_name": kinds.name(one.type),
        "badge": progress.badge(one.state),
        "near_due": nearness(one, now),
        "dates": dates(one, now),
        "person": person(one, whole),
        "whole": whole,
        "matter": matter(one),
        "who": one.assigned_to.name if one.assigned_to else "",
        "outcome": str(OUTCOMES[Outcome(one.outcome)]) if one.outcome else "",
        "history": history(one),
        "photos": photos,
        "released": [photo.name for photo in photos if photo.released_at],
        "extended": extended(one),
        "alike": alike.like(one, allowed) if one.is_open else [],
        "relations": relations(one),
        "public_kind": bool(kind and kind.public),
        "number": one.premises.number if one.premises else "",
        "account": one.account.reference if one.account else "",
        "waits": one.state == State.WAITING,
    }
