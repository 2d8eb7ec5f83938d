"""Parts 2 and 3: readings in, bills out; speed and memory against the plain way."""

import csv
import shutil
import time
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from app import clock, create_app
from app.billing import run as billing
from app.billing.periods import cycle, due_date
from app.bills.models import Bill, encoded
from app.db import PRAGMAS, database, rows, sqlite3
from app.demo import load
from app.references import keyed
from app.supply.models import Meter, Premises, Reading, ReadingKind
from app.supply.readings import import_file
from app.tariff.engine import Terms, charge
from app.tariff.table import Period, seoul
from bench import city
from bench.apart import apart
from bench.figures import Found, at_least, at_most, middle, plain
from bench.machine import Peak
from bench.sampler import sampling

IMPORT_LIMIT, RUN_LIMIT, MEMORY_LIMIT = 150_000, 30_000, 60  # rows and bills a second, MiB
KEY = b"bench-only-bill-code-key"
BATCH = 20_000
Settings = dict[str, str]


class Work(NamedTuple):
    """What a piece of bulk work took: rows done, seconds on the clock and of CPU, MiB, samples."""

    count: int
    wall: float
    cpu: float
    extra_mib: float
    samples: str = ""

    def rate(self, by_clock: bool) -> float:
        """Done per second of CPU; by the clock where another process (PostgreSQL) works too."""
        return self.count / (self.wall if by_clock else self.cpu)


def bring_in(folder: str, settings: Settings, path: str, month: str, sampled: bool) -> Work:
    """Import one file as `flask readings import` does."""
    create_app({"DATA_DIR": folder, **settings})
    rows("SELECT 1")
    with clock.at(load.issued(month)):
        return timed(lambda: imported(Path(path)), "row", sampled)


def imported(path: Path) -> int:
    progress = import_file(path, clock.today(), clock.now())
    assert not progress.rejected
    return progress.accepted


def bill(folder: str, settings: Settings, month: str, sampled: bool) -> Work:
    """Bill one month as `flask bills run` does."""
    create_app({"DATA_DIR": folder, **settings})
    rows("SELECT 1")
    with clock.at(load.issued(month)):
        return timed(lambda: billed(month), "bill", sampled)


def billed(month: str) -> int:
    outcome = billing.run(month, seoul(), KEY, clock.today())
    assert not outcome.refused
    return outcome.bills


def timed(work: Any, unit: str, sampled: bool) -> Work:
    """Run `work`, which returns how many it did; with samples when asked for."""
    text, peak = "", Peak()
    wall, cpu = time.perf_counter(), time.process_time()
    if sampled:
        with sampling() as samples:
            count = work()
        text = samples.text((time.process_time() - cpu) / count * 1e6, unit)
    else:
        count = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Work(count, wall, cpu, peak.extra_mib(), text)


@lru_cache(4096)
def day(text: str) -> date:
    return date.fromisoformat(text)


def checked(lines: Iterable[list[str]]) -> Iterable[tuple[str, str, int, str]]:
    """The plain checks: nine digits, a day, a whole number, a known kind."""
    kinds = {kind.value for kind in ReadingKind}
    for number, read_on, reading, kind in lines:
        if len(number) != 9 or not number.isdigit() or kind not in kinds:
            raise ValueError(number)
        day(read_on)
        yield number, read_on, int(reading), kind


def plain_import(folder: str, path: str) -> Work:
    """Baseline: csv + checks + executemany into a table of its own."""
    scratch = Path(folder) / "scratch.db"
    scratch.unlink(missing_ok=True)
    connection = sqlite3.connect(scratch)
    for name, value in PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={value}")
    connection.execute("CREATE TABLE scratch (number TEXT, read_on TEXT, m3 INTEGER, kind TEXT)")

    def work() -> int:
        count = 0
        with open(path, encoding="utf-8", newline="") as file:
            lines = csv.reader(file)
            next(lines)
            while part := list(islice(checked(lines), BATCH)):
                connection.executemany("INSERT INTO scratch VALUES (?, ?, ?, ?)", part)
                connection.commit()
                count += len(part)
        return count

    return timed(work, "row", sampled=False)


