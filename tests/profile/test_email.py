"""An account's e-mail address: confirmed at the new one, told to and undone from the old (S-21)."""

from datetime import timedelta

from app import clock
from app.accounts.models import Account
from app.accounts.passkeys import Passkey
from tests import make
from tests.outbox import path, queued

NEW = "seven blue kettles on a roof"
ADDRESS = "new@example.com"


def email_of(account):
    return Account.get_by_id(account.id).email


def ask_for(client, address=ADDRESS):
    return client.submit("/profile/email", "/profile/email", email=address)


def test_an_address_changes_when_the_new_one_confirms_and_the_old_is_told(signed_in, client):
    old = signed_in.account.email
    assert ask_for(signed_in).location == "/profile/?done=email_sent"
    assert email_of(signed_in.account) == old
    link = path("email_confirm")
    assert [mail.to for mail in queued("email_confirm")] == [ADDRESS]
    for look in (client.get, client.head):
        assert look(link).status_code == 200
    assert email_of(signed_in.account) == old

    answer = client.submit(link)

    assert (answer.status_code, "이메일을 바꿨습니다" in answer.text) == (200, True)
    assert email_of(signed_in.account) == ADDRESS
    (mail,) = queued("email_changed")
    assert mail.to == old
    assert ADDRESS not in str(mail.values)
    assert client.get(link).status_code == 404


def test_the_old_address_turns_the_change_back_and_the_thief_is_out(signed_in, client, app):
    old = signed_in.account.email
    mine = make.passkey(account=signed_in.account)
    make.passkey(account=signed_in.account, created_at=clock.now() - timedelta(days=2))
    ask_for(signed_in)
    client.submit(path("email_confirm"))
    theirs = make.passkey(account=signed_in.account, created_at=clock.now())
    undo = path("email_changed")
    for look in (client.get, client.head):
        assert look(undo).status_code == 200
    assert email_of(signed_in.account) == ADDRESS

    answer = client.submit(undo)

    assert "이메일을 되돌렸습니다" in answer.text
    assert email_of(signed_in.account) == old
    assert signed_in.get("/bills/").status_code == 303
    assert list(Passkey.select()) == [mine]
    assert theirs not in Passkey.select()
    assert [mail.to for mail in queued("email_undone")] == [old]
    assert client.get(undo).status_code == 404


def test_whoever_changed_it_cannot_undo_the_undoing_and_their_password_is_gone(signed_in, client):
    """A thief with the password changes the address twice; the owner turns it back."""
    old = signed_in.account.email
    ask_for(signed_in, "thief1@example.com")
    client.submit(path("email_confirm"))
    owners = path("email_changed")
    ask_for(signed_in, "thief2@example.com")
    client.submit(path("email_confirm"))
    thiefs = path("email_changed")

    client.submit(owners)

    assert client.get(thiefs).status_code == 404
    assert email_of(signed_in.account) == old
    assert client.submit("/login", email=old, password=make.PASSPHRASE).status_code == 422
    assert [mail.to for mail in queued("email_left")] == ["thief2@example.com"]
    reset = path("email_undone")
    assert client.submit(reset, password=NEW).status_code == 303
    assert client.submit("/login", email=old, password=NEW).status_code == 303


def test_mails_to_an_unconfirmed_address_hold_nothing_that_was_typed(signed_in):
    Account.update(name="당첨 https://evil.example").execute()
    taken = make.account(email="taken@example.com", language="en", name="Reader")

    ask_for(signed_in)
    ask_for(signed_in, taken.email)

    assert "evil" not in str(queued("email_confirm") + queued("email_taken"))
    assert queued("email_taken")[0].language == "en"


def test_a_second_change_does_not_take_away_the_first_way_back(signed_in, client):
    old = signed_in.account.email
    ask_for(signed_in)
    client.submit(path("email_confirm"))
    undo = path("email_changed")
    ask_for(signed_in, "other@example.com")
    client.submit(path("email_confirm"))

    client.submit(undo)

    assert email_of(signed_in.account) == old


def test_an_address_of_another_account_gets_the_same_answer_and_changes_nothing(signed_in, client):
    taken = make.account(email="taken@example.com")
    free = ask_for(signed_in)

    answer = ask_for(signed_in, taken.email)

    assert (answer.status_code, answer.location) == (free.status_code, free.location)
    assert [mail.to for mail in queued("email_taken")] == [taken.email]
    assert len(queued("email_confirm")) == 1


def test_an_address_that_somebody_joins_with_meanwhile_is_not_taken_away(signed_in, client):
    old = signed_in.account.email
    ask_for(signed_in)
    make.account(email=ADDRESS)

    answer = client.submit(path("email_confirm"))

    assert answer.status_code == 404
    assert email_of(signed_in.account) == old


def test_the_own_address_is_no_new_one(signed_in):
    answer = ask_for(signed_in, signed_in.account.email.upper())

    assert (answer.status_code, "이미 쓰고 있는 주소" in answer.text) == (422, True)


def test_a_link_lives_a_day_and_five_are_sent_an_hour(signed_in, client, clock_at):
    clock_at(clock.now())
    statuses = [ask_for(signed_in, f"p{number}@example.com").status_code for number in range(6)]
    assert statuses == [303] * 5 + [429]

    clock_at(clock.now() + timedelta(days=1))

    assert client.get(path("email_confirm")).status_code == 404


def test_a_link_page_keeps_its_address_to_itself(signed_in, client):
    ask_for(signed_in)

    assert client.get(path("email_confirm")).headers["Referrer-Policy"] == "no-referrer"
