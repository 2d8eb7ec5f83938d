"""A PostgreSQL of the tests' own: made in a temporary folder, gone when they end."""

import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import psycopg

MISSING = "PostgreSQL is not installed (Debian: apt-get install postgresql)."
FASTER = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c listen_addresses=''"


def binaries() -> Path | None:
    """The folder with initdb and pg_ctl of the newest version, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    somewhere = shutil.which("initdb")
    return Path(somewhere).parent if somewhere else None


class Cluster:
    """One server on a Unix socket in its own folder; `url(name)` leads to a database of it."""

    def __init__(self, binaries: Path) -> None:
        self.binaries = binaries
        self.folder = Path(mkdtemp(prefix="pg-"))
        self.root = os.geteuid() == 0
        if self.root:
            shutil.chown(self.folder, "postgres", "postgres")

    def run(self, program: str, *arguments: str) -> None:
        as_postgres = ["runuser", "-u", "postgres", "--"] if self.root else []
        subprocess.run(
            [*as_postgres, str(self.binaries / program), "-D", f"{self.folder}/data", *arguments],
            check=True,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
        )

    def start(self) -> "Cluster":
        self.run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        options = f"{FASTER} -k {self.folder}"
        self.run("pg_ctl", "-w", "-s", "-l", f"{self.folder}/log", "-o", options, "start")
        return self

    def stop(self) -> None:
        self.run("pg_ctl", "-w", "-s", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def given(asked):
    """While a script runs: `asked.url` is a database, of an own cluster where one is needed."""
    cluster = None
    if asked.database == "postgres" and not asked.url:
        if not (found := binaries()):
            raise SystemExit(MISSING)
        cluster = Cluster(found).start()
        asked.url = new_database(str(cluster.folder), "script")
    try:
        yield cluster
    finally:
        if cluster:
            cluster.stop()


def url(folder: str, name: str) -> str:
    return f"postgresql://postgres@/{name}?host={folder}"


def new_database(folder: str, name: str) -> str:
    """Make an empty database in the cluster whose socket is in `folder`; its URL."""
    with psycopg.connect(f"host={folder} user=postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    return url(folder, name)
