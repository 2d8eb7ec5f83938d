"""What an operator does with accounts."""

import pytest

from tests import make


def run(runner, *arguments):
    return runner.invoke(args=["accounts", *arguments, "--by", "김담당"])


@pytest.mark.slow
def test_a_disabled_account_is_out_until_it_is_enabled(runner, client, sign_in, log_lines):
    account = make.account()
    inside = sign_in(account)

    assert run(runner, "disable", account.email.upper()).exit_code == 0

    assert inside.get("/bills/").status_code == 303
    fields = {"email": account.email, "password": make.PASSPHRASE}
    assert client.submit("/login", **fields).status_code == 422
    run(runner, "enable", account.email)
    assert inside.get("/bills/").status_code == 303
    assert client.submit("/login", **fields).status_code == 303
    assert [(line["event"], line["by"]) for line in log_lines()] == [
        ("account disabled", "김담당"),
        ("account enabled", "김담당"),
    ]


def test_an_unknown_address_is_told(runner, db):
    make.account()

    answer = run(runner, "disable", "nobody@example.com")

    assert (answer.exit_code, "No account" in answer.output) == (1, True)
