"""Sixty payments a second through the emulated gateway, and what others notice of it."""

import http.client
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from html import unescape
from itertools import islice
from multiprocessing import Process, Queue
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from app import clock, create_app, references
from app.accounts.models import Account, Session
from app.config import ROOT
from app.db import rows, writing
from app.sessions import cookie_name
from app.supply.models import Home
from bench.apart import apart
from bench.figures import Found, at_least, at_most, middle, p99, plain
from bench.server import free_port, serving, stop

PER_SECOND = 60
HOMES = 5
"""Of each payer."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
LIMIT = 3.0
PAUSE = 0.02
LANES, THREADS = 2, 12
OTHERS = 5
NICE = ("nice", "-n", str(OTHERS))
"""Payers and gateway are elsewhere in life; here they stand behind the server on its two cores."""
UNPAID = """
UPDATE bills SET paid_at = NULL WHERE revision = 0 AND (premises_id, month) IN
    (SELECT premises_id, max(month) FROM bills GROUP BY premises_id) RETURNING premises_id
"""
NEWEST = """
SELECT premises_id, max(month) FROM bills WHERE total > 1000 GROUP BY premises_id
    HAVING max(revision) = 0 ORDER BY premises_id
"""
BOOKED = "SELECT coalesce(sum(amount), 0) FROM ledger_entries WHERE account = 'gateway'"
FIELDS = re.compile(r'name="(csrf_token|shown|key)" value="([^"]*)"')


class Payer(NamedTuple):
    """Somebody's cookies, and the bills that are theirs to pay, as addresses name them."""

    cookies: dict[str, str]
    bills: list[str]


def add_payers(folder: str) -> list[Payer]:
    """Signed-in payers, each with some homes whose newest bill is open."""
    app = create_app({"DATA_DIR": folder})
    now, since, found = clock.now(), clock.today() - timedelta(days=1000), list[Payer]()
    with writing():
        rows(UNPAID)
        bills = iter(rows(NEWEST))
        while own := list(islice(bills, HOMES)):
            account = Account.create(
                email=f"payer{len(found)}@demo.invalid",
                name="박견본",
                password_hash="-",
                created_at=now,
            )
            client = app.test_client()
            with client.session_transaction() as session:
                session["_user_id"] = Session.start(account, now)
            cookie = client.get_cookie(cookie_name(app, "/"))
            assert cookie
            names = [f"{open_home(account, one, since)}.{month}" for one, month in own]
            found.append(Payer({cookie.key: cookie.value}, names))
    return found


def open_home(account: Account, premises: int, since: date) -> str:
    home = Home.create(
        account=account,
        premises=premises,
        reference=references.new(),
        name="우리집",
        role="holder",
        since_on=since,
    )
    return str(home.reference)


class Browser:
    """A keep-alive connection, and the cookies of somebody who is signed in."""

    def __init__(self, port: int, cookies: dict[str, str]) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies = dict(cookies)

    def ask(self, method: str, path: str, status: int, fields: dict[str, str] | None = None) -> str:
        """The body of an answer, or where it leads; raises for another status."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = {"Cookie": cookie} if cookie else {}
        self.connection.request(
            method, path, urlencode(fields) if fields else None, {**head, **FORM}
        )
        answer = self.connection.getresponse()
        body = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        if answer.status != status:
            raise RuntimeError(f"{method} {path} gave {answer.status}")
        return answer.headers["Location"] if status == 303 else body

    def pay(self, bill: str, gateway: http.client.HTTPConnection) -> None:
        """From the sum to the result, by card."""
        path = f"/pay/method?bill={bill}"
        page = self.ask("GET", path, 200)
        fields = {name: unescape(value) for name, value in FIELDS.findall(page)}
        window = self.ask("POST", path, 303, {**fields, "channel": "card", "bank": "20"})
        order, amount = window.rsplit("/", 1)[-1], int(fields["shown"])
        self.ask("GET", urlsplit(window).path, 200)
        given = {"orderId": order, "amount": amount, "taxFreeAmount": amount, "orderName": "bench"}
        gateway.request("POST", "/control/authenticate", json.dumps(given))
        key = json.loads(gateway.getresponse().read())["paymentKey"]
        back = urlencode({"paymentKey": key, "orderId": order, "amount": amount})
        result = self.ask("GET", f"/payments/success?{back}", 303)
        if "냈습니다" not in self.ask("GET", urlsplit(result).path, 200):
            raise RuntimeError(f"{order} is not paid")


def pay_steadily(
    ports: tuple[int, int], work: list[Payer], begin: float, gap: float, done: "Queue[Any]"
) -> None:
    """Payments one after the other at their times; puts seconds each, or the error at the end."""
    try:
        browser = Browser(ports[0], {})
        gateway = http.client.HTTPConnection("127.0.0.1", ports[1], timeout=60)
        index = 0
        for payer in work:
            browser.cookies = dict(payer.cookies)
            for bill in payer.bills:
                time.sleep(max(0.0, begin + index * gap - time.time()))
                started = time.perf_counter()
                browser.pay(bill, gateway)
                done.put(time.perf_counter() - started)
                index += 1
    except (RuntimeError, OSError, http.client.HTTPException, KeyError, ValueError) as error:
        done.put(repr(error))
    done.put(None)


def lane(ports: tuple[int, int], works: list[list[Payer]], begin: float, done: Any) -> None:
    """A process of payers, a thread each, behind the server like all that is not ours."""
    os.nice(OTHERS)
    gap = LANES * THREADS / PER_SECOND
    threads = [
        Thread(target=pay_steadily, args=(ports, one, begin + index * gap / THREADS, gap, done))
        for index, one in enumerate(works)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def page_times(browser: Browser, path: str, seconds: float) -> list[float]:
    """How long a bill page takes, asked for again and again, in milliseconds."""
    times, until = [], time.perf_counter() + seconds
    while time.perf_counter() < until:
        began = time.perf_counter()
        browser.ask("GET", path, 200)
        times.append((time.perf_counter() - began) * 1000)
        time.sleep(PAUSE)
    return times


@contextmanager
def beside(folder: Path, ahead: tuple[str, ...], *command: str, **settings: str) -> Iterator[None]:
    """A program that runs meanwhile; `ahead` stands before its command."""
    environment = {**os.environ, "DATA_DIR": str(folder), **settings}
    with (folder / "beside.log").open("ab") as log:
        process = subprocess.Popen(
            [*ahead, sys.executable, "-m", *command],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        yield
    finally:
        stop(process)


def held(port: int) -> int:
    """Won that the emulator holds for us."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/control/sums")
    return int(json.loads(connection.getresponse().read())["held"])


