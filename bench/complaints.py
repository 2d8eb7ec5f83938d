"""Part 9: the desk of complaints over HTTP, when there are half a million of them."""

import http.client
import random
import re
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from app import clock, create_app
from app.complaints import kinds, words
from app.db import bulk, database, insert_many, instant, writing
from app.demo.staff import SECRET, STAFF
from app.staff import totp
from app.supply.offices import offices
from bench.apart import apart
from bench.figures import Figure, Found, at_most, middle, p99, plain
from bench.server import serving

MANY, FEW, AT_ONCE = 500_000, 50_000, 50_000
OPEN_SHARE = 0.1
QUEUE_LIMIT, SEARCH_LIMIT = 100, 300
"""Milliseconds, of the slowest hundredth."""
SAID = (
    "길에서 물이 솟습니다 수압이 낮습니다 요금이 많이 계량기가 얼었습니다 녹물이 도로가 꺼졌습니다"
)
NAMES = (
    "reference type state office account_id premises_id name phone phone_hash email wants_texts"
    " language channel district dong place latitude longitude answers body period extensions"
    " received_at begun_at due_at promised_at assigned_to_id closed_at outcome rating reopened"
    " released_at public_text merged_into_id version form_key changed_at"
)
COLUMNS = NAMES.split()
WORDS = "INSERT INTO complaint_words (rowid, words) VALUES (?, ?)"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def row(number: int, chance: random.Random, types: list[str]) -> tuple[tuple[object, ...], str]:
    """A complaint of the last two years, and the words by which it is found."""
    at = clock.now() - timedelta(minutes=chance.randrange(730 * 1440))
    is_open = chance.random() < OPEN_SHARE
    office = chance.choice([*offices().values()])
    district, body = chance.choice(office.districts), " ".join(chance.sample(SAID.split(), 6))
    due = instant(at + timedelta(hours=chance.choice([4, 28, 76, 220])))
    state = chance.choice(["received", "assigned", "working"]) if is_open else "done"
    reference, place = f"{number:010d}", f"보기로 {chance.randrange(300)}"
    waits = is_open and chance.random() < 0.05
    values = (
        reference, chance.choice(types), state, office.code, None, None, "", "", "", "", False,
        "ko", "web", district, "가상1동", place, None, None, "{}", body, "3h", 0, instant(at),
        instant(at), None if waits else due, due, None, None if is_open else due,
        "" if is_open else "solved", None, 0, None, "", None, 1, None, instant(at),
    )  # fmt: skip
    return values, " ".join(words.pairs(f"{reference} {district} 가상1동 {place} {body}"))


def fill(folder: str, count: int) -> None:
    """So many complaints, a tenth of them open."""
    create_app({"DATA_DIR": folder})
    chance, types = random.Random(1), list(kinds.types())
    with bulk(), writing():
        for first in range(0, count, AT_ONCE):
            made = [row(number, chance, types) for number in range(first, first + AT_ONCE)]
            insert_many("complaints", COLUMNS, [values for values, _ in made])
            indexed = [(first + at, said) for at, (_, said) in enumerate(made, 1)]
            database.connection().executemany(WORDS, indexed)


class Desk:
    """A signed-in member of staff on one connection."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        email, phrase, *_ = STAFF["manager"]
        self.send("/staff/login", email=email, password=phrase)
        self.send("/staff/second", code=totp.code(SECRET, clock.now()))

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join("=".join(pair) for pair in self.cookies.items())}
        self.connection.request(method, path, body, headers | (FORM if body else {}))
        answer = self.connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.read().decode(), answer.getheader("Location") or ""

    def send(self, path: str, **typed: str) -> None:
        _, page, _ = self.ask("GET", path)
        token = TOKEN.search(page)
        assert token, f"{path} has no form"
        status, _, _ = self.ask("POST", path, urlencode({"csrf_token": token[1], **typed}))
        assert status == 303, f"{path} gave {status}"

    def page(self, path: str, needle: str) -> str:
        status, text, _ = self.ask("GET", path)
        assert status == 200, f"{path} gave {status}"
        assert needle in text, f"{path} lacks {needle}"
        return text

    def search(self, token: str, query: str) -> None:
        """Type it, and see what is found: a list, or the one that fits."""
        typed = urlencode({"csrf_token": token, "query": query})
        _, _, found = self.ask("POST", "/staff/complaints/search", typed)
        status, _, only = self.ask("GET", found)
        assert status == 200 or only, f"{query} gave {status}"


def times(count: int, ask: Callable[[], object]) -> list[float]:
    found = []
    for _ in range(count):
        began = time.perf_counter()
        ask()
        found.append((time.perf_counter() - began) * 1000)
    return found


def measure(desk: Desk, count: int) -> dict[str, list[float]]:
    first = desk.page("/staff/complaints/", 'class="tick"')
    token, reference = TOKEN.search(first), re.search(r'pick_([0-9A-Z]{10})"', first)
    assert token
    assert reference
    pages = {
        "queue": "",
        "queue, next page": f"?after={reference[1]}",
        "queue, one kind": "?type=bill",
        "queue, one office and state": "?office=091&state=working",
        "queue, nobody's": "?whose=nobody",
        "queue, late": "?due=late",
    }
    found = {
        name: times(count, lambda query=query: desk.page(f"/staff/complaints/{query}", "tick"))
        for name, query in pages.items()
    }
    case = f"/staff/complaints/{reference[1]}"
    found["one complaint"] = times(count, lambda: desk.page(case, reference[1]))
    queries = ("0000012345", "녹물 보기로", "요금이", "고래", "계량기 성북구 도로", "010-1234-5678")
    for query in queries:
        name = f"search {query}"
        found[name] = times(count // 2, lambda query=query: desk.search(token[1], query))
    weeks = "/staff/complaints/numbers/?weeks=13"
    found["figures of 13 weeks"] = times(3, lambda: desk.page(weeks, "<rect"))
    return found


def part(folder: Path, quick: bool) -> Found:
    size, count = (FEW, 60) if quick else (MANY, 300)
    apart(fill, str(folder), size)
    with serving("wsgi:app", folder) as server:
        found = measure(Desk(server.port), count)
    queue = [one for name, some in found.items() if name.startswith("queue") for one in some]
    search = [one for name, some in found.items() if name.startswith("search") for one in some]
    lines: list[Figure] = [
        at_most("queue over HTTP, p99", p99(queue), QUEUE_LIMIT, " ms", 1),
        at_most("search over HTTP, p99", p99(search), SEARCH_LIMIT, " ms", 1),
    ]
    for name, some in found.items():
        lines.append(plain(f"{name}, median", middle(some), " ms", 1))
    remarks = [
        f"{size:,} complaints on SQLite, {OPEN_SHARE:.0%} of them open, all offices; one request"
        " after the other, each answer checked.",
        "A search is its POST and the page that it leads to.",
    ]
    return Found("Desk of complaints", lines, remarks, {})
