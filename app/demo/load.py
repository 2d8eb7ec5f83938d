"""Fills an empty database with the invented city, through the same import and run as real files."""

import csv
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from app import clock, references
from app.accounts import consents, passwords
from app.accounts.models import Account
from app.billing import run as billing
from app.billing.correct import Signed, Wanted, correct
from app.billing.periods import due_date
from app.bills.models import Bill
from app.db import database, insert_many, is_postgres, rows, writing
from app.demo.city import LEAKING, MOVED, NOBODYS, PARENTS, RESIDENT, City, Dwelling
from app.demo.complaints import open_complaints
from app.demo.staff import open_staff, staff_sign_ins
from app.supply import daily, tenancies
from app.supply.models import Home
from app.supply.readings import COLUMNS, import_file
from app.tariff.table import seoul

SIGN_INS = {
    "resident": ("resident@demo.invalid", "demo resident passphrase", "김가상"),
    "neighbour": ("neighbour@demo.invalid", "demo neighbour passphrase", "이예시"),
}


class NotEmptyError(RuntimeError):
    """The database already holds a city."""


def last_month(today: date) -> str:
    """The newest billing month whose bills are out (they are fixed around the 12th)."""
    month = today.isoformat()[:7]
    return month if today.day >= 13 else clock.add_months(month, -1)


def issued(month: str) -> datetime:
    """The moment at which the demo's bills of a month are made."""
    return datetime.combine(clock.first_day(month).replace(day=12), time(9), clock.SEOUL)


def load(
    size: int,
    seed: int,
    folder: Path,
    code_key: bytes,
    cost: tuple[int, int],
    seen: Callable[[int, int], None] = lambda done, all_: None,
) -> City:
    """Load a city; raises NotEmptyError when the database has premises already."""
    if rows("SELECT count(*) FROM premises")[0][0]:
        raise NotEmptyError("the database already holds premises")
    today = clock.today()
    city = City(size, seed, last_month(today))
    folder.mkdir(parents=True, exist_ok=True)
    first_id = build(city)
    shown = [dwelling.start_m3 for dwelling in city.dwellings()]
    for done, month in enumerate(city.months):
        live(city, month, shown, folder, code_key)
        settle(city, month, first_id, today)
        seen(done + 1, len(city.months))
    read_daily(city, folder, today)
    put_right(city, code_key)
    open_accounts(city, first_id, cost)
    open_staff(city, cost)
    open_complaints(city)
    return city


def build(city: City) -> int:
    """Store premises, meters and people; the row id of the first premises."""
    with writing():
        ((highest,),) = rows("SELECT coalesce(max(id), 0) FROM premises")
        first_id = int(highest) + 1
        stream = city.dwellings()
        while part := list(islice(stream, 10_000)):
            insert_many("premises", PREMISES, [premises(first_id, one) for one in part])
            insert_many("meters", METERS, [meter(first_id, one) for one in part])
            people = [row for one in part for row in occupancies(first_id, one, city)]
            insert_many("occupancies", OCCUPANCIES, people)
            granted = [row for one in part for row in reductions(first_id, one, city)]
            insert_many("reductions", REDUCTIONS, granted)
        move_sequence()
    return first_id


PREMISES = [
    "id",
    "number",
    "office",
    "district",
    "dong",
    "road_address",
    "lot_address",
    "postcode",
    "water_class",
    "sewer_class",
    "diameter_mm",
    "households",
    "dwellings",
    "billing_months",
    "meter_place",
    "supply_block",
    "started_on",
]
METERS = ["premises_id", "installed_on", "serial", "digits", "start_m3"]
OCCUPANCIES = [
    "premises_id",
    "role",
    "started_on",
    "ended_on",
    "name",
    "billing_address",
    "email",
]
CONTACTS = {RESIDENT: "resident", PARENTS: "parents", MOVED: "mover", LEAKING: "leak"}
"""Whose e-mail is on file; the addresses are invented and receive nothing."""


REDUCTIONS = ["premises_id", "code", "started_on", "value"]


def premises(first_id: int, one: Dwelling) -> tuple[Any, ...]:
    return (
        first_id + one.position, one.number, one.office, one.district, one.dong, one.road_address,
        one.lot_address, one.postcode, one.use_class, one.use_class, one.diameter_mm,
        one.households, one.dwellings, 2, "현관 앞", f"{one.office}-{one.position % 9}",
        one.installed_on.isoformat(),
    )  # fmt: skip


def meter(first_id: int, one: Dwelling) -> tuple[Any, ...]:
    serial = f"가상-{one.position:08d}"
    return first_id + one.position, one.installed_on.isoformat(), serial, 4, one.start_m3


def occupancies(first_id: int, one: Dwelling, city: City) -> list[tuple[Any, ...]]:
    """The owner, the user, and after a move the next user from the day of the reading on."""
    number, start, address = first_id + one.position, one.installed_on.isoformat(), one.road_address
    who = CONTACTS.get(one.position)
    old, new = (f"{who}@demo.invalid", f"new-{who}@demo.invalid") if who else ("", "")
    found: list[tuple[Any, ...]] = [(number, "owner", start, None, one.owner, address, "")]
    if not one.moved_in:
        return [*found, (number, "user", start, None, one.user, address, old)]
    moved = city.reading_day(one.position, one.moved_in)
    next_day = (moved + timedelta(days=1)).isoformat()
    return [
        *found,
        (number, "user", start, moved.isoformat(), one.user, address, old),
        (number, "user", next_day, None, one.next_user, address, new),
    ]


