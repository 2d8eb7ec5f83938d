"""What an operator does with accounts."""

from app.accounts.models import Account
from tests import make


def run(runner, *arguments):
    return runner.invoke(args=["accounts", *arguments, "--by", "김담당"])


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


def test_a_closed_account_is_gone_with_what_was_its_own(runner, sign_in):
    account = make.account()
    client = sign_in(account)
    home = make.home(account=account)
    make.consent(account=account)
    make.passkey(account=account)

    assert run(runner, "close", account.email, "--yes").exit_code == 0

    assert client.get("/bills/").status_code == 303
    assert not Account.select().exists()
    assert not type(home).select().exists()
    assert home.premises.__class__.select().exists()


def test_closing_is_asked_for_and_an_unknown_address_is_told(runner, db):
    account = make.account()

    assert run(runner, "close", account.email).exit_code == 1
    assert Account.select().exists()
    answer = run(runner, "disable", "nobody@example.com")
    assert (answer.exit_code, "No account" in answer.output) == (1, True)
