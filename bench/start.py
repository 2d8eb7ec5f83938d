"""Part 4: from the start of the process to the first answer, and memory after some work."""

import time
from pathlib import Path

from app import create_app
from app.clock import add_months, today
from bench import machine, pages
from bench.apart import apart
from bench.figures import Found, at_most, middle, plain
from bench.load import Generator
from bench.sampler import sampling
from bench.server import serving

START_LIMIT, MEMORY_LIMIT = 350, 100  # ms, MiB
PAGES, REQUESTS = 1000, 5000
PAGE = """---
title: 물 이야기 {number}번째 글
summary: 우리 집 수돗물을 아끼고 살피는 방법을 차례로 알려 드려요. {number}번째 이야기예요.
owner: headquarters
review_by: {review_by}
status: publish
publish_at: 2026-01-05T09:00:00+09:00
topic: water
order: {number}
sources:
  - 서울특별시 수도 조례 제28조
---

물은 아껴 쓸수록 오래 남아요. 이 글은 {number}번째 이야기예요.

## 먼저 볼 것

{paragraph}

| 항목 | 값 |
| --- | ---: |
| 번호 | {number} |
| 한 달 사용량 | {usage}㎥ |

## 할 일

1. 수도꼭지를 잠그고 계량기를 보세요.
2. 바늘이 움직이면 새는 곳이 있어요.
3. [고지서 읽는 법](/learn/read-your-bill)을 보세요.
"""
SENTENCE = "수도꼭지를 꼭 잠그고 한 달에 한 번 계량기를 보면 새는 물을 일찍 찾아요. "


def write_pages(folder: Path) -> Path:
    """A content folder with 1,000 pages; the first has the name of a shipped one."""
    review_by = f"{add_months(today().isoformat()[:7], 6)}-01"
    learn = folder / "content" / "learn"
    learn.mkdir(parents=True)
    for number in range(1, PAGES + 1):
        text = PAGE.format(
            number=number,
            review_by=review_by,
            paragraph=SENTENCE * (5 + number % 10),
            usage=number % 60,
        )
        slug = "read-your-bill" if number == 1 else f"page-{number}"
        (learn / f"{slug}.ko.md").write_text(text, "utf-8")
    return learn.parent


def starts(data: Path, content: Path, rounds: int) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds to the first answer: ours, bare WSGI, bare Flask, in turn."""
    ours, bare, flask = [], [], []
    for number in range(rounds):
        print(f"  start {number + 1} of {rounds}", flush=True)
        with serving("wsgi:app", data, WATER_CONTENT_DIR=str(content)) as server:
            ours.append(server.seconds * 1000)
        with serving("bench.bare_wsgi:app", data) as server:
            bare.append(server.seconds * 1000)
        with serving("bench.bare_flask:app", data) as server:
            flask.append(server.seconds * 1000)
    return ours, bare, flask


def memory(data: Path, content: Path) -> tuple[float, float]:
    """PSS in MiB of all processes: after the first answer, and after the mixed requests."""
    with serving("wsgi:app", data, WATER_CONTENT_DIR=str(content)) as app, Generator() as generator:
        before = machine.pss_mib(app.pids)
        asked = [one for one in pages.requests(app.port) if one.server == "app"]
        done = 0
        while done < REQUESTS:
            for one in asked:
                order = {
                    "port": app.port,
                    "request": one.text(),
                    "path": one.path,
                    "needle": one.needle,
                    "status": one.status,
                    "packed": one.packed,
                    "seconds": 0.1,
                }
                done += generator.ask(order)["count"]
        return before, machine.pss_mib(machine.tree(app.pids[0]))


def profile(data: str, content: str) -> str:
    """Samples of making the app once, in a process that has imported everything."""
    began = time.process_time()
    with sampling() as samples:
        create_app({"DATA_DIR": data, "CONTENT_DIR": content})
    return samples.text((time.process_time() - began) * 1e6, "start (without imports)")


def part(folder: Path, data: Path, quick: bool, everything: bool) -> Found:
    content = write_pages(folder)
    ours, bare, flask = starts(data, content, 2 if quick else 5)
    before, after = memory(data, content)
    time_line = at_most("start to the first answer", middle(ours), START_LIMIT, " ms", 0)
    lines = [
        time_line,
        plain("bare WSGI callable, start", middle(bare), " ms"),
        plain("bare Flask view, start", middle(flask), " ms"),
        at_most(f"memory after {REQUESTS:,} requests", after, MEMORY_LIMIT, " MiB PSS", 1),
        plain("memory after the start", before, " MiB PSS", 1),
    ]
    missed = everything or not time_line.met
    profiles = {"start": apart(profile, str(data), str(content))} if missed else {}
    remarks = [
        f"2 workers, {PAGES:,} Markdown pages, all processes; medians of {len(ours)}.",
        "The requests are those of the first part, public and signed in, mixed.",
    ]
    return Found("Start and memory", lines, remarks, profiles)
