"""kill -9 while notices go out: started again, it tells everybody, and nobody twice."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from app.config import ROOT

PEOPLE = 1500
KILLS = (200, 700, 1200)
ACCOUNT = """
INSERT INTO accounts (email, name, password_hash, created_at, reference)
VALUES (?, '김보기', '-', '2024-01-02 00:00:00.000000', ?)
"""


@pytest.fixture
def flask(tmp_path):
    """flask(…) is a running command on a database of its own."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("WATER_")}
    ours.pop("DATABASE_URL", None)
    environment = {**ours, "DATA_DIR": str(tmp_path)}

    def start(*arguments):
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    return start


def output(process):
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return said.decode().strip()


def count(path, sql):
    with closing(sqlite3.connect(path)) as database:
        return database.execute(sql).fetchone()[0]


@pytest.mark.slow
def test_who_is_killed_while_telling_tells_the_rest_and_nobody_twice(flask, tmp_path):
    path = tmp_path / "arisu.db"
    output(flask("db", "migrate"))
    with closing(sqlite3.connect(path)) as database:
        rows = [(f"person{n}@example.com", f"R{n:09d}") for n in range(PEOPLE)]
        database.executemany(ACCOUNT, rows)
        database.commit()
    begin = ["--from", "2026-01-01T00:00", "--table", "accounts", "--by", "tests"]
    reference = output(flask("privacy", "breach", "open", *begin))
    output(flask("privacy", "breach", "affected", reference, "--by", "tests"))

    notices = "SELECT count(*) FROM messages WHERE kind = 'breach_notice'"
    for threshold in KILLS:
        process = flask("privacy", "breach", "notify", reference, "--by", "tests")
        while process.poll() is None and count(path, notices) < threshold:
            pass
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL, "it ended before it could be killed"
    output(flask("privacy", "breach", "notify", reference, "--by", "tests"))

    assert count(path, notices) == PEOPLE
    assert count(path, "SELECT count(DISTINCT dedupe_key) FROM messages") == PEOPLE
    told = "SELECT count(*) FROM incident_people WHERE channel = 'mail' AND told_at IS NOT NULL"
    assert count(path, told) == PEOPLE
