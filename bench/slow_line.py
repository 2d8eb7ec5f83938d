"""`python -m bench.slow_line`: a leak with two 12-megapixel photos over 400 kbit/s that breaks.

A proxy passes 50,000 bytes a second in all, each way, and cuts a connection at 5 % of the pieces of
16 KB. Prints how long a browser takes from the first page to the number, and what arrived.
"""

import io
import json
import random
import socket
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from PIL import Image, ImageFilter
from playwright.sync_api import Page, sync_playwright

from tests import server

RATE, CUT, PIECE, STEP = 50_000, 0.05, 16_384, 4_096


class Line:
    """What passes through a slow line: so many bytes a second for all connections together."""

    def __init__(self, seed: int) -> None:
        self.lock, self.luck = threading.Lock(), random.Random(seed)
        self.free_at = {"up": 0.0, "down": 0.0}
        self.cuts, self.bytes, self.connections = 0, {"up": 0, "down": 0}, 0

    def wait_for(self, way: str, size: int) -> None:
        """Take the time that these bytes need."""
        with self.lock:
            begin = max(time.monotonic(), self.free_at[way])
            self.free_at[way] = begin + size / RATE
            self.bytes[way] += size
        time.sleep(max(self.free_at[way] - time.monotonic(), 0))

    def breaks(self, size: int) -> bool:
        with self.lock:
            found = self.luck.random() < CUT * size / PIECE
            self.cuts += found
            return found

    def carry(self, source: socket.socket, target: socket.socket, way: str) -> None:
        """Pass on until one of them ends, or the line breaks."""
        with suppress(OSError):
            while piece := source.recv(STEP):
                self.wait_for(way, len(piece))
                if self.breaks(len(piece)):
                    break
                target.sendall(piece)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def listen(self, listener: socket.socket, port: int) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(("127.0.0.1", port))
                self.connections += 1
                for way, ends in (("up", (near, far)), ("down", (far, near))):
                    threading.Thread(target=self.carry, args=(*ends, way), daemon=True).start()


@contextmanager
def slow(address: str, seed: int) -> Iterator[tuple[str, Line]]:
    """The address of a slow way to a server."""
    line, listener = Line(seed), socket.create_server(("127.0.0.1", 0))
    port = urlsplit(address).port or 80
    threading.Thread(target=line.listen, args=(listener, port), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", line
    finally:
        listener.close()


def photo(seed: int) -> bytes:
    """Twelve megapixels with as much in them as a street has: about 4 MB."""
    luck = random.Random(seed)
    coarse = Image.effect_noise((400, 300), 90).resize((4000, 3000), Image.Resampling.BICUBIC)
    fine = Image.effect_noise((4000, 3000), luck.randint(20, 24)).filter(ImageFilter.BoxBlur(1))
    file = io.BytesIO()
    Image.blend(coarse, fine, 0.35).convert("RGB").save(file, "JPEG", quality=92)
    return file.getvalue()


def again(page: Page, path: str) -> None:
    """Open a page; a person whose connection broke opens it again."""
    for _ in range(20):
        with suppress(Exception):
            page.goto(path, wait_until="domcontentloaded", timeout=30_000)
            return
    raise RuntimeError(f"{path} could not be opened")


def press(page: Page, name: str, path: str) -> None:
    """Press a button until the next page is there; a form that was cut off is sent again."""
    here = page.url
    for _ in range(20):
        with suppress(Exception):
            page.get_by_role("button", name=name, exact=True).click(timeout=5_000)
            page.wait_for_url(f"**{path}", timeout=20_000, wait_until="domcontentloaded")
            return
        if not page.url.startswith("http"):
            again(page, here)
    raise RuntimeError(f"{name} did not lead to {path}")


def report(page: Page, photos: list[bytes]) -> dict[str, float | str]:
    """From the first page to the number: seconds until it is begun, photos sent, and filed."""
    began = time.monotonic()
    again(page, "/complaints/new/leak_street")
    press(page, "접수 시작하기", "/complaints/place")
    page.get_by_label("구", exact=True).select_option("성북구")
    page.get_by_label("동이나 길 이름").fill("보기로")
    page.get_by_label("찾아갈 수 있는 설명").fill("12번지 약국 앞")
    press(page, "계속", "/complaints/details")
    page.get_by_label("계속 흐름").check()
    page.get_by_label("아니요").check()
    press(page, "계속", "/complaints/photos")
    pages = time.monotonic()
    files = [
        {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": content}
        for number, content in enumerate(photos)
    ]
    page.get_by_label("사진 고르기").set_input_files(files)  # type: ignore[arg-type]
    page.locator("#shots img").nth(1).wait_for(timeout=300_000, state="attached")
    sent = time.monotonic()
    press(page, "계속", "/complaints/contact")
    page.get_by_label("전화번호").fill("010-1234-5678")
    press(page, "계속", "/complaints/check")
    press(page, "접수하기", "/received")
    number = page.locator(".number").inner_text()
    return {
        "pages_before": round(pages - began, 1),
        "photos": round(sent - pages, 1),
        "whole": round(time.monotonic() - began, 1),
        "number": number,
    }


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    seed = parser.parse_args().seed
    photos = [photo(seed), photo(seed + 1)]
    with server.running() as address, slow(address, seed) as (way, line), sync_playwright() as run:
        browser = run.chromium.launch(**server.LAUNCH)
        context = browser.new_context(base_url=way, locale="ko-KR")
        found = report(context.new_page(), photos)
        page = context.new_page()
        page.goto(f"{address}/complaints/{found['number']}")
        kept = page.locator("main .shots img").count()
        browser.close()
        told = {
            "megabytes": [round(len(content) / 1e6, 1) for content in photos],
            "connections": line.connections,
            "cuts": line.cuts,
            "photos_kept": kept,
            "kilobytes_up": line.bytes["up"] // 1000,
            "kilobytes_down": line.bytes["down"] // 1000,
        }
    sys.stdout.write(f"{json.dumps({**found, **told})}\n")


if __name__ == "__main__":
    main()
