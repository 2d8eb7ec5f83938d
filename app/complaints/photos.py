"""Photos: what comes in is decoded within limits and written anew; nothing else of a file stays.

A file's own name, type and metadata are never used. Whatever goes wrong while it is read refuses
it, with words for the person who sent it (S-37).
"""

import io
import os
import secrets
import shutil
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import IO, NamedTuple

from PIL import Image, ImageOps

from app.language import Later, later

MOST, MOST_BYTES, MOST_PIXELS = 5, 10 * 2**20, 50_000_000
EDGE, SMALL_EDGE, QUALITY = 1920, 320, 80
"""A little under half of what phones take: a JPEG of theirs is then read at half its size."""
NICE = 10
FORMATS = ("JPEG", "PNG", "WEBP")
SIGNS = ((b"\xff\xd8\xff", 0), (b"\x89PNG\r\n\x1a\n", 0), (b"WEBP", 8))
OTHERS = (
    (
        b"ftypheic",
        4,
        later(
            "아이폰의 HEIC 사진은 받지 못합니다. 설정에서 '호환성 우선'을 켜고 다시 골라 주십시오."
        ),
    ),
    (b"ftypmif1", 4, later("HEIF 사진은 받지 못합니다. JPEG로 바꿔 주십시오.")),
    (b"ftyp", 4, later("동영상은 받지 못합니다. 사진을 골라 주십시오.")),
    (b"%PDF", 0, later("PDF는 받지 못합니다. 사진을 골라 주십시오.")),
    (b"GIF8", 0, later("GIF는 받지 못합니다. JPEG나 PNG로 바꿔 주십시오.")),
)
"""Kinds of files that people send by mistake, and what helps them."""
NOT_A_PHOTO = later("사진이 아닌 파일입니다. JPEG, PNG, WebP 사진을 골라 주십시오.")
EMPTY = later("빈 파일입니다. 사진을 다시 골라 주십시오.")
TOO_LARGE = later("10MB보다 큽니다. 더 작은 사진을 골라 주십시오.")
TOO_MANY_PIXELS = later("가로세로가 너무 큽니다. 5천만 화소까지 받습니다.")
BROKEN = later("사진을 읽지 못했습니다. 파일이 중간에 끊겼을 수 있습니다. 다시 골라 주십시오.")
BUSY = later("사진이 몰려 잠시 받지 못했습니다. 조금 뒤에 다시 보내 주십시오.")
MOST_WAITING = 3
LEAST_FREE = 2**30
"""Bytes: photos stop before the disk is so full that nothing else can be written."""

places = threading.BoundedSemaphore(MOST_WAITING)


class RefusedError(ValueError):
    """A file that is not taken; `why` says it, and what helps, to the person who sent it."""

    def __init__(self, why: Later) -> None:
        super().__init__(why.text)
        self.why = why


class Photo(NamedTuple):
    """A photo as it is kept: a name of our own, and its size in pixels and bytes."""

    name: str
    width: int
    height: int
    size: int


class Redrawn(NamedTuple):
    """The photo and a small one for lists, as new JPEGs."""

    whole: bytes
    small: bytes
    width: int
    height: int


def read(file: IO[bytes]) -> bytes:
    """A file's content; raises RefusedError for one that is empty or too large."""
    raw = file.read(MOST_BYTES + 1)
    if not raw:
        raise RefusedError(EMPTY)
    if len(raw) > MOST_BYTES:
        raise RefusedError(TOO_LARGE)
    return raw


def check_signs(raw: bytes) -> None:
    """Refuse what is no photo by its first bytes, before any decoder sees it."""
    if any(raw[at : at + len(sign)] == sign for sign, at in SIGNS):
        return
    for sign, at, why in OTHERS:
        if raw[at : at + len(sign)] == sign:
            raise RefusedError(why)
    raise RefusedError(NOT_A_PHOTO)


def redrawn(raw: bytes) -> Redrawn:
    """The photo upright and without metadata; raises RefusedError."""
    check_signs(raw)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return draw(raw)
    except (RefusedError, MemoryError):
        raise
    except Exception as error:  # whatever a decoder meets
        raise RefusedError(BROKEN) from error


def draw(raw: bytes) -> Redrawn:
    """Scaled before it is turned: that needs half of the memory."""
    picture: Image.Image = Image.open(io.BytesIO(raw), formats=FORMATS)
    if picture.width * picture.height > MOST_PIXELS:
        raise RefusedError(TOO_MANY_PIXELS)
    picture.draft("RGB", (EDGE, EDGE))  # a JPEG is decoded no larger than needed
    picture.thumbnail((EDGE, EDGE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    picture = plain(ImageOps.exif_transpose(picture))
    width, height = picture.size
    whole = jpeg(picture)
    picture.thumbnail((SMALL_EDGE, SMALL_EDGE))
    return Redrawn(whole, jpeg(picture), width, height)


def plain(picture: Image.Image) -> Image.Image:
    """Only the pixels, on white where they were transparent: nothing else of the file."""
    found = Image.new("RGB", picture.size, "white")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        found.paste(layer, mask=layer.getchannel("A"))
    else:
        found.paste(picture.convert("RGB"))
    return found


def jpeg(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=QUALITY, optimize=False)
    return file.getvalue()


def step_back() -> None:
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)


@cache
def thread(process: int) -> ThreadPoolExecutor:
    """The one thread of a process that draws; it gives way to everybody else's pages."""
    return ThreadPoolExecutor(1, "photos", initializer=step_back)


def check_disk(folder: Path) -> None:
    if shutil.disk_usage(folder).free < LEAST_FREE:
        raise RefusedError(BUSY)


def take(raw: bytes, folder: Path) -> Photo:
    """Draw a photo anew and keep it; raises RefusedError, also when others wait already."""
    check_disk(folder)
    if not places.acquire(blocking=False):
        raise RefusedError(BUSY)
    try:
        found = thread(os.getpid()).submit(redrawn, raw).result()
    finally:
        places.release()
    name = secrets.token_hex(16)
    keep(path(folder, name), found.whole)
    keep(path(folder, name, small=True), found.small)
    return Photo(name, found.width, found.height, len(found.whole))


def path(folder: Path, name: str, small: bool = False) -> Path:
    """Where a photo lies: 256 folders, so that none grows without end."""
    return folder / "photos" / name[:2] / f"{name}{'-small' if small else ''}.jpg"


def keep(target: Path, content: bytes) -> None:
    """Write a file whole or not at all, and on the disk before it is said to be there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".new")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(target)


def remove(folder: Path, name: str) -> None:
    for small in (False, True):
        path(folder, name, small).unlink(missing_ok=True)