def arithmetic(size: int, most: int) -> float:
    """Baseline: bills per second of bare arithmetic, one rate for each part, no lines, no rows."""
    even, _, month = city.even_city(size)
    used = [(even.usage(index, month), even.households(index)) for index in range(min(size, most))]
    began, total = time.process_time(), 0
    for usage_m3, households in used:
        times = households * 2
        tenths = usage_m3 * 10 // times
        water = (1080 * 2 * 10 + tenths * times * 580) // 100 * 10
        sewer = tenths * times * 400 // 100 * 10
        levy = tenths * times * 170 // 100 * 10
        total += (water + sewer + levy) // 10 * 10
    return len(used) / (time.process_time() - began)


def engine(size: int, most: int) -> float:
    """Bills per second of the tariff engine alone, with lines."""
    even, _, month = city.even_city(size)
    start, end = day(f"{month[:4]}-01-10"), day(f"{month[:4]}-03-09")
    period, table = Period(f"{month[:4]}-03", start, end, 2), seoul()
    used = [(even.usage(index, month), even.households(index)) for index in range(min(size, most))]
    began = time.process_time()
    for usage_m3, households in used:
        charge(table, Terms("household", "household", 15, households), period, usage_m3)
    return len(used) / (time.process_time() - began)


def with_models(folder: str, settings: Settings, month: str, sample: int) -> float:
    """Baseline: bills per second of a loop with model objects, a small sample, rolled back."""
    create_app({"DATA_DIR": folder, **settings})
    today = load.issued(month).date()
    first_on, last_on = cycle(month)
    timer = time.perf_counter if settings else time.process_time
    began = timer()
    with database.atomic() as transaction:
        for premises in Premises.select().order_by(Premises.id).limit(sample):
            one_with_models(premises, month, first_on, last_on, today)
        transaction.rollback()
    return sample / (timer() - began)


def one_with_models(premises: Any, month: str, first_on: date, last_on: date, today: date) -> None:
    counted = (Reading.premises == premises) & Reading.read_on.between(first_on, last_on)
    reading = Reading.select().where(counted).order_by(Reading.read_on.desc()).get()
    meter = Meter.select().where(Meter.premises == premises).get()
    earlier = (Bill.premises == premises) & (Bill.month < month)
    before = Bill.select().where(earlier).order_by(Bill.month.desc()).get()
    terms = Terms(
        premises.water_class, premises.sewer_class, premises.diameter_mm, premises.households
    )
    used = (reading.reading_m3 - before.current_m3) % 10**meter.digits
    found = charge(seoul(), terms, Period(month, before.to_on, reading.read_on, 2), used)
    Bill.create(
        premises=premises,
        month=month,
        code=keyed(KEY, f"{premises.number} {month} 0"),
        from_on=before.to_on,
        to_on=reading.read_on,
        previous_m3=before.current_m3,
        current_m3=reading.reading_m3,
        reading_kind=reading.kind,
        usage_m3=used,
        months=2,
        households=premises.households,
        diameter_mm=premises.diameter_mm,
        water_class=premises.water_class,
        sewer_class=premises.sewer_class,
        water=found.water,
        sewer=found.sewer,
        levy=found.levy,
        discount=found.discount,
        late_fee=0,
        total=found.total,
        arrears=0,
        paid_before=0,
        due_on=due_date(month),
        issued_on=today,
        lines=encoded(found.lines),
    )


class Taken(NamedTuple):
    """All measurements of one engine."""

    small_import: Work
    small_run: Work
    imports: list[Work]
    plain: list[Work]
    run: Work
    models: float


