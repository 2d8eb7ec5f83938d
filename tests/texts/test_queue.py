"""A long queue: codes go first, and looking for what is due costs the same however long it is."""

from datetime import timedelta
from time import monotonic

from app import clock
from app.db import insert_many, instant, is_postgres, rows, writing
from app.messages.kinds import Priority
from app.messages.leases import DUE, OLDEST
from app.messages.models import Channel, State
from app.sealed import seal
from tests.texts.conftest import CODE, DAY, PHONE, again

MANY = 10_000
COLUMNS = (
    "reference",
    "kind",
    "channel",
    "language",
    "recipient",
    "content",
    "dedupe_key",
    "priority",
    "state",
    "attempts",
    "run_after",
    "lease",
    "created_at",
    "expires_at",
    "problem",
)


def fill(channel="sms"):
    now = clock.now()
    moment, later = instant(now - timedelta(hours=1)), instant(now + timedelta(days=1))
    same = ("sample", channel, "ko", seal(PHONE), seal("{}"))
    bulk = int(Priority.BULK), "created", 0, moment, "", moment, later, ""
    with writing():
        insert_many(
            "messages", COLUMNS, [(f"R{n:09d}", *same, f"bulk:{n}", *bulk) for n in range(MANY)]
        )


def test_a_code_is_sent_before_ten_thousand_others(text, text_kind, text_lane, provider, clock_at):
    clock_at(DAY)
    fill()
    code = text(text_kind("code", Priority.URGENT, CODE, channels=(Channel.SMS,)))
    lanes = [text_lane(), text_lane("urgent texts")]

    began = monotonic()
    lanes[0].step(clock.now)

    assert monotonic() - began < 2
    assert again(code).state == State.ACCEPTED
    assert len(provider.messages()) == 1


def test_looking_for_what_is_due_reads_the_index(db):
    if is_postgres():
        fill()
        db.execute_sql("ANALYZE messages")
    for sql in [OLDEST] if is_postgres() else [DUE, OLDEST]:
        place = "sms", 2, instant(clock.now())
        explain = "EXPLAIN " if is_postgres() else "EXPLAIN QUERY PLAN "
        plan = str(rows(explain + sql, place))
        assert "message_waiting" in plan, plan
        assert "Sort" not in plan
        assert "TEMP B-TREE" not in plan
