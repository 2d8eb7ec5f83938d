"""Sealed columns: nothing in clear, nothing opens without its key, keys can be changed (S-52)."""

import pytest

from app import rotation, sealed
from app.accounts.models import Account
from app.messages.models import Message
from app.sealed import SealBrokenError, lookup_hash, opened, seal
from tests import make

OLD, NEW = "an older key of the tests", "a newer key of the tests"


@pytest.fixture
def keys(app):
    """keys(*secrets) are in use until the test ends."""
    yield lambda *secrets: sealed.use(list(secrets))
    sealed.init_app(app)


def test_a_text_is_opened_again_and_each_time_sealed_otherwise(keys):
    keys(NEW)
    texts = ["+821012345678", "한글 🐟", "x" * 5000]

    assert [opened(seal(text)) for text in texts] == texts
    assert seal("same") != seal("same")
    assert seal("") == opened("") == ""


def test_another_key_or_a_changed_text_opens_nothing(keys):
    keys(OLD)
    text = seal("secret")
    changed = text[:-6] + ("A" if text[-6] != "A" else "B") + text[-5:]
    with pytest.raises(SealBrokenError):
        opened(changed)
    for broken in ("plain", "k", "k.", text[:12]):
        with pytest.raises(SealBrokenError):
            opened(broken)

    keys(NEW)
    with pytest.raises(SealBrokenError, match="unknown key"):
        opened(text)
    keys(NEW, OLD)
    assert opened(text) == "secret"


def test_rotating_seals_everything_with_the_new_key(runner, keys):
    keys(OLD)
    account, message = make.account(phone="+821012345678"), make.message()
    occupancy = make.occupancy(phone="+821098765432")
    before = message.recipient
    keys(NEW, OLD)

    answer = runner.invoke(args=["keys", "rotate"])

    assert answer.exit_code == 0
    assert "accounts.phone: 1" in answer.output
    assert "occupancies.phone: 1" in answer.output
    keys(NEW)
    assert Account.get_by_id(account.id).phone == "+821012345678"
    assert Message.get_by_id(message.id).recipient == before
    again = type(occupancy).get(type(occupancy).premises == occupancy.premises_id)
    assert again.phone == "+821098765432"


def test_what_is_found_by_its_hash_is_found_after_rotating(runner, keys):
    keys(OLD)
    phone = "+821012345678"
    account, other = make.account(**Account.with_phone(phone)), make.account()
    stale = make.account(phone="+821087654321")  # of a time before there were hashes
    before = account.phone_hash
    keys(NEW, OLD)
    assert not Account.select().where(Account.phone_hash == lookup_hash(phone)).exists()

    answer = runner.invoke(args=["keys", "rotate"])

    assert "accounts.phone_hash: 2" in answer.output
    assert "accounts.phone_hash: 0" in runner.invoke(args=["keys", "rotate"]).output
    keys(NEW)
    assert Account.get(Account.phone_hash == lookup_hash(phone)).id == account.id
    assert Account.get(Account.phone_hash == lookup_hash("+821087654321")).id == stale.id
    assert Account.get_by_id(account.id).phone_hash != before
    assert Account.get_by_id(other.id).phone_hash == ""


def test_hashes_are_renewed_in_steps(runner, keys, monkeypatch):
    monkeypatch.setattr(rotation, "AT_ONCE", 2)
    keys(OLD)
    accounts = [make.account(**Account.with_phone(f"+8210{number:08d}")) for number in range(5)]
    keys(NEW, OLD)

    answer = runner.invoke(args=["keys", "rotate"])

    assert "accounts.phone_hash: 5" in answer.output
    keys(NEW)
    for number, account in enumerate(accounts):
        found = Account.get_by_id(account.id).phone_hash
        assert found == lookup_hash(f"+8210{number:08d}")


def test_a_hash_tells_nothing_without_the_key(keys):
    keys(OLD)
    old = lookup_hash("+821012345678")
    keys(NEW)

    assert len(old) == 64
    assert old != lookup_hash("+821012345678")
    assert lookup_hash("") == ""


def test_a_key_that_opens_nothing_stops_the_service_with_a_sentence(db, keys):
    keys(OLD)
    make.account(phone="+821012345678")
    assert rotation.complaint() is None

    keys(NEW)

    assert rotation.complaint().startswith("accounts.phone has no key")


def test_rotating_without_the_old_key_says_so_and_changes_nothing(runner, keys):
    keys(OLD)
    account = make.account(phone="+821012345678")
    keys(NEW)

    answer = runner.invoke(args=["keys", "rotate"])

    assert answer.exit_code == 1
    assert "WATER_DATA_KEY_OLD" in answer.output
    keys(OLD)
    assert Account.get_by_id(account.id).phone == "+821012345678"
