"""/healthz: green when all is well, red with the part that is not, never an error page."""

import shutil

import pytest

from app import health, migration


def test_health_names_its_parts(client):
    answer = client.get("/healthz")

    assert answer.status_code == 200
    alarms = answer.json["alarms"]
    assert alarms["outbox"] == "ok"
    assert {name: said for name, said in answer.json.items() if name != "alarms"} == {
        "status": "ok",
        "process": "ok",
        "database": "ok",
        "migrations": "ok",
        "disk": "ok",
    }


@pytest.mark.parametrize(
    ("target", "broken", "part"),
    [
        ((migration, "complaint"), lambda: "run `flask db migrate`", "migrations"),
        ((shutil, "disk_usage"), lambda path: shutil._ntuple_diskusage(10, 10, 0), "disk"),
    ],
)
def test_health_is_red_with_the_part_that_fails(client, monkeypatch, target, broken, part):
    monkeypatch.setattr(*target, broken)

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json["status"] == "failing"
    assert answer.json[part] != "ok"


def test_health_is_red_without_a_database(client, monkeypatch):
    from peewee import OperationalError

    def fail(sql):
        raise OperationalError("unable to open database file")

    monkeypatch.setattr(health, "rows", fail)

    answer = client.get("/healthz")

    assert (answer.status_code, answer.json["database"]) == (503, "failing")
