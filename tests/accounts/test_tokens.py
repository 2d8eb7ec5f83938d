"""Links and codes: used once, in time, by whom they were made for (S-17)."""

from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.tokens import CODE_MINUTES, LIFETIME, TRIES, Code, Purpose, Token, forget
from tests import make

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
KEY = "a key of the tests"


def test_a_link_holds_for_its_time_and_its_purpose_only(db):
    account = make.account()
    token = Token.make(Purpose.RESET, account, account.email, NOW)
    last = NOW + LIFETIME[Purpose.RESET]

    assert Token.find(Purpose.RESET, token, last - timedelta(seconds=1)).account == account
    assert Token.find(Purpose.RESET, token, last) is None
    assert Token.find(Purpose.EMAIL, token, NOW) is None
    assert Token.find(Purpose.RESET, token + "x", NOW) is None


def test_a_clock_set_back_makes_no_link_valid_before_its_time(db):
    token = Token.make(Purpose.RESET, make.account(), "", NOW)

    assert Token.find(Purpose.RESET, token, NOW - timedelta(hours=1)) is None


def test_a_link_is_used_once(db):
    token = Token.make(Purpose.RESET, make.account(), "", NOW)
    found = Token.find(Purpose.RESET, token, NOW)

    assert found.use()
    assert not found.use()
    assert Token.find(Purpose.RESET, token, NOW) is None


def test_a_newer_link_of_the_same_purpose_ends_the_older(db):
    account, other = make.account(), make.account()
    older = Token.make(Purpose.RESET, account, "", NOW)
    anothers = Token.make(Purpose.RESET, other, "", NOW)
    newer = Token.make(Purpose.RESET, account, "", NOW)

    assert Token.find(Purpose.RESET, older, NOW) is None
    assert Token.find(Purpose.RESET, newer, NOW)
    assert Token.find(Purpose.RESET, anothers, NOW)


def test_the_way_back_from_a_first_change_outlives_a_second_one(db):
    account = make.account()
    first = Token.make(Purpose.UNDO, account, "first@example.com", NOW)
    Token.make(Purpose.UNDO, account, "second@example.com", NOW)

    assert Token.find(Purpose.UNDO, first, NOW).subject == "first@example.com"


def test_a_disabled_account_has_no_links(db):
    account = make.account()
    token = Token.make(Purpose.RESET, account, "", NOW)
    account.disabled_at = NOW
    account.save()

    assert Token.find(Purpose.RESET, token, NOW) is None


def test_the_database_holds_neither_links_nor_codes(db):
    token = Token.make(Purpose.RESET, make.account(), "", NOW)
    code = Code.make("proof", "browser", "subject", KEY, NOW)

    assert len(token) >= 43
    assert token not in str(list(Token.select().dicts()))
    assert code not in str([row["code_hash"] for row in Code.select().dicts()])
    assert len(code) == 6


def spend(code, browser="browser", subject="subject", purpose="proof", at=NOW):
    return Code.spend(purpose, browser, subject, KEY, code, at)


def wrong(code):
    return "000000" if code != "000000" else "111111"


def test_a_code_is_used_once(db):
    code = Code.make("proof", "browser", "subject", KEY, NOW)

    assert spend(code)
    assert not spend(code)


@pytest.mark.parametrize(
    "other", [{"browser": "another"}, {"subject": "another"}, {"purpose": "home"}]
)
def test_a_code_is_bound_to_browser_subject_and_purpose(db, other):
    code = Code.make("proof", "browser", "subject", KEY, NOW)

    assert not spend(code, **other)
    assert spend(code)


def test_after_five_wrong_tries_the_right_code_is_dead(db):
    code = Code.make("proof", "browser", "subject", KEY, NOW)
    for _ in range(TRIES):
        assert not spend(wrong(code))

    assert not spend(code)


def test_the_fifth_try_still_counts(db):
    code = Code.make("proof", "browser", "subject", KEY, NOW)
    for _ in range(TRIES - 1):
        assert not spend(wrong(code))

    assert spend(code)


def test_a_code_is_too_old_after_five_minutes(db):
    code = Code.make("proof", "browser", "subject", KEY, NOW)

    assert not spend(code, at=NOW + timedelta(minutes=CODE_MINUTES))


def test_a_new_code_ends_the_old_one(db):
    old = Code.make("proof", "browser", "subject", KEY, NOW)
    new = Code.make("proof", "browser", "subject", KEY, NOW)

    assert old == new or not spend(old)
    assert spend(new)


def test_what_holds_no_more_is_deleted(db):
    Token.make(Purpose.RESET, make.account(), "", NOW)
    Code.make("proof", "browser", "subject", KEY, NOW)

    forget(NOW + timedelta(days=1))

    assert not Token.select().exists()
    assert not Code.select().exists()
