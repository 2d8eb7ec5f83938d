"""Where an incident stands, the draft for the commission, and the notice on the site."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from app import clock, words
from app.db import rows
from app.language import FIRST, speaking
from app.privacy import breach, breach_notice
from app.privacy.models import Cause, Incident, IncidentPerson
from app.signs import harmless

ON_SITE = timedelta(days=30)
"""So long a notice stands on the site when there is nobody's address (decree 39)."""
CAUSES = {
    Cause.INTRUSION: "외부의 불법 접근",
    Cause.MISTAKE: "담당자의 실수",
    Cause.LOSS: "분실이나 도난",
    Cause.UNKNOWN: "확인 중",
}
STATES = """
SELECT m.state, count(*) FROM messages m WHERE m.dedupe_key LIKE ? GROUP BY m.state
"""
CHANNELS = """
SELECT channel, count(*) FROM incident_people WHERE incident_id = ? GROUP BY channel
"""


def local(moment: datetime) -> str:
    return moment.astimezone(clock.SEOUL).isoformat(" ", "minutes")[:16]


def counts(incident: Incident) -> Counter[str]:
    """How many persons, by the channel that they were told by; `` for those still to be told."""
    return Counter(dict(rows(CHANNELS, (incident.get_id(),))))


def status(incident: Incident, now: datetime) -> dict[str, Any]:
    """Where it stands, as JSON can hold it."""
    by_channel = counts(incident)
    people = by_channel.total()
    left = breach.deadline(incident) - now
    reasons = breach.reasons_to_report(incident, people)
    untold = by_channel[""]
    sent = dict(rows(STATES, (f"breach:{incident.reference}:%",)))
    return {
        "reference": incident.reference,
        "possible": incident.confirmed_at is None,
        "known_at": local(incident.known_at),
        "deadline": local(breach.deadline(incident)),
        "hours_left": round(left / timedelta(hours=1), 1),
        "people": people,
        "listed": incident.listed_at is not None,
        "untold": untold,
        "by_mail": by_channel["mail"],
        "by_letter": by_channel["letter"],
        "no_contact": by_channel["none"],
        "messages": sent,
        "must_be_reported": reasons,
        "reported_at": incident.reported_at and local(incident.reported_at),
        "closed_at": incident.closed_at and local(incident.closed_at),
        "late": bool(left < timedelta(0) and open_duties(incident, untold, reasons)),
    }


def open_duties(incident: Incident, untold: int, reasons: list[str]) -> bool:
    """Whether something that has to be done within 72 hours was not."""
    unreported = bool(reasons) and incident.reported_at is None
    return untold > 0 or unreported or incident.listed_at is None


def table(incident: Incident, now: datetime) -> Iterator[str]:
    """Lines of CSV: who is concerned and how they were told; no cell is a formula (S-32)."""
    today = words.local_day(now)
    yield "\ufeff" + line(["person", "name", "email", "address", "channel", "told_at"])
    mine = IncidentPerson.select().where(IncidentPerson.incident == incident)
    for one in mine.order_by(IncidentPerson.person):
        to = breach_notice.contact(one.person, today)
        told = local(one.told_at) if one.told_at else ""
        yield line([one.person, to.name, to.email, to.address, one.channel, told])


def line(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(map(harmless, cells))
    return text.getvalue()


def report(incident: Incident, now: datetime) -> str:
    """A draft for the commission in Korean, in the order of its form."""
    with speaking(FIRST):
        people, said = counts(incident), breach.said_of(incident)
        reasons = breach.reasons_to_report(incident, people.total())
        told = people["mail"] + people["letter"]
        return REPORT.format(
            reference=incident.reference,
            now=local(now),
            known=local(incident.known_at),
            deadline=local(breach.deadline(incident)),
            certain="확인됨" if incident.confirmed_at else "유출 가능성(확인 중)",
            items=breach_notice.items(incident),
            people=f"{people.total():,}",
            begin=local(incident.from_at),
            end=local(incident.to_at),
            cause=CAUSES[Cause(incident.cause)],
            how=said.how[FIRST],
            advice=said.advice[FIRST],
            measures=said.measures[FIRST],
            told=f"{told:,}",
            mail=f"{people['mail']:,}",
            letter=f"{people['letter']:,}",
            untold=f"{people['']:,}",
            unknown=f"{people['none']:,}",
            reasons="; ".join(reasons) or "해당 없음 (신고 의무 없음)",
        )


REPORT = """# 개인정보 유출 신고서 (초안)

사고 번호 {reference}, 작성 {now}. 보내기 전에 담당자가 확인하고 비어 있는 칸을 채웁니다.

| 항목 | 내용 |
| --- | --- |
| 기관 이름, 사업자등록번호 | |
| 개인정보 보호책임자, 담당자, 연락처 | |
| 신고하는 까닭 | {reasons} |
| 알게 된 때 | {known} |
| 신고 기한 (72시간) | {deadline} |
| 유출 여부 | {certain} |

## 유출된 항목과 규모

- 항목: {items}
- 정보주체: {people}명

## 시점과 경위

- 기간: {begin} ~ {end}
- 원인: {cause}
- 경위: {how}

## 정보주체에게 알렸는지

- 알림 {told}명 (이메일 {mail}, 편지 {letter}), 아직 알리지 못함 {untold}명
- 연락처를 알 수 없음 {unknown}명: 누리집에 30일 동안 게시

## 피해를 줄이려고 한 조치

- 기관: {measures}
- 정보주체가 할 수 있는 것: {advice}
"""


def site_notice(incident: Incident, now: datetime) -> str:
    """A content page for those whose address nobody knows, to be read and published by editors."""
    with speaking(FIRST):
        said, ends = breach.said_of(incident), now + ON_SITE
        return SITE.format(
            review=words.local_day(ends).isoformat(),
            at=now.astimezone(clock.SEOUL).isoformat(timespec="seconds"),
            ends=ends.astimezone(clock.SEOUL).isoformat(timespec="seconds"),
            title="개인정보 유출 알림" if incident.confirmed_at else "개인정보 유출 가능성 알림",
            first="개인정보가 밖으로 나간 것이 확인되었습니다."
            if incident.confirmed_at
            else "개인정보가 밖으로 나갔을 가능성이 있습니다.",
            items=breach_notice.items(incident),
            begin=words.moment(incident.from_at),
            end=words.moment(incident.to_at),
            how=said.how[FIRST],
            advice=said.advice[FIRST],
            measures=said.measures[FIRST],
        )


SITE = """---
title: {title}
summary: 연락처를 알 수 없는 분들께 개인정보 유출에 관해 누리집에서 알려 드립니다.
owner: headquarters
review_by: {review}
status: draft
category: general
publish_at: {at}
expires_at: {ends}
after: remove
---

{first} 연락처를 알 수 없는 분들께 여기에서 알려 드립니다.

## 어떤 정보인가요

{items}

## 언제, 어떻게 일어났나요

{begin}부터 {end}까지. {how}

## 무엇을 하시면 되나요

{advice}

## 저희는 무엇을 하고 있나요

{measures}

## 문의와 피해 신고

120 다산콜(24시간, 서울 밖에서는 02-120)에 신고해 주십시오.
개인정보침해신고센터(118)에서도 도와드립니다.
"""
