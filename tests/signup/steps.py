"""Filling in the sign-up as people do, one page after the other."""

import json
import re

from app.messages.models import Message

PASSWORD = "seven blue kettles on a roof"
EMAIL = "person@example.com"
ADDRESS = {"district": "성북구", "street": "보기로", "detail": "12, 101호"}
REQUIRED = {"consent_terms": "y", "consent_privacy": "y"}
ANSWERS = {
    "/signup/": {"born": "1990 1 31"},
    "/signup/consents": REQUIRED,
    "/signup/person": {"name": "김보기", "phone": "010-1234-5678"},
    "/signup/address": ADDRESS,
    "/signup/access": {"email": EMAIL, "password": PASSWORD},
}
TOKEN = re.compile(r'name="csrf_token" value="[^"]+"')


def fill(client, until="/signup/check", **changes):
    """Answer the steps before one; `changes` replace the answers of a step by its last word."""
    for path, usual in ANSWERS.items():
        if path == until:
            return
        fields = changes.get(path.strip("/").split("/")[-1], usual)
        answer = client.submit(path, **fields)
        assert answer.status_code == 303, (path, answer.text)


def sign_up(client, email=EMAIL, **changes):
    """All steps and the button at the end; the answer to that."""
    fill(client, access={"email": email, "password": PASSWORD}, **changes)
    return client.submit("/signup/check")


def mails(to=None):
    """(kind, recipient, values) of the queued mails, oldest first."""
    found = [
        (mail.kind, mail.recipient, json.loads(mail.content))
        for mail in Message.select().order_by(Message.id)
    ]
    return [mail for mail in found if to in (None, mail[1])]


def link(to=None):
    """The path of the newest link to confirm an address."""
    values = [mail[2] for mail in mails(to) if mail[0] == "signup.verify"][-1]
    return values["link"].removeprefix("http://127.0.0.1:8000")
