"""Invented outages that are always of today: one goes on, one comes, one makes the water cloudy."""

from datetime import datetime, timedelta
from pathlib import Path

from app import clock

HOUR = timedelta(hours=1)
EMERGENCY = """---
title: 가상3동 배수관이 터져 물이 끊겼습니다
title_en: A burst main stopped the water in Gasang 3-dong
kind: emergency
state: in_progress
from: {begun}
to: {mended}
actual_from: {begun}
area:
  dongs: [강남구 가상3동]
  roads: [강남구 가상1동 보기로 1-60]
cause: 지름 300mm 배수관이 터졌습니다.
cause_en: A main of 300 mm burst.
office: "100"
households: 2400
relief:
  - where: 가상3동 주민센터 앞(예시)
    what: 급수차 2대
    when: 물이 다시 나올 때까지
  - where: 예시초등학교 정문(예시)
    what: 병물
quality_after: 처음 나오는 물은 흐릴 수 있으니 맑아질 때까지 흘려보내십시오.
updates:
  - at: {begun}
    state: in_progress
    text: 배수관이 터져 물이 끊겼습니다. 고치는 중이며 급수차를 보냈습니다.
    text_en: A main burst and the water is off. It is being mended; tankers are on their way.
---
"""
PLANNED = """---
title: 가상2동 노후 관 교체로 밤에 물이 끊깁니다
title_en: No water in Gasang 2-dong at night while old pipes are replaced
kind: planned
state: announced
from: {night}
to: {morning}
area:
  dongs: [마포구 가상2동]
  districts: [중구]
cause: 낡은 관을 바꿉니다.
cause_en: Old pipes are replaced.
office: "096"
households: 1800
quality_after: 처음 나오는 물은 흐릴 수 있으니 맑아질 때까지 흘려보내십시오.
updates:
  - at: {told}
    state: announced
    text: 관을 바꾸는 동안 물이 끊깁니다. 미리 물을 받아 두십시오.
    text_en: There will be no water while pipes are replaced. Please store some.
---
"""
TURBID = """---
title: 배수지 청소로 흐린 물이 나올 수 있습니다
title_en: The water may be cloudy while a reservoir is cleaned
kind: turbid
state: in_progress
from: {begun}
to: {mended}
area:
  districts: [은평구]
cause: 배수지를 청소하느라 물길을 바꿨습니다.
cause_en: Water comes another way while a reservoir is cleaned.
office: "096"
updates:
  - at: {told}
    state: announced
    text: 물길이 바뀌어 흐린 물이 잠시 나올 수 있습니다.
    text_en: The water may be cloudy for a while.
  - at: {begun}
    state: in_progress
    text: 청소를 시작했습니다.
    text_en: The cleaning has begun.
---
"""
TEXTS = {"demo-burst": EMERGENCY, "demo-night": PLANNED, "demo-cloudy": TURBID}


def write(folder: Path, now: datetime) -> None:
    """Write the files anew when they are of another day."""
    local = now.astimezone(clock.SEOUL).replace(minute=0, second=0, microsecond=0)
    stamp = folder / ".demo-day"
    if stamp.exists() and stamp.read_text("utf-8") == f"{local.date()}":
        return
    night = (local + timedelta(days=3)).replace(hour=23)
    moments = {
        "begun": local - HOUR,
        "mended": local + 9 * HOUR,
        "told": local - timedelta(days=1),
        "night": night,
        "morning": night + 6 * HOUR,
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in TEXTS.items():
        said = text.format(**{key: moment.isoformat() for key, moment in moments.items()})
        (folder / f"{name}.md").write_text(said, "utf-8")
    stamp.write_text(f"{local.date()}", "utf-8")
