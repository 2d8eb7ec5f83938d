"""Part 1: CPU time and bytes of a request, as ratios in one run."""

import http.client
import io
import re
import time
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from app import create_app
from bench import machine
from bench.apart import apart
from bench.city import BILLS, EMAIL, PASSPHRASE
from bench.figures import Figure, Found, at_most, middle, plain
from bench.load import Generator
from bench.sampler import sampling
from bench.server import Running, serving

ARTICLE = "/learn/read-your-bill"
CONTENT_LIMIT, BILLS_LIMIT = 2, 6  # times a bare Flask view
LEAN_LIMIT, LEAN_PART_LIMIT = 1.6, 1.25  # times lean rows
FRAGMENT_LIMIT = 0.65  # of the page's bytes
UNCHANGED_LIMIT = 1.1  # no dearer than the page, but for the noise


class Asked(NamedTuple):
    """One measured request. `needle` must be in the answer."""

    name: str
    server: str
    path: str
    needle: str
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 200
    packed: bool = False

    def text(self) -> str:
        lines = [f"GET {self.path} HTTP/1.1", "Host: 127.0.0.1", *map(": ".join, self.headers)]
        return "\r\n".join([*lines, "", ""])


class Measured(NamedTuple):
    """Medians over the rounds."""

    cpu_us: float
    head: int
    body: int


def sign_in(port: int) -> tuple[str, str]:
    """Sign in over HTTP; the cookies, and the address of the newest bill."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    cookies: dict[str, str] = {}

    def ask(method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            cookies[name] = value
        return answer.status, answer.read().decode()

    _, form = ask("GET", "/login")
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert token
    typed = {"csrf_token": token[1], "email": EMAIL, "password": PASSPHRASE}
    status, _ = ask("POST", "/login", urlencode(typed))
    assert status == 303, f"signing in gave {status}"
    _, found = ask("GET", "/bills/")
    assert f"고지서 {BILLS}건" in found
    bill = re.search(r'href="(/bills/[A-Z0-9]+/\d{4}-\d\d)"', found)
    assert bill
    connection.close()
    return "; ".join(f"{name}={value}" for name, value in cookies.items()), bill[1]


def etag(port: int, path: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Accept-Encoding": "br"})
    found = connection.getresponse().getheader("ETag")
    connection.close()
    assert found, f"{path} has no ETag"
    return found


def requests(port: int) -> list[Asked]:
    """Everything that is measured; `port` is the app's."""
    cookie, bill = sign_in(port)
    mine, packed = ("Cookie", cookie), ("Accept-Encoding", "br")
    part = (mine, ("HX-Request", "true"), ("HX-Target", "bill_list"))
    rows = f"고지서 {BILLS}건"
    known = ("If-None-Match", etag(port, ARTICLE))
    chart = '<svg class="chart"'
    return [
        Asked("bare WSGI callable", "wsgi", "/", "water"),
        Asked("bare Flask view", "flask", "/", "water"),
        Asked("lean rows", "lean", "/bills/", rows, (mine,)),
        Asked("content page", "app", ARTICLE, "<article"),
        Asked("content page, br", "app", ARTICLE, "<article", (packed,), packed=True),
        Asked("content page, 304", "app", ARTICLE, "", (packed, known), 304),
        Asked("home, br", "app", "/", "<h1>", (packed,), packed=True),
        Asked("bill list", "app", "/bills/", rows, (mine,)),
        Asked("bill list, br", "app", "/bills/", rows, (mine, packed), packed=True),
        Asked("bill list as fragment", "app", "/bills/", rows, part),
        Asked("bill list as fragment, br", "app", "/bills/", rows, (*part, packed), packed=True),
        Asked("one bill", "app", bill, chart, (mine,)),
        Asked("one bill, br", "app", bill, chart, (mine, packed), packed=True),
    ]


def once(generator: Generator, asked: Asked, server: Running, seconds: float) -> Measured:
    """CPU microseconds of all the server's processes per request, over some seconds."""
    before = machine.cpu_seconds(server.pids)
    answer = generator.ask(
        {
            "port": server.port,
            "request": asked.text(),
            "path": asked.path,
            "needle": asked.needle,
            "status": asked.status,
            "packed": asked.packed,
            "seconds": seconds,
        }
    )
    used = machine.cpu_seconds(server.pids) - before
    return Measured(used / answer["count"] * 1e6, answer["head"], answer["body"])


