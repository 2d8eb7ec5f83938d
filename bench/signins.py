"""Part 7: what twenty sign-ins a second do to the others' pages."""

import http.client
import re
import time
from multiprocessing import Event, Process, Value
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.city import EMAIL, PASSPHRASE
from bench.figures import Found, at_most, middle, p99, plain
from bench.server import serving

PAGE = "/learn/read-your-bill"
PER_SECOND = 20
PAUSE = 0.005
LIMIT = 2.0
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def visitor(port: int) -> tuple[dict[str, str], str]:
    """The cookies of a new visitor, and the body of a sign-in in that visitor's name."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/login")
    answer = connection.getresponse()
    cookies = [line.split(";")[0] for line in answer.headers.get_all("Set-Cookie") or []]
    token = re.search(r'name="csrf_token" value="([^"]+)"', answer.read().decode())
    assert token
    typed = {"csrf_token": token[1], "email": EMAIL, "password": PASSPHRASE}
    return {**FORM, "Cookie": "; ".join(cookies)}, urlencode(typed)


def sign_in_steadily(port: int, lane: int, lanes: int, stop: Any, done: Any) -> None:
    """Sign in at this lane's share of the rate until told to stop; counts what succeeded."""
    headers, body = visitor(port)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    begun, count = time.perf_counter() + lane / PER_SECOND, 0
    while not stop.is_set():
        time.sleep(max(0.0, begun + count * lanes / PER_SECOND - time.perf_counter()))
        connection.request("POST", "/login", body, headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 303, f"signing in gave {answer.status}"
        with done.get_lock():
            done.value += 1
        count += 1


def page_times(port: int, seconds: float) -> list[float]:
    """How long a content page takes, asked for again and again, in milliseconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times, until = [], time.perf_counter() + seconds
    while time.perf_counter() < until:
        began = time.perf_counter()
        connection.request("GET", PAGE)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
        times.append((time.perf_counter() - began) * 1000)
        time.sleep(PAUSE)
    return times


def under_load(port: int, seconds: float, lanes: int = 2) -> tuple[list[float], float]:
    """The page's times while others sign in, and how many did so each second."""
    stop, done = Event(), Value("i", 0)
    others = [
        Process(target=sign_in_steadily, args=(port, lane, lanes, stop, done))
        for lane in range(lanes)
    ]
    for other in others:
        other.start()
    while done.value < PER_SECOND:  # the hashing thread has started
        time.sleep(0.01)
    before, began = done.value, time.perf_counter()
    times = page_times(port, seconds)
    rate = (done.value - before) / (time.perf_counter() - began)
    stop.set()
    for other in others:
        other.join()
        assert other.exitcode == 0
    return times, rate


def part(folder: Path, quick: bool) -> Found:
    rounds, seconds = (1, 3.0) if quick else (5, 5.0)
    quiet: list[float] = []
    busy: list[float] = []
    rates: list[float] = []
    with serving("wsgi:app", folder, PAGE) as server:
        page_times(server.port, 1)
        for _ in range(rounds):
            quiet += page_times(server.port, seconds)
            times, rate = under_load(server.port, seconds)
            busy += times
            rates.append(rate)
    figures = [
        plain("content page, quiet, p99", p99(quiet), " ms", 2),
        plain("content page while others sign in, p99", p99(busy), " ms", 2),
        at_most("p99 while signing in / quiet", p99(busy) / p99(quiet), LIMIT, " ×"),
        plain("content page, quiet, median", middle(quiet), " ms", 2),
        plain("content page while others sign in, median", middle(busy), " ms", 2),
        plain("sign-ins a second", middle(rates), "", 1),
    ]
    remarks = [
        f"{rounds} rounds of {seconds:.0f} s each way in turn, argon2id at the shipped cost; every"
        " sign-in is from a new browser, so each queues a mail.",
        "The page is asked for every 5 ms on one connection; server, sign-ins and this share the"
        " machine's cores.",
    ]
    return Found("Pages while others sign in", figures, remarks, {})
