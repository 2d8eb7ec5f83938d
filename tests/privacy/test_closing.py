"""Closing an account: what goes, what is kept apart and for how long, what only stays a number."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from peewee import CharField, TextField

from app import clock
from app.accounts.models import Account
from app.accounts.passwords import NO_PASSWORD
from app.db import rows
from app.destructions import Destruction
from app.messages.leases import settle
from app.messages.models import Cause, Message, State
from app.privacy import closing, retention
from app.privacy.models import KeptRecord
from app.privacy.register import AtClose, blocks, models, of_accounts
from tests import make
from tests.outbox import queued

NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)
MAKERS = {
    "consents": make.consent,
    "devices": make.device,
    "documents": make.document,
    "home_events": make.home_event,
    "home_requests": make.home_request,
    "homes": make.home,
    "notice_choices": make.notice_choice,
    "outage_alerts": make.outage_alert,
    "passkeys": make.passkey,
    "push_subscriptions": make.push_subscription,
    "rights_requests": make.rights_request,
    "sessions": make.session,
    "tokens": make.token,
}


def with_everything(**values):
    """An account with a row in every table whose rows belong to accounts."""
    account = make.account(**values)
    for maker in MAKERS.values():
        maker(account=account)
    return account


def left_of(account):
    """How many rows of an account each table has."""
    return {
        block.table: models()[block.table]
        .select()
        .where(models()[block.table]._meta.columns[block.person] == account.id)
        .count()
        for block in of_accounts()
    }


def test_every_table_that_is_cleared_is_tried_here():
    cleared = {b.table for b in of_accounts() if b.at_close in (AtClose.DELETE, AtClose.MOVE)}

    assert cleared == set(MAKERS)


def test_nothing_follows_a_text_that_was_under_way(db):
    """It fails after its account was closed, and no mail to the old address stands in."""
    account, steps = make.account(), '{"key": "k", "steps": [["mail", "old@example.com"]]}'
    text = make.message(
        account_id=account.id,
        channel="sms",
        state="accepted",
        otherwise=steps,
        expires_at=NOW + timedelta(days=1),
    )

    closing.close(account.id, NOW)

    assert settle(text.id, State.FAILED, "3104", Cause.PERMANENT, NOW)
    assert Message.select().where(Message.channel == "mail").count() == 0


def test_nothing_of_the_account_is_left_but_its_number_and_what_the_law_keeps(db):
    account, other = with_everything(), with_everything()
    before = left_of(other)

    assert closing.close(account.id, NOW)

    stays = {table: count for table, count in left_of(account).items() if count}
    assert stays == {"accounts": 1, "kept_records": 3}
    assert left_of(other) == before


def test_the_row_that_stays_says_nothing_of_the_person(db):
    account = make.account(
        name="김보기", email="bogi@example.com", phone="+821012345678", address="보기로 1"
    )

    closing.close(account.id, NOW)

    left = Account.get_by_id(account.id)
    assert (left.email, left.name) == (f"closed-{account.id}@closed.invalid", "")
    assert (left.phone, left.address, left.password_hash) == ("", "", NO_PASSWORD)
    assert (left.closed_at, left.disabled_at) == (NOW, NOW)
    assert Account.active("bogi@example.com") is None


def test_every_text_about_the_person_is_emptied(db):
    """A column that is added to accounts later must be emptied too, or be named here."""
    block, model = blocks()["accounts"], models()["accounts"]
    texts = {
        f.column_name for f in model._meta.sorted_fields if isinstance(f, CharField | TextField)
    }

    assert texts - set(block.blank) == {"email", "language", "reference"}


def test_the_number_never_becomes_somebody_elses(db):
    account = make.account()
    closing.close(account.id, NOW)

    assert make.account().id > account.id


def test_the_address_may_join_again(db):
    account = make.account(email="again@example.com")
    closing.close(account.id, NOW)

    assert make.account(email="again@example.com").id != account.id


def test_what_the_law_keeps_is_apart_sealed_and_ends_after_three_years(app, db):
    account = make.account()
    make.consent(account=account, code="terms", version="2026-11-22", decided_at=NOW)

    closing.close(account.id, NOW)

    record = KeptRecord.get(KeptRecord.what == "consents")
    assert (record.account_id, record.kept_at) == (account.id, NOW)
    assert record.destroy_on == date(2029, 11, 26)
    (row,) = json.loads(record.content)
    assert (row["code"], row["version"], row["decision"]) == ("terms", "2026-11-22", "given")
    assert row["decided_at"] == NOW.isoformat()
    ((stored,),) = rows("SELECT content FROM kept_records")
    assert "terms" not in stored
    retention.retain(app.config, NOW + timedelta(days=1095))
    assert KeptRecord.select().exists()
    retention.retain(app.config, NOW + timedelta(days=1096))
    assert not KeptRecord.select().exists()


def test_a_closing_on_a_leap_day_is_kept_to_the_day_after(db):
    assert closing.years_after(date(2028, 2, 29), 3) == date(2031, 3, 1)
    assert closing.years_after(date(2028, 2, 29), 4) == date(2032, 2, 29)


def test_messages_that_wait_are_not_sent_and_what_others_said_is_forgotten(db):
    account = make.account()
    waiting = make.message(account_id=account.id)
    sent = make.message(account_id=account.id, state="sent", finished_at=NOW)
    others = make.message()

    closing.close(account.id, NOW)

    states = {one.id: (one.state, one.content, one.recipient) for one in Message.select()}
    assert states[waiting.id] == (State.DROPPED, "", "")
    assert states[sent.id] == (State.SENT, "", "")
    assert states[others.id][2] == "person@example.com"


def test_a_message_that_was_just_being_sent_is_forgotten_once_it_is_done(app, db):
    account = make.account()
    message = make.message(account_id=account.id, state="sending", lease="x")
    closing.close(account.id, NOW)
    assert Message.get_by_id(message.id).content
    Message.update(state="sent", finished_at=NOW).execute()

    retention.retain(app.config, NOW)

    assert (Message.get().content, Message.get().recipient) == ("", "")


def test_the_last_mail_goes_to_the_address_that_is_forgotten(runner, db):
    account = make.account(email="bogi@example.com")

    runner.invoke(args=["accounts", "close", account.email, "--by", "김담당", "--yes"])

    (mail,) = queued("account_closed")
    assert mail.to == "bogi@example.com"
    assert Message.get(Message.kind == "account_closed").account_id is None


def test_closing_is_on_record_table_by_table(db):
    account = with_everything()

    closing.close(account.id, NOW)

    counts = {(note.what, note.rule): note.count for note in Destruction.select()}
    assert counts[("passkeys", "account closed: delete")] == 1
    assert counts[("consents", "account closed: move")] == 1
    assert counts[("accounts", "account closed")] == 1


def test_closing_twice_is_closing_once(db):
    account = make.account()

    assert [closing.close(account.id, NOW), closing.close(account.id, NOW)] == [True, False]


def test_what_fails_in_the_middle_changes_nothing(db):
    account = with_everything()
    before = left_of(account)

    def broken(account):
        raise ArithmeticError("fault injected by a test")

    with pytest.raises(ArithmeticError):
        closing.close(account.id, NOW, broken)

    assert left_of(account) == before
    assert Account.get_by_id(account.id).closed_at is None


def test_the_command_asks_first_and_writes_down_who_did_it(runner, db):
    from app.audit.models import Entry

    account = make.account()
    arguments = ["accounts", "close", account.email, "--by", "김담당"]

    assert runner.invoke(args=arguments).exit_code == 1
    assert Account.get_by_id(account.id).closed_at is None
    assert runner.invoke(args=[*arguments, "--yes"]).exit_code == 0
    assert runner.invoke(args=[*arguments, "--yes"]).exit_code == 1
    entry = Entry.get(Entry.action == "account.closed")
    assert (entry.actor_name, entry.account_id) == ("김담당", account.id)
    assert clock.now() >= Account.get_by_id(account.id).closed_at
