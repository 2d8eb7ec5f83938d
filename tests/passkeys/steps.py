"""What a page with passkeys does with its script, done by hand."""

from app import clock
from app.accounts.models import Proof, Session
from app.accounts.passkeys import Passkey
from tests.authenticator import Authenticator
from tests.markup import Page

ACTION = {"sign_in": "/passkeys/sign_in", "proof": "/passkeys/proof", "add": "/passkeys/new"}
PAGES = {"sign_in": "/login", "proof": "/login/again", "add": "/passkeys/new"}


def token(client, path):
    page = Page(client.get(path).text)
    return (page.form() or page.form(path) or page.form("/logout"))["csrf_token"]


def ask(client, use):
    """The options that a page's script gets."""
    data = {"csrf_token": token(client, PAGES[use])}
    answer = client.post(f"/passkeys/{use}/challenge", data=data)
    assert answer.status_code == 200, answer.text
    return answer.json


def send(client, use, answer, next_="/profile/", **fields):
    data = {"csrf_token": token(client, PAGES[use]), "answer": answer, **fields}
    path = ACTION[use] + (f"?next={next_}" if use != "add" else "")
    return client.post(path, data=data)


def strong(client):
    """Give the client's session a fresh, strong proof."""
    with client.session_transaction() as session:
        session["_user_id"] = Session.prove(session["_user_id"], Proof.STRONG, clock.now())
    return client


def with_passkey(client, device=None, name="내 휴대전화"):
    """Add a passkey to a signed-in client's account; the device and its row."""
    device = device or Authenticator()
    strong(client)
    answer = send(client, "add", device.add(ask(client, "add")), name=name)
    assert (answer.status_code, answer.location) == (303, "/passkeys/?done=added")
    return device, Passkey.of(client.account).order_by(Passkey.id.desc()).get()


def sign_in_with(browser, device, change=lambda answer: answer):
    return send(browser, "sign_in", change(device.sign(ask(browser, "sign_in"))))
