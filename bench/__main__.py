"""`python -m bench`: measures, prints, and writes each part into bench/RESULTS.md."""

import argparse
import os
import re
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from app import clock
from bench import (
    bulk,
    city,
    codes,
    complaints,
    lookup,
    machine,
    outages,
    pages,
    paint,
    payments,
    signins,
    start,
)
from bench.figures import Found, markdown

RESULTS = Path(__file__).with_name("RESULTS.md")
PARTS = (
    "pages",
    "signins",
    "codes",
    "bulk",
    "start",
    "paint",
    "lookup",
    "payments",
    "outages",
    "complaints",
)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short runs; RESULTS.md stays")
    only = "only this part (repeatable)"
    parser.add_argument("--only", choices=PARTS, action="append", help=only)
    profile = "profiles even where targets are met"
    parser.add_argument("--profile", action="store_true", help=profile)
    postgres = "import and run on a PostgreSQL of its own as well; RESULTS.md stays"
    parser.add_argument("--postgres", action="store_true", help=postgres)
    return parser.parse_args()


def on_postgres(folder: Path, quick: bool, profile: bool) -> Found:
    """The bulk part on a temporary cluster."""
    from tests import postgres

    binaries = postgres.binaries()
    if binaries is None:
        sys.exit(postgres.MISSING)
    cluster = postgres.Cluster(binaries).start()
    try:
        url = postgres.new_database(str(cluster.folder), "bench")
        return bulk.part(folder, quick, profile, url)
    finally:
        cluster.stop()


def parts(options: argparse.Namespace, folder: Path) -> dict[str, Callable[[], Found]]:
    """Every part by name; the demo cities are made when one asks for them."""
    quick, profile = options.quick, options.profile
    sizes = (600, 3000) if quick else (4000, 20_000)

    def new(name: str) -> Path:
        (folder / name).mkdir()
        return folder / name

    def small() -> Path:
        return city.demo(folder, sizes[0])

    found: dict[str, Callable[[], Found]] = {
        "pages": lambda: pages.part(small(), quick, profile),
        "start": lambda: start.part(new("start"), small(), quick, profile),
        "paint": lambda: paint.part(small(), quick),
        "lookup": lambda: lookup.part(small(), city.demo(folder, sizes[1]), sizes, quick),
        "signins": lambda: signins.part(small(), quick),
        "codes": lambda: codes.part(new("codes"), quick),
        "payments": lambda: payments.part(city.fresh(new("payments"), 20_000), quick),
        "complaints": lambda: complaints.part(city.fresh(new("complaints"), 600), quick),
        "outages": lambda: outages.part(new("outages"), quick),
        "bulk": lambda: bulk.part(new("bulk"), quick, profile, ""),
    }
    if options.postgres:
        found["postgres"] = lambda: on_postgres(new("postgres"), quick, profile)
    if options.only:
        return {name: part for name, part in found.items() if name in (*options.only, "postgres")}
    return found


HEAD = """\
# Figures

Written by `make bench`; do not edit. Ratios are taken within one run, against a baseline
that is measured in turn with ours. Wall-clock figures depend on the machine's mood. Each part says
when and on what it was measured; `python -m bench --only PART` measures one anew.
"""


def sections(text: str) -> dict[str, str]:
    """The parts of RESULTS.md by their titles, in its order."""
    found = re.split(r"^(?=## )", text, flags=re.MULTILINE)[1:]
    return {one.partition("\n")[0]: one.rstrip() + "\n" for one in found}


def dated(text: str) -> str:
    """A part with the day and the machine of its measurement."""
    title, _, rest = text.partition("\n")
    made = "; ".join([clock.today().isoformat(), *machine.description()])
    return f"{title}\n\nMeasured {made}.\n{rest}"


def write(text: str) -> None:
    """Put a part that was measured just now in its place; the others stay as they are."""
    known = sections(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    known |= sections(dated(text))
    RESULTS.write_text("\n".join([HEAD, *known.values()]), "utf-8")


def own_settings() -> None:
    """Forget settings of this shell: the bench has databases of its own and default settings."""
    for name in [*os.environ]:
        if name.startswith("WATER_") or name in ("DATABASE_URL", "DATA_DIR"):
            del os.environ[name]


def main() -> None:
    options = arguments()
    own_settings()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
        for name, part in parts(options, folder).items():
            print(f"{name} …", flush=True)
            began = time.perf_counter()
            text = markdown(part())
            print(f"\n{text}\n({time.perf_counter() - began:.0f} s)\n", flush=True)
            if not (options.quick or options.postgres):
                write(text)


if __name__ == "__main__":
    main()
