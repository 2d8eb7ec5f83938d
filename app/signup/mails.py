"""Mails of the sign-up: a link to confirm the address, or a word to who has an account already.

Both are sent by the same steps, so that neither answer nor time tells which one it was (S-11).
Nothing that was typed stands in them: nobody can send their own words to others through us.
"""

from datetime import datetime, timedelta

from flask import url_for

from app.accounts.models import Account, digest
from app.accounts.tokens import LIFETIME, Purpose, Token
from app.db import writing
from app.messages.kinds import Kind, Priority, register
from app.messages.outbox import queue
from app.messages.timetable import register as every
from app.signup.models import Answers, Signup, forget
from app.web import absolute

HOLDS = LIFETIME[Purpose.VERIFY]
VERIFY = register(Kind("signup.verify", Priority.URGENT, HOLDS))
KNOWN = register(Kind("signup.known", Priority.URGENT, HOLDS))
RESET = "/recovery/"
every(timedelta(hours=1), forget)


def send(signup: Signup, answers: Answers, now: datetime) -> bool:
    """Send the mail that ends a sign-up's typing; False when one went out a moment ago."""
    email = answers.email
    with writing():
        if not signup.close(answers, now):
            return False
        # of a known address, nobody gets it; another browser's for the same address lives on
        token = Token.make(Purpose.VERIFY, None, signup.browser_hash, now)
        signup.link(token)
        known = Account.get_or_none(Account.email == email)
        to_confirm = {"link": absolute(url_for("signup.verify", token=token))}
        to_sign_in = {"login": absolute(url_for("accounts.login")), "reset": absolute(RESET)}
        return queue(
            KNOWN if known else VERIFY,
            to=email,
            values=to_sign_in if known else to_confirm,
            key=f"signup:{digest(token)}",
            language=answers.language,
            now=now,
        )
