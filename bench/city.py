"""Databases for the bench: the demo city with readers of 24 bills, and a city for bulk work."""

import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import islice
from pathlib import Path

from app import clock, create_app, migration, references
from app.accounts import passwords
from app.accounts.models import Account
from app.bills.seen import seen_by
from app.config import ROOT
from app.db import rows, writing
from app.demo import load
from app.demo.city import City
from app.supply.models import Home
from app.supply.readings import COLUMNS
from bench.apart import apart

BILLS = 24
READERS = 200
EMAIL, PASSPHRASE = "bench@demo.invalid", "demo bench passphrase"


@cache
def demo(folder: Path, size: int) -> Path:
    """The demo city of `size` premises in its own data folder, made once a run, with readers."""
    found = fresh(folder / f"demo-{size}", size)
    apart(add_readers, str(found))
    return found


def fresh(found: Path, size: int) -> Path:
    """A demo city of `size` premises in an empty data folder."""
    found.mkdir(exist_ok=True)
    flask = [str(Path(sys.executable).with_name("flask")), "--app", "wsgi"]
    for words in (["db", "migrate"], ["demo", "load", "--premises", str(size)]):
        subprocess.run(
            [*flask, *words],
            cwd=ROOT,
            env={**os.environ, "DATA_DIR": str(found)},
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return found


def add_readers(folder: str) -> None:
    """Accounts that see 24 bills each, of two homes somewhere in the city; one can sign in."""
    app = create_app({"DATA_DIR": folder})
    cost = (app.config["PASSWORD_MEMORY_KIB"], app.config["PASSWORD_ROUNDS"])
    ((least, most),) = rows("SELECT min(id), max(id) FROM premises")
    step = (most - least + 1) / READERS
    hashed = passwords.hashed(PASSPHRASE, cost)
    with writing():
        for index in range(READERS):
            if index == 0:
                account = Account.create(
                    email=EMAIL,
                    name="박견본",
                    password_hash=hashed,
                    created_at=clock.now(),
                )
            else:
                account = Account.create(
                    email=f"reader{index}@demo.invalid",
                    name="박견본",
                    password_hash="-",
                    created_at=clock.now(),
                )
            first = least + int(index * step)
            open_home(account, first, "우리집", BILLS)
            open_home(account, first + 1 if first < most else least, "가게", BILLS - seen(account))
            assert seen(account) == BILLS


def seen(account: Account) -> int:
    return len(seen_by(account))


def open_home(account: Account, premises_id: int, name: str, most: int) -> None:
    """A home of which the account sees the newest bills, `most` at most."""
    days = [
        day if isinstance(day, date) else date.fromisoformat(day)
        for (day,) in rows(
            "SELECT to_on FROM bills WHERE premises_id = ? AND revision = 0 ORDER BY month DESC",
            (premises_id,),
        )
    ]
    Home.create(
        account=account,
        premises=premises_id,
        reference=references.new(),
        name=name,
        role="holder",
        since_on=days[most] if len(days) > most else days[-1] - timedelta(days=90),
    )


class EvenCity(City):
    """A city in which every premises is billed in the same months."""

    def parity(self, index: int) -> int:
        return 0


class Files:
    """The reading files of two billing months of one city; the first month comes in two files."""

    def __init__(self, folder: Path) -> None:
        self.small, self.rest = folder / "first-small.csv", folder / "first-rest.csv"
        self.second = folder / "second.csv"


def even_city(size: int) -> tuple[EvenCity, str, str]:
    """The city and the two months that the bench bills."""
    city = EvenCity(size, 1, load.last_month(clock.today()))
    return city, city.months[1], city.months[3]


def build(folder: str, size: int, small: int, settings: dict[str, str]) -> None:
    """Premises, meters and people in the database; the reading files in the folder."""
    create_app({"DATA_DIR": folder, **settings})
    migration.migrate()
    city, first, second = even_city(size)
    load.build(city)
    files = Files(Path(folder))
    shown = [dwelling.start_m3 for dwelling in city.dwellings()]
    delivered = city.readings(first, shown)
    write(files.small, islice(delivered, small))
    write(files.rest, delivered)
    write(files.second, city.readings(second, shown))


def settle(folder: str, settings: dict[str, str], size: int) -> None:
    """Most bills of the first month are paid in time, some late, a few not at all."""
    create_app({"DATA_DIR": folder, **settings})
    city, first, _ = even_city(size)
    ((least,),) = rows("SELECT min(id) FROM premises")
    load.settle(city, first, least, clock.today())


def write(path: Path, delivered: Iterator[tuple[str, str, int, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(delivered)
