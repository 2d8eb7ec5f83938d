"""개발용 우편함: the mails that the worker wrote into files, in development only."""

import re
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import NamedTuple

from flask import Blueprint, abort, current_app
from flask.typing import ResponseReturnValue

from app import clock
from app.access import public
from app.messages.render import Line, paragraphs
from app.messages.smtp import mail_folder
from app.web import page

bp = Blueprint("mailbox", __name__, url_prefix="/mailbox")

NAME = re.compile(r"(\d{8}-\d{12})-\w+")
MOST = 50


class Letter(NamedTuple):
    """A mail that was written into a file."""

    name: str
    time: datetime
    to: str
    subject: str
    mail: EmailMessage

    def paragraphs(self) -> list[list[Line]]:
        part = self.mail.get_body(("plain",))
        return list(paragraphs(part.get_content(), current_app.config["BASE_URL"]) if part else [])

    def html(self) -> str:
        part = self.mail.get_body(("html",))
        return str(part.get_content()) if part else ""


def read(path: Path) -> Letter | None:
    """A file of the mail folder as a mail; None for one that is not ours or gone."""
    named = NAME.fullmatch(path.stem)
    if not named or path.suffix != ".eml":
        return None
    try:
        mail = message_from_bytes(path.read_bytes(), policy=default)
        time = datetime.strptime(named[1], "%Y%m%d-%H%M%S%f").replace(tzinfo=clock.SEOUL)
    except (OSError, ValueError):
        return None
    assert isinstance(mail, EmailMessage)  # noqa: S101 what this policy makes
    return Letter(path.stem, time, str(mail["To"]), str(mail["Subject"]), mail)


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    files = sorted(mail_folder(current_app.config).glob("*.eml"), reverse=True)[:MOST]
    letters = [found for one in files if (found := read(one))]
    return page("messages/index.html", letters=letters, texts=current_app.config["SMS_URL"])


@bp.get("/<mail>")
@public
def show(mail: str) -> ResponseReturnValue:
    if not NAME.fullmatch(mail):
        abort(404)
    found = read(mail_folder(current_app.config) / f"{mail}.eml") or abort(404)
    return page("messages/show.html", letter=found)