def measure(folder: Path, settings: Settings, size: int, small: int, rounds: int) -> Taken:
    """Two months of one city; the second month's import several times, from the same state."""
    print(f"  city of {size:,} premises", flush=True)
    apart(city.build, str(folder), size, small, settings)
    files = city.Files(folder)
    _, first, second = city.even_city(size)
    where = (str(folder), settings)
    print("  first month", flush=True)
    small_import = apart(bring_in, *where, str(files.small), first, False)
    small_run = apart(bill, *where, first, False)
    apart(bring_in, *where, str(files.rest), first, False)
    apart(bill, *where, first, False)
    apart(city.settle, str(folder), settings, size)
    imports, lean = [], []
    stored, kept = folder / "arisu.db", folder / "before.db"
    for number in range(rounds):
        print(f"  import, round {number + 1} of {rounds}", flush=True)
        if not settings:
            shutil.copy(stored, kept) if number == 0 else shutil.copy(kept, stored)
        lean.append(apart(plain_import, str(folder), str(files.second)))
        last = number == rounds - 1 and rounds > 1
        imports.append(apart(bring_in, *where, str(files.second), second, last))
    print("  models, then the run", flush=True)
    models = apart(with_models, *where, second, 300)
    run = apart(bill, *where, second, True)
    return Taken(small_import, small_run, imports, lean, run, models)


def part(folder: Path, quick: bool, everything: bool, url: str) -> Found:
    """Import and run on SQLite, or on PostgreSQL when there is a URL of an empty database."""
    size, small, rounds = (60_000, 20_000, 2) if quick else (250_000, 50_000, 3)
    settings = {"DATABASE_URL": url} if url else {}
    taken = measure(folder, settings, size, small, 1 if url else rounds)
    clean = [work for work in taken.imports if not work.samples] or taken.imports
    by_clock = bool(url)
    rate = middle([work.rate(by_clock) for work in clean])
    seconds = middle([work.cpu for work in clean])
    baseline = middle([work.cpu for work in taken.plain])
    plain_rate = middle([work.rate(by_clock) for work in taken.plain])
    most = max(work.extra_mib for work in clean)
    run, small_run = taken.run, taken.small_run
    simple, tariff = apart(arithmetic, size, 100_000), apart(engine, size, 100_000)
    lines = [
        at_least("import, rows per second", rate, IMPORT_LIMIT, ""),
        at_most(f"import, extra memory, {size:,} rows", most, MEMORY_LIMIT, " MiB", 1),
        plain(f"import, extra memory, {small:,} rows", taken.small_import.extra_mib, " MiB", 1),
        plain("import, CPU against csv + checks + executemany", seconds / baseline, " ×", 2),
        plain("csv + checks + executemany, rows per second", plain_rate, ""),
        at_least("run, bills per second, with lines", run.rate(by_clock), RUN_LIMIT, ""),
        at_most(f"run, extra memory, {size:,} bills", run.extra_mib, MEMORY_LIMIT, " MiB", 1),
        plain(f"run, extra memory, {small:,} bills", small_run.extra_mib, " MiB", 1),
        plain("tariff engine alone, with lines, bills per second", tariff, ""),
        plain("bare arithmetic, bills per second", simple, ""),
        plain("loop with model objects, bills per second", taken.models, ""),
        plain("run against that loop", run.rate(by_clock) / taken.models, " × faster", 1),
    ]
    missed = {line.what.split(",")[0] for line in lines if line.met is False}
    sampled = {"import": taken.imports[-1].samples, "run": run.samples}
    profiles = {
        name: text for name, text in sampled.items() if text and (everything or name in missed)
    }
    remarks = [
        f"Second month of a city of {size:,} premises: each has one reading and one bill before; "
        "one in fourteen of them was paid late or not at all, one in three premises has a discount "
        "or a reduction, one in twenty is a shop or a bath.",
        f"Seconds of CPU: import {seconds:.2f}, run {run.cpu:.2f}; by the clock: import "
        f"{middle([work.wall for work in clean]):.2f}, run {run.wall:.2f}. "
        + ("Rates are by the clock." if by_clock else "Rates are per second of CPU."),
        "Memory: a fresh process's peak above what it held before the work.",
        "The loop with model objects bills 300 premises and rolls back; the baseline of the import "
        "writes into a table without key.",
    ]
    title = f"Import and run, {'PostgreSQL' if url else 'SQLite'}"
    return Found(title, lines, remarks, profiles)
