"""The register of data items: complete, in both languages, and what it says of each table holds."""

import pytest

from app.language import LANGUAGES
from app.mydata.topics import BY_CODE
from app.privacy import notice, register
from app.privacy.register import AtClose, Basis, blocks, models
from app.privacy.rules import rules


def test_every_column_of_every_table_is_in_the_register_and_nothing_else():
    found = register.gaps(models(), blocks())

    assert found == [], "\n\n" + "\n\n".join(found)


def test_a_missing_table_is_told_with_a_block_to_begin_with():
    known = {table: block for table, block in blocks().items() if table != "passkeys"}

    (sentence,) = register.gaps(models(), known)

    assert "has no block for the table passkeys" in sentence
    assert "person: account_id" in sentence
    assert "credential_id" in sentence


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"plain": ()}, "signups.browser_hash is not in the block signups"),
        ({"plain": ("browser_hash", "token_hash", "sent_at", "expires_at", "x")}, "x is no column"),
        ({"sealed": ()}, "`sealed` of the block signups"),
        ({"premises": "home_id"}, "signups has no column home_id"),
    ],
)
def test_a_block_that_does_not_fit_its_table_is_told(change, said):
    block = blocks()["signups"]
    wrong = register.Block(**{**vars(block), **change})

    found = list(register.differences(wrong, models()["signups"]))

    assert any(said in sentence for sentence in found), found


def test_a_table_of_accounts_must_say_whose_its_rows_are():
    block = register.Block(**{**vars(blocks()["passkeys"]), "person": ""})

    found = list(register.differences(block, models()["passkeys"]))

    assert any("must say which column names the account" in sentence for sentence in found)


def texts(block):
    yield from (block.title, block.purpose, *block.personal.values())
    yield from (keep.text for keep in block.keep)
    if block.because:
        yield block.because


def test_every_text_is_there_in_both_languages():
    for block in blocks().values():
        for text in texts(block):
            assert set(text) == set(LANGUAGES), (block.table, text)
            assert all(text.values()), (block.table, text)


def test_every_block_says_who_sees_it_and_for_how_long():
    for block in blocks().values():
        assert set(block.seen_by) <= set(notice.SEEN_BY), block.table
        assert block.seen_by, block.table
        assert block.keep, block.table
        assert block.basis in notice.BASES or block.basis is Basis.NONE, block.table


def test_what_stays_after_a_closing_says_why():
    for block in blocks().values():
        if block.person and block.at_close in (AtClose.MOVE, AtClose.STAY):
            assert block.because, block.table
        if block.at_close is AtClose.MOVE:
            assert block.years > 0, block.table
        assert (block.at_close is AtClose.BLANK) == (block.table == "accounts"), block.table


def test_people_see_what_is_theirs_under_a_topic_that_there_is():
    """A table with something personal of an account is shown, or only holds hashes."""
    hidden = {"tokens", "kept_records"}
    for block in blocks().values():
        assert block.topic in BY_CODE or not block.topic, block.table
        if block.person and block.personal:
            assert block.topic or block.table in hidden, block.table


def test_a_period_with_an_end_names_it_in_its_words():
    for rule in rules():
        keep = rule.keep
        for text in keep.text.values():
            if keep.years:
                assert "{years}" in text, (rule.table, text)
            if keep.days > 1 and not keep.years and keep.days != 366:
                assert "{days}" in text, (rule.table, text)


def test_years_are_counted_by_the_calendar():
    from datetime import UTC, datetime

    leap = datetime(2028, 2, 29, 12, tzinfo=UTC)

    assert register.years_before(leap, 3) == datetime(2025, 2, 28, 12, tzinfo=UTC)
    assert register.years_before(leap, 4) == datetime(2024, 2, 29, 12, tzinfo=UTC)


def test_the_command_compares_the_register_with_the_tables(runner):
    answer = runner.invoke(args=["privacy", "register"])

    assert (answer.exit_code, "problems: 0" in answer.output) == (0, True)