def books(folder: str) -> tuple[int, int, list[str]]:
    """Won in the books, payments, and what `flask ledger verify` finds."""
    from app.reconciliation import verify

    app = create_app({"DATA_DIR": folder})
    with app.app_context():
        ((won,),) = rows(
            "SELECT coalesce(sum(amount), 0) FROM ledger_entries WHERE account = 'gateway'"
        )
        ((count,),) = rows("SELECT count(*) FROM payments")
        return int(won), int(count), list(verify.problems())


def run(
    ports: tuple[int, int], payers: list[Payer], other: Browser, path: str, seconds: float
) -> tuple[list[float], list[str], float, list[float]]:
    """Payments at the rate: seconds each, errors, payments a second, and pages meanwhile (ms)."""
    threads = LANES * THREADS
    each = int(PER_SECOND * seconds / threads / HOMES) + 1
    works = [payers[one * each : (one + 1) * each] for one in range(threads)]
    done: Queue[Any] = Queue()
    begin = time.time() + 3
    lanes = [
        Process(target=lane, args=(ports, works[one::LANES], begin + one / PER_SECOND, done))
        for one in range(LANES)
    ]
    for one in lanes:
        one.start()
    time.sleep(3.5)
    pages = page_times(other, path, seconds - 1)
    times, errors, ended = list[float](), list[str](), 0
    while ended < threads:
        said = done.get(timeout=300)
        ended += said is None
        if isinstance(said, str):
            errors.append(said)
        elif said is not None:
            times.append(said)
    took = time.time() - begin
    for one in lanes:
        one.join()
    return times, errors, len(times) / took, pages


def lock_errors(folder: Path) -> int:
    """How often a log says that the database was locked."""
    texts = [(folder / name).read_text("utf-8", "replace") for name in ("server.log", "beside.log")]
    return sum(text.count("locked") for text in texts)


def part(folder: Path, quick: bool) -> Found:
    seconds = 15.0 if quick else 300.0
    *payers, last = apart(add_payers, str(folder))
    path = "/bills/" + last.bills[0].replace(".", "/")
    port = free_port()
    settings = {"WATER_PAY_URL": f"http://127.0.0.1:{port}"}
    with serving("wsgi:app", folder, "/", **settings) as server:
        hooks = f"http://127.0.0.1:{server.port}/hooks/payments"
        emulator = ("app.sandbox.pay", "--port", str(port), "--webhooks", hooks)
        worker = ("flask", "--app", "wsgi", "worker")
        with beside(folder, NICE, *emulator), beside(folder, (), *worker, **settings):
            other = Browser(server.port, last.cookies)
            page_times(other, path, 2)
            quiet = page_times(other, path, seconds / 5)
            ports = (server.port, port)
            times, errors, rate, busy = run(ports, payers, other, path, seconds)
            money = held(port)
            won, count, problems = apart(books, str(folder))
    figures = [
        at_least(f"payments a second, {seconds:.0f} s", rate, PER_SECOND * 0.99, ""),
        at_most("errors of payers", len(errors), 0, "", 0),
        at_most("lock errors in the logs", lock_errors(folder), 0, "", 0),
        at_most("won that the gateway holds and the books do not", abs(money - won), 0, "", 0),
        at_most("problems found by ledger verify", len(problems), 0, "", 0),
        plain("payments in the books", count, ""),
        plain("one payment, median", middle(times) * 1000, " ms"),
        plain("one payment, p99", p99(times) * 1000, " ms"),
        plain("bill page, idle, p99", p99(quiet), " ms", 2),
        plain("bill page meanwhile, p99", p99(busy), " ms", 2),
        at_most("p99 meanwhile / idle", p99(busy) / p99(quiet), LIMIT, " ×"),
        plain("bill page, idle, median", middle(quiet), " ms", 2),
        plain("bill page meanwhile, median", middle(busy), " ms", 2),
    ]
    remarks = [
        "A payment is what a browser does: the sum, the form, the page before the window, the yes"
        " at the gateway, the way back (which books), the result. SQLite; 20,000 premises.",
        "Server, worker, emulator (a notice for each payment) and the payers share the two cores;"
        f" emulator and payers, which are elsewhere in life, with `nice` {OTHERS}.",
        *[f"Error: {one}" for one in errors[:3]],
    ]
    return Found("Sixty payments a second", figures, remarks, {})