def measure(folder: Path, rounds: int, seconds: float) -> tuple[dict[str, Measured], str, str]:
    """All requests in turn, round after round; also the cookies and a bill's address."""
    with (
        serving("wsgi:app", folder) as app,
        serving("bench.bare_flask:app", folder) as flask,
        serving("bench.bare_wsgi:app", folder) as wsgi,
        serving("bench.lean_rows:app", folder) as lean,
        Generator() as generator,
    ):
        servers = {"app": app, "flask": flask, "wsgi": wsgi, "lean": lean}
        asked = requests(app.port)
        taken: dict[str, list[Measured]] = {one.name: [] for one in asked}
        for one in asked:  # both workers warm up
            once(generator, one, servers[one.server], 0.3)
        for number in range(rounds):
            print(f"  round {number + 1} of {rounds}", flush=True)
            for one in asked:
                taken[one.name].append(once(generator, one, servers[one.server], seconds))
    found = {
        name: Measured(middle([m.cpu_us for m in each]), each[-1].head, each[-1].body)
        for name, each in taken.items()
    }
    bill = next(one for one in asked if one.name == "one bill")
    return found, dict(bill.headers)["Cookie"], bill.path


def figures(found: dict[str, Measured]) -> list[Figure]:
    """Ratios against the baselines, then each request by itself."""
    cpu = {name: one.cpu_us for name, one in found.items()}
    flask, wsgi, lean = cpu["bare Flask view"], cpu["bare WSGI callable"], cpu["lean rows"]
    content, bills, bill = cpu["content page"], cpu["bill list"], cpu["one bill"]
    unchanged = cpu["content page, 304"] / cpu["content page, br"]
    fragment = found["bill list as fragment"]
    part = fragment.cpu_us / lean
    share = fragment.body / found["bill list"].body
    lines = [
        at_most("content page against a bare Flask view", content / flask, CONTENT_LIMIT, " ×"),
        at_most("content page unchanged (304) against the page", unchanged, UNCHANGED_LIMIT, " ×"),
        at_most("bill list against a bare Flask view", bills / flask, BILLS_LIMIT, " ×"),
        at_most("one bill against a bare Flask view", bill / flask, BILLS_LIMIT, " ×"),
        at_most("bytes of the fragment against the page", share, FRAGMENT_LIMIT, " ×"),
        plain("content page against a bare WSGI callable", content / wsgi, " ×", 2),
        at_most("bill list against lean rows", bills / lean, LEAN_LIMIT, " ×"),
        at_most("bill list as fragment against lean rows", part, LEAN_PART_LIMIT, " ×"),
        at_most("one bill against lean rows", bill / lean, LEAN_LIMIT, " ×"),
    ]
    for name, one in found.items():
        size = f"{one.body:,} B + {one.head:,} B of headers"
        lines.append(Figure(name, f"{one.cpu_us:,.0f} us, {size}"))
    return lines


def profile(folder: str, path: str, cookie: str, seconds: float) -> str:
    """Samples of one page, asked for in this process without a server."""
    with redirect_stderr(io.StringIO()):  # the log takes what is standard error now
        app = create_app({"DATA_DIR": folder})
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_COOKIE": cookie,
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
    }
    statuses = []

    def ask() -> None:
        answer = app.wsgi_app(dict(environ), lambda status, *_: statuses.append(status))
        b"".join(answer)

    for _ in range(100):
        ask()
    with sampling() as samples:
        began, count = time.process_time(), 0
        while time.process_time() - began < seconds:
            ask()
            count += 1
        used = time.process_time() - began
    assert set(statuses) == {"200 OK"}
    return samples.text(used / count * 1e6, "request")


def part(folder: Path, quick: bool, everything: bool) -> Found:
    """Measure; profiles of the pages that miss their target, or of both."""
    rounds, seconds = (2, 0.4) if quick else (5, 1.2)
    found, cookie, bill = measure(folder, rounds, seconds)
    lines = figures(found)
    missed = {line.what for line in lines if line.met is False}
    profiles = {}
    for name, path in (("bill list", "/bills/"), ("one bill", bill)):
        if everything or any(what.startswith(name) for what in missed):
            profiles[name] = apart(profile, str(folder), path, cookie, 3 if quick else 5)
    remarks = [
        "CPU time of the server and its workers (user + system); without the load generator's.",
        f"{rounds} rounds of {seconds} s each, all requests in turn, medians; every answer's "
        "status and text is checked.",
        f"Bill pages are those of a later visit (signed in, linked style, {BILLS} bills), without "
        "Accept-Encoding unless `br` is said.",
        "Lean rows: the same rows without models, templates or translations (lean_rows.py).",
    ]
    return Found("CPU and bytes of a request", lines, remarks, profiles)
