"""A backup that is restored brings closed accounts back; they are closed again."""

import fcntl
from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.models import Account
from app.destructions import Destruction
from app.privacy import closing, leaving, retention
from tests import make
from tests.outbox import queued

NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def config(app, db, tmp_path):
    with app.app_context():
        yield {**app.config, "DATA_DIR": str(tmp_path)}


def restored(account):
    """The account as a backup from before its closing has it."""
    values = {name: getattr(account, name) for name in ("email", "name", "password_hash")}
    Account.update(**values, closed_at=None, disabled_at=None).where(
        Account.id == account.id
    ).execute()


def test_an_account_that_came_back_is_closed_again_without_a_second_mail(config):
    account, other = make.account(), make.account()
    leaving.leave(config, account.id, NOW)
    restored(account)

    planned = [g for g in retention.retain(config, NOW + DAY, dry=True) if g.count]
    retention.retain(config, NOW + DAY)

    assert [(gone.rule, gone.count) for gone in planned] == [("closed before", 1)]
    assert Account.get_by_id(account.id).closed_at == NOW + DAY
    assert Account.get_by_id(other.id).closed_at is None
    assert len(queued("account_closed")) == 1


def test_the_note_names_nobody_and_only_we_may_read_it(config):
    account = make.account(email="bogi@example.com")

    leaving.leave(config, account.id, NOW)

    file = leaving.path(config)
    assert file.read_text() == f"\n2026-11-26T03:00:00+00:00 {account.reference}\n"
    assert file.stat().st_mode & 0o077 == 0


def test_notes_are_dropped_when_no_backup_is_that_old(config):
    first, second = make.account(), make.account()
    leaving.leave(config, first.id, NOW)
    leaving.leave(config, second.id, NOW + DAY)

    leaving.forget(config, NOW + leaving.BACKUPS_KEPT)

    assert [reference for _, reference in leaving.noted(config)] == [second.reference]
    assert leaving.path(config).stat().st_mode & 0o077 == 0


def test_a_broken_note_is_left_out(config):
    leaving.path(config).write_text("nonsense\n2026-11-26T03:00:00+00:00 REF2345\n")

    assert [reference for _, reference in leaving.noted(config)] == ["REF2345"]
    assert leaving.came_back(config) == []


def test_a_note_that_cannot_be_written_is_told_and_the_account_stays_closed(config, log_lines):
    leaving.path(config).mkdir()
    account = make.account()

    assert leaving.leave(config, account.id, NOW)

    assert Account.get_by_id(account.id).closed_at == NOW
    assert log_lines()[-1]["event"] == "a closed account is not noted outside the database"
    assert Destruction.select().exists()


def test_a_line_that_was_torn_swallows_no_other(config):
    leaving.path(config).write_text("2026-11-2")
    account = make.account()

    leaving.leave(config, account.id, NOW)

    assert [reference for _, reference in leaving.noted(config)] == [account.reference]


def test_what_was_closed_without_a_note_is_noted_by_the_next_job(config):
    account, older = make.account(), make.account()
    closing.close(account.id, NOW)
    closing.close(older.id, NOW - leaving.BACKUPS_KEPT)

    leaving.note_missing(config, NOW)
    leaving.note_missing(config, NOW)

    assert list(leaving.noted(config)) == [(NOW, account.reference)]


def is_locked(config):
    with leaving.path(config).with_suffix(".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_notes_are_added_and_dropped_by_one_process_at_a_time(config, monkeypatch):
    """Else a note that comes while others are dropped is lost with them."""
    seen, read = [], leaving.noted
    monkeypatch.setattr("os.fsync", lambda file: seen.append(is_locked(config)))
    monkeypatch.setattr(
        leaving, "noted", lambda config: [seen.append(is_locked(config)), *read(config)][1:]
    )

    leaving.note(config, "REF2345", NOW)
    leaving.forget(config, NOW)

    assert seen == [True, True]
    assert not is_locked(config)
