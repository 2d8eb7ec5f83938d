"""A city full of people who want to be told of outages, and an emergency for all of them."""

from datetime import timedelta
from pathlib import Path

from app import clock, references
from app.db import insert_many, instant, writing
from app.sealed import lookup_hash, seal
from tests.outages import files

COLUMNS = (
    "reference", "channel", "recipient", "recipient_hash", "language", "district", "dong", "road",
    "number", "mark", "created_at", "confirmed_at",
)  # fmt: skip


def gather(many, twice=0):
    """So many visitors, told by mail of one of four hundred dongs; the first of another, too."""
    at = instant(clock.now())

    def alerts():
        for number in range(many + twice):
            to = f"person{number % many}@example.invalid"
            wish = f"{to} {number // many}"
            reference = f"{references.keyed(b'crowd', wish)}{number % 8999 + 1000}"
            yield (
                reference, "mail", seal(to), lookup_hash(to), "ko", "강남구", f"동{number % 400}",
                "", 0, f"mark {number}", at, at,
            )  # fmt: skip

    with writing():
        insert_many("outage_alerts", COLUMNS, alerts())


def addresses(keys):
    """How many different addresses and channels some messages' keys are of."""
    return len({key.split(":", 4)[4] for key in keys})


def emergency(folder, name="city"):
    """The file of an emergency in the whole city that began an hour ago."""
    now = clock.now().astimezone(clock.SEOUL).replace(microsecond=0)
    begun, told = now - timedelta(hours=1), now - timedelta(minutes=5)
    text = files.text(
        kind="emergency",
        state="in_progress",
        area={"districts": ["서울 전체"]},
        start=begun.isoformat(),
        to=(now + timedelta(hours=5)).isoformat(),
        updates=[(told.isoformat(), "in_progress", "정수장이 멈춰 물이 끊겼습니다.")],
    )
    Path(folder).mkdir(exist_ok=True)
    Path(folder, f"{name}.md").write_text(text, "utf-8")
