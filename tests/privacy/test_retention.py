"""Each period of the register ends on its day: what is as old goes, on record; the rest stays."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from app import clock
from app.accounts.models import Account
from app.destructions import Destruction
from app.privacy import retention
from app.privacy.models import Incident
from app.privacy.rules import rules
from app.supply.models import Occupancy
from tests import make
from tests.outbox import queued
from tests.privacy.ending import FILLED, MAKERS

NOW = datetime(2040, 3, 1, 3, tzinfo=UTC)
TODAY = date(2040, 3, 1)
MOMENT = timedelta(seconds=1)


def edge(rule):
    """The last moment or day that is destroyed, and the first that is not."""
    if rule.is_by_day:
        last = date.fromisoformat(rule.limit(NOW))
        return last, last + timedelta(days=1)
    last = rule.keep.before(NOW)
    return last, last + MOMENT


def made(rule, since):
    filled = {name: FILLED[name] for name in rule.keep.blank}
    return MAKERS[rule.table](**{rule.keep.since: since, **filled})


def stored(row):
    """A row as the database has it; None when it is gone."""
    model = type(row)
    return model.select().where(row._pk_expr()).dicts().first()


def by_name(rule):
    return f"{rule.table}: {rule.name}"


@pytest.mark.parametrize("rule", rules(), ids=by_name)
def test_what_is_as_old_as_its_period_goes_and_what_is_not_stays(db, rule):
    old, young = (made(rule, since) for since in edge(rule))
    before, fields = stored(young), rule.model._meta.columns

    gone = list(retention.carry_out(rule, NOW))

    assert sum(one.count for one in gone) == 1
    assert stored(young) == before
    if rule.keep.blank:
        void = {name: None if fields[name].null else "" for name in rule.keep.blank}
        assert {name: stored(old)[name] for name in rule.keep.blank} == void
    else:
        assert stored(old) is None
    assert sum(one.count for one in retention.carry_out(rule, NOW)) == 0


@pytest.mark.parametrize("rule", rules(), ids=by_name)
def test_each_destruction_is_on_record_with_rule_count_and_days(db, rule):
    made(rule, edge(rule)[0])
    day = edge(rule)[0] if rule.is_by_day else edge(rule)[0].astimezone(clock.SEOUL).date()

    list(retention.carry_out(rule, NOW))

    note = Destruction.get()
    assert (note.what, note.rule, note.count) == (rule.table, rule.name, 1)
    assert (note.day, note.from_on, note.to_on, note.at) == (TODAY, day, day, NOW)


def test_every_table_with_an_end_is_tried_here():
    assert {rule.table for rule in rules()} - set(MAKERS) == set()


def test_a_dry_run_counts_and_destroys_nothing(app, db):
    made_rows = [make.signup(expires_at=NOW - timedelta(days=day)) for day in (1, 2, 3)]

    planned = retention.retain(app.config, NOW, dry=True)

    (signups,) = [gone for gone in planned if gone.what == "signups"]
    assert (signups.count, signups.first, signups.last) == (
        3,
        TODAY - timedelta(days=3),
        TODAY - timedelta(days=1),
    )
    assert all(stored(row) for row in made_rows)
    assert not Destruction.select().exists()


@pytest.fixture
def here(app, db):
    """Mails hold addresses of this site."""
    with app.app_context():
        yield


def test_what_is_planned_is_what_is_done(app, here, tmp_path):
    config = {**app.config, "DATA_DIR": str(tmp_path)}
    old = tmp_path / "pdf" / "DCMNT2345678-1.pdf"  # without a document, and nobody asked for it
    old.parent.mkdir()
    old.touch()
    make.signup(expires_at=NOW)
    make.occupancy(ended_on=date(2036, 1, 1), email="a@example.com")
    make.daily_use(day=date(2030, 1, 1))
    make.account(disabled_at=NOW - timedelta(days=400))

    planned = {(one.what, one.rule): one.count for one in retention.retain(config, NOW, True)}
    done = {(one.what, one.rule): one.count for one in retention.retain(config, NOW)}

    assert {key: count for key, count in done.items() if count} == {
        key: count for key, count in planned.items() if count
    }
    assert sum(done.values()) == 5


def test_batches_are_small_and_all_of_them_are_done(db, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(5):
        make.signup(expires_at=NOW)
    rule = next(rule for rule in rules() if rule.table == "signups")

    counts = [gone.count for gone in retention.carry_out(rule, NOW)]

    assert counts == [2, 2, 1]
    assert Destruction.get().count == 5


def test_a_large_table_is_cleared_through_its_parents_in_slices(db, monkeypatch):
    monkeypatch.setattr(retention, "SLICE", 1)
    old = [make.daily_use(day=date(2030, 1, day)) for day in (1, 2, 3)]
    rule = next(rule for rule in rules() if rule.keep.through)

    counts = [gone.count for gone in retention.carry_out(rule, NOW)]

    assert sum(counts) == 3
    assert max(counts) == 1
    assert [stored(row) for row in old] == [None] * 3


def test_a_rule_that_fails_keeps_no_other_from_its_work(app, db, log_lines, tmp_path):
    """Somebody forgot a reference: an incident that is over is still pointed to."""
    rule = next(rule for rule in rules() if rule.table == "incidents")
    make.incident(closed_at=NOW - timedelta(days=2000))
    make.signup(expires_at=NOW)
    db.execute_sql("CREATE TABLE pointing (incident_id INTEGER REFERENCES incidents (id))")
    db.execute_sql("INSERT INTO pointing SELECT id FROM incidents")

    done = retention.retain({**app.config, "DATA_DIR": str(tmp_path)}, NOW)

    assert {one.what for one in done if one.failed} == {"incidents"}
    assert {one.what for one in done if one.count} == {"signups"}
    assert Incident.select().exists()
    lines = [line for line in log_lines() if line["event"] == "retention: a rule failed"]
    assert [line["rule"] for line in lines] == [rule.name]


def test_a_former_tenants_bills_are_nobodys_once_the_name_is_gone(app, db):
    place = make.premises()
    make.bill(premises=place)
    make.occupancy(premises=place, ended_on=date(2035, 3, 1), email="a@example.com")
    new = {"name": "이예시", "email": "b@example.com"}
    make.occupancy(premises=place, started_on=date(2035, 3, 2), **new)

    retention.retain(app.config, NOW)

    assert [(one.name, one.email) for one in Occupancy.select().order_by(Occupancy.started_on)] == [
        ("", ""),
        ("이예시", "b@example.com"),
    ]


def test_an_account_that_was_disabled_for_a_year_is_closed(app, here):
    ended = make.account(disabled_at=datetime(2039, 3, 1, 3, tzinfo=UTC))
    recent = make.account(disabled_at=datetime(2039, 3, 1, 4, tzinfo=UTC))
    running = make.account()

    retention.retain(app.config, NOW)

    closed = {one.id: one.closed_at for one in Account.select()}
    assert closed == {ended.id: NOW, recent.id: None, running.id: None}
    assert [mail.to for mail in queued("account_closed")] == [ended.email]
    assert {"accounts"} <= {note.what for note in Destruction.select()}


def test_the_worker_destroys_by_the_timetable(app, db):
    from app.messages.timetable import _entries
    from app.privacy.job import destroy

    make.signup(expires_at=NOW)
    every, work, _lane = _entries["app.privacy.job.destroy"]

    with app.app_context():
        steps = sum(1 for _ in work(NOW))

    assert (work, every) == (destroy, timedelta(hours=6))
    assert steps > len(rules())
    assert Destruction.select().where(Destruction.what == "signups").get().count == 1


def test_the_command_says_what_it_destroyed(runner, clock_at):
    clock_at(NOW)
    make.signup(expires_at=NOW)

    dry = runner.invoke(args=["privacy", "retain", "--dry-run", "--json"])
    real = runner.invoke(args=["privacy", "retain"])

    counts = {row["what"]: row["count"] for row in json.loads(dry.output) if row["count"]}
    assert (counts, dry.exit_code) == ({"signups": 1}, 0)
    assert "1  signups: expires_at 0d" in real.output
    assert "destroyed: 1" in real.output


def test_what_sweeps_delete_sooner_is_on_record_under_the_same_rules(db):
    from app.accounts.sweep import sweep
    from app.messages.sweep import erase
    from app.signup.models import forget

    names = {(rule.table, rule.name) for rule in rules()}
    for maker, since in (
        (make.session, "seen_at"),
        (make.token, "expires_at"),
        (make.tries, "ends_at"),
        (make.signup, "expires_at"),
    ):
        maker(**{since: make.LONG_AGO})
    make.message(state="sent", finished_at=make.LONG_AGO)

    for work in (sweep, erase, forget):
        work(NOW)

    recorded = {(note.what, note.rule) for note in Destruction.select()}
    assert {what for what, _ in recorded} == {"sessions", "tokens", "tries", "signups", "messages"}
    assert recorded <= names


def test_what_is_destroyed_twice_in_a_day_is_one_line(db):
    from app import destructions

    destructions.note("x", "rule", 2, NOW, date(2030, 1, 5), date(2030, 1, 6))
    destructions.note("x", "rule", 3, NOW + MOMENT, date(2030, 1, 1), date(2030, 1, 5))
    destructions.note("x", "rule", 1, NOW + MOMENT)
    destructions.note("x", "rule", 0, NOW + MOMENT)

    note = Destruction.get()
    assert (note.count, note.from_on, note.to_on) == (6, date(2030, 1, 1), date(2030, 1, 6))
    assert note.at == NOW + MOMENT
