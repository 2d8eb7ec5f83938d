"""Part 5: first paint on slow lines, in Chromium."""

import shutil
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import sync_playwright

from bench.figures import Figure, Found, at_most, middle
from bench.server import serving

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FIRST_PAINT = (
    "performance.getEntriesByName('first-contentful-paint').map(entry => entry.startTime)[0] || 0"
)
TRANSFERRED = (
    "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
    ".reduce((sum, entry) => sum + entry.transferSize, 0)"
)


class Line(NamedTuple):
    """A throttled line: kbit/s, ms of waiting per request, CPU slowed by, seconds allowed."""

    name: str
    kbit: float
    wait_ms: float
    slower: int
    limit: float


LINES = (
    Line("50 kbit/s, 2 s", 50, 2000, 1, 3.2),
    Line("e, DevTools Slow 3G", 400, 2000, 4, 5.0),
    Line("f, Lighthouse 3G", 630, 1125, 4, 3.0),
    Line("g, Lighthouse slow 4G", 1440, 562.5, 4, 1.8),
)
PAGES = (("home", "/"), ("content page", "/learn/read-your-bill"), ("outages", "/outages/"))


def paint(browser: Any, address: str, line: Line) -> tuple[float, int]:
    """Seconds to the first contentful paint in a fresh profile, and bytes received until then."""
    context = browser.new_context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    rate = line.kbit * 1000 / 8
    conditions = {
        "offline": False,
        "latency": line.wait_ms,
        "downloadThroughput": rate,
        "uploadThroughput": rate,
    }
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", conditions)
    session.send("Emulation.setCPUThrottlingRate", {"rate": line.slower})
    page.goto(address, wait_until="load", timeout=90_000)
    while not (first := page.evaluate(FIRST_PAINT)):
        page.wait_for_timeout(50)
    found = first / 1000, int(page.evaluate(TRANSFERRED))
    context.close()
    return found


def part(data: Path, quick: bool) -> Found:
    rounds, lines = 1 if quick else 3, list[Figure]()
    with serving("wsgi:app", data) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for name, path in PAGES:
            for line in LINES:
                print(f"  {name}, {line.name}", flush=True)
                address = f"http://127.0.0.1:{server.port}{path}"
                taken = [paint(browser, address, line) for _ in range(rounds)]
                seconds = middle([second for second, _ in taken])
                what = f"{name}, {line.name}, {taken[-1][1]:,} B"
                lines.append(at_most(what, seconds, line.limit, " s"))
        version = browser.version
        browser.close()
    remarks = [
        f"Chromium {version}, DevTools throttling, empty cache, medians of {rounds}; "
        "bytes received until then.",
        "Profiles e to g of the design budgets with the CPU 4 times slower; the first without.",
    ]
    return Found("First contentful paint on slow lines", lines, remarks, {})