def reductions(first_id: int, one: Dwelling, city: City) -> list[tuple[Any, ...]]:
    """What a premises was granted from its beginning."""
    start = one.installed_on.isoformat()
    codes = sorted(city.grants(one.position))
    return [(first_id + one.position, code, start, 1) for code in codes]


def move_sequence() -> None:
    """Tell PostgreSQL that row ids were given by hand."""
    if is_postgres():
        database.execute_sql(
            "SELECT setval(pg_get_serial_sequence('premises', 'id'), max(id)) FROM premises"
        )


def live(city: City, month: str, shown: list[int], folder: Path, code_key: bytes) -> None:
    """One month: the reading file comes in, the bills go out."""
    path = folder / f"readings-{month}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(city.readings(month, shown))
    with clock.at(issued(month)):
        progress = import_file(path, clock.today(), clock.now())
        outcome = billing.run(month, seoul(), code_key, clock.today())
    if progress.rejected or outcome.refused:
        raise RuntimeError(f"the demo's own readings of {month} were refused")


def read_daily(city: City, folder: Path, today: date) -> None:
    """The days of remote meters come in."""
    path = folder / "daily.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(daily.COLUMNS)
        writer.writerows(city.days(today))
    if daily.import_file(path, today, clock.now()).rejected:
        raise RuntimeError("the demo's own daily readings were refused")


def settle(city: City, month: str, first_id: int, today: date) -> None:
    """Most bills are paid on time, some late, a few not yet."""
    issued_on, due_on = issued(month).date(), due_date(month)
    by_day: dict[date, list[int]] = {}
    for index in range(city.size):
        if city.billed(index, month):
            paid = city.paid_on(index, month, issued_on, due_on)
            if paid and paid < today:
                by_day.setdefault(paid, []).append(first_id + index)
    with writing():
        for day, ids in by_day.items():
            Bill.settle(month, ids, datetime.combine(day, time(12), clock.SEOUL))


def put_right(city: City, code_key: bytes) -> None:
    """A reading of the resident's parents was wrong once; its bill was corrected."""
    month = city.months[-5]
    moment = issued(month) + timedelta(days=40)
    signed = Signed("계량기를 검사해 보니 6㎥를 더 쟀습니다.", "가상 담당자", moment)
    number = city.dwelling(PARENTS).number
    bill = rows(USED, (number, month))
    wanted = Wanted(usage_m3=bill[0][0] - 6)
    correct(number, month, wanted, signed, seoul(), code_key, moment.date())


USED = """
SELECT b.usage_m3 FROM bills b JOIN premises p ON p.id = b.premises_id
WHERE p.number = ? AND b.month = ?
"""


def open_accounts(city: City, first_id: int, cost: tuple[int, int]) -> None:
    """The demo's sign-ins with their homes."""
    hashes = {who: passwords.hashed(phrase, cost) for who, (_, phrase, _) in SIGN_INS.items()}
    with writing():
        people = {
            who: Account.create(
                email=email, name=name, password_hash=hashes[who], created_at=clock.now()
            )
            for who, (email, _, name) in SIGN_INS.items()
        }
        required = [text for text in consents.register().values() if text.required]
        for person in people.values():
            consents.record(person, [(one.code, one.version) for one in required], clock.now())
        for who, index, name in (
            ("resident", RESIDENT, "우리집"),
            ("resident", PARENTS, "부모님 댁"),
            ("neighbour", MOVED, "우리집"),
        ):
            Account.update(address=city.dwelling(index).road_address).where(
                (Account.id == people[who].id) & (Account.address == "")
            ).execute()
            present = tenancies.running(first_id + index, clock.today())[0]
            Home.create(
                account=people[who],
                premises=first_id + index,
                reference=references.new(),
                name=name,
                role="holder",
                level=2,
                since_on=present.since_on,
            )


def who() -> dict[str, Any]:
    """The sign-ins, and premises worth looking at; for `flask demo who`."""
    found: dict[str, Any] = {
        "sign_ins": [
            {"who": who, "email": email, "passphrase": passphrase}
            for who, (email, passphrase, _) in SIGN_INS.items()
        ]
        + staff_sign_ins()
    }
    for key, index, question in (
        ("unpaid", RESIDENT, UNPAID),
        ("leak", LEAKING, UNPAID),
        ("movers", MOVED, UNPAID),
        ("link", NOBODYS, NEWEST),
    ):
        number = City(1, 0, "2026-01").dwelling(index).number
        bills = rows(question, (number,))
        if bills:
            code, month, total = bills[0]
            found[key] = {
                "customer_number": number,
                "bill_code": code,
                "month": month,
                "amount": total,
            }
    return found


NEWEST = """
SELECT b.code, b.month, b.total FROM bills b JOIN premises p ON p.id = b.premises_id
WHERE p.number = ? ORDER BY b.month DESC, b.revision DESC LIMIT 1
"""
UNPAID = """
SELECT b.code, b.month, b.total FROM bills b JOIN premises p ON p.id = b.premises_id
WHERE p.number = ? AND b.paid_at IS NULL AND b.total > 0 ORDER BY b.month DESC LIMIT 1
"""
