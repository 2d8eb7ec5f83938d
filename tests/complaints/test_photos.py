"""Photos: redrawn, upright, without metadata; hostile files are refused or made harmless."""

import io
import struct
import subprocess
import sys
import zlib

import pytest
from PIL import Image

from app.complaints import photos
from app.complaints.photos import RefusedError, redrawn, take

GPS = 0x8825
ORIENTATION = 0x0112
SECRET = b"37.5663 126.9779 secret place"


def picture(size=(800, 600), form="JPEG", mode="RGB", color="navy", **options):
    file = io.BytesIO()
    Image.new(mode, size, color).save(file, form, **options)
    return file.getvalue()


def with_exif(**tags):
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(GPS)[1] = "N"
    for tag, value in tags.items():
        exif[int(tag[1:], 16)] = value
    return picture((40, 20), exif=exif, comment=SECRET)


def png_header(width, height):
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    whole = struct.pack(">I", len(head)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return b"\x89PNG\r\n\x1a\n" + whole


def png_bomb():
    """A small file that would become a gigabyte of pixels."""
    rows = zlib.compress(b"\x00" * 10_000_000)
    body = b"IDAT" + rows
    return png_header(30_000, 30_000) + (
        struct.pack(">I", len(rows)) + body + struct.pack(">I", zlib.crc32(body))
    )


GOOD = picture()
HTML = b"<!doctype html><script>alert(1)</script>"
HOSTILE = {
    "html": HTML,
    "html as jpeg": b"\xff\xd8\xff" + HTML,
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>',
    "pdf": b"%PDF-1.7\n1 0 obj",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "gif": b"GIF89a" + b"\x00" * 50,
    "bmp": picture(form="BMP"),
    "tiff": picture(form="TIFF"),
    "ico": picture((32, 32), form="ICO"),
    "ppm": picture((10, 10), form="PPM"),
    "heic": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1",
    "mp4": b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00",
    "zip": b"PK\x03\x04" + b"\x00" * 100,
    "gzip": b"\x1f\x8b\x08\x00" + b"\x00" * 50,
    "elf": b"\x7fELF" + b"\x00" * 100,
    "windows program": b"MZ" + b"\x00" * 100,
    "shell": b"#!/bin/sh\nrm -rf /\n",
    "python": b"import os\n",
    "php": b"<?php system($_GET['c']); ?>",
    "text": "사진".encode(),
    "nothing": b"",
    "one byte": b"\xff",
    "only the sign of a jpeg": b"\xff\xd8\xff",
    "only the sign of a png": b"\x89PNG\r\n\x1a\n",
    "only the sign of a webp": b"RIFF\x00\x00\x00\x00WEBP",
    "zeros": b"\x00" * 5000,
    "a jpeg cut in half": GOOD[: len(GOOD) // 2],
    "a jpeg cut at the end": GOOD[:-20],
    "a png cut": picture(form="PNG")[:-30],
    "a webp cut": picture(form="WEBP")[:-30],
    "a jpeg with rubbish in it": GOOD[:300] + b"\xde\xad\xbe\xef" * 200,
    "50,000 x 50,000": png_header(50_000, 50_000),
    "a bomb": png_bomb(),
    "as wide as it gets": png_header(2**31 - 1, 1),
    "no width": png_header(0, 10),
    "jpeg with a huge header": GOOD.replace(
        struct.pack(">HH", 600, 800), struct.pack(">HH", 65_000, 65_000)
    ),
    "eleven megabytes": b"\xff\xd8\xff" + b"\x00" * (11 * 2**20),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_words(name, tmp_path):
    with pytest.raises(RefusedError) as caught:
        take(photos.read(io.BytesIO(HOSTILE[name])), tmp_path)

    assert str(caught.value.why)
    assert list(tmp_path.rglob("*.jpg")) == []


@pytest.mark.parametrize(
    "tail", [HTML, b"PK\x03\x04 archive", b"<?php evil ?>", b"%PDF-1.7", b"#!/bin/sh"]
)
def test_what_hangs_behind_a_photo_is_gone(tail):
    found = redrawn(GOOD + tail)

    assert tail not in found.whole
    assert tail not in found.small


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_these_three_kinds_are_taken_and_become_jpegs(form):
    found = redrawn(picture(form=form))

    assert found.whole.startswith(b"\xff\xd8\xff")
    assert (found.width, found.height) == (800, 600)


def test_where_and_with_what_it_was_taken_is_gone():
    raw = with_exif()
    assert SECRET in raw

    found = redrawn(raw)

    again = Image.open(io.BytesIO(found.whole))
    assert SECRET not in found.whole
    assert SECRET not in found.small
    assert dict(again.getexif()) == {}
    assert "comment" not in again.info
    assert "icc_profile" not in again.info


def test_a_photo_stands_upright():
    found = redrawn(with_exif(x0112=6))

    assert (found.width, found.height) == (20, 40)


def test_a_large_photo_is_scaled_and_has_a_small_one():
    found = redrawn(picture((4000, 3000)))

    assert (found.width, found.height) == (1920, 1440)
    assert max(Image.open(io.BytesIO(found.small)).size) == 320


def test_transparent_becomes_white():
    raw = picture((20, 20), form="PNG", mode="RGBA", color=(0, 0, 0, 0))

    assert Image.open(io.BytesIO(redrawn(raw).whole)).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "I;16"])
def test_unusual_colours_are_taken(mode):
    form = "JPEG" if mode == "CMYK" else "PNG"

    assert redrawn(picture((20, 20), form=form, mode=mode, color=0)).width == 20


def test_a_kept_photo_has_a_name_of_ours_and_goes_whole(tmp_path):
    kept = take(GOOD, tmp_path)

    assert len(kept.name) == 32
    files = sorted(path.name for path in tmp_path.rglob("*.*"))
    assert files == [f"{kept.name}-small.jpg", f"{kept.name}.jpg"]
    photos.remove(tmp_path, kept.name)
    photos.remove(tmp_path, kept.name)
    assert list(tmp_path.rglob("*.jpg")) == []


def test_when_others_wait_already_the_photo_may_be_sent_again(tmp_path, monkeypatch):
    monkeypatch.setattr(photos.places, "acquire", lambda blocking: False)

    with pytest.raises(RefusedError, match="조금 뒤에"):
        take(GOOD, tmp_path)


MEASURED = """
import re, sys, time
from pathlib import Path
from app.complaints.photos import redrawn
raw = sys.stdin.buffer.read()
began = time.process_time()
redrawn(raw)
seconds = time.process_time() - began
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]
print(seconds, int(peak) / 1024)
"""


@pytest.mark.slow
def test_twelve_megapixels_cost_little_time_and_memory():
    noise = Image.effect_noise((4000, 3000), 60).convert("RGB")
    file = io.BytesIO()
    noise.save(file, "JPEG", quality=80)

    done = subprocess.run(
        [sys.executable, "-c", MEASURED], input=file.getvalue(), capture_output=True, check=True
    )

    seconds, peak = map(float, done.stdout.split())
    assert seconds < 1.5
    assert peak < 200
