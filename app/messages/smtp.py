"""Handing a mail on: to the city's mail server, or in development into files."""

import os
import re
import smtplib
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from flask import Flask

from app import clock
from app.messages import channels
from app.messages.channels import Adapter, Envelope, Outcome, Result
from app.messages.mail import Mail, build, previewed
from app.messages.models import Channel

PROBLEM = re.compile(r"[45]\.\d{1,3}\.\d{1,3}")
NEEDS_SIGN_IN = {530, 534, 535, 538}


class SmtpError(Exception):
    def __init__(self, result: Result, problem: str) -> None:
        self.outcome = Outcome(result, problem)


def code_of(code: int, text: bytes | str) -> str:
    """`550 5.1.1` of a server's answer; its words may hold the address and are left out."""
    said = text.decode("ascii", "replace") if isinstance(text, bytes) else text
    extended = PROBLEM.match(said)
    return f"{code} {extended[0]}" if extended else str(code)


def connect(config: Mapping[str, Any], timeout: float) -> smtplib.SMTP:
    """A connection that is encrypted and signed in as the settings say."""
    host, port, security = config["SMTP_HOST"], int(config["SMTP_PORT"]), config["SMTP_SECURITY"]
    context = ssl.create_default_context()
    found: smtplib.SMTP
    if security == "tls":
        found = smtplib.SMTP_SSL(host, port, timeout=timeout, context=context)
    else:
        found = smtplib.SMTP(host, port, timeout=timeout)
    try:
        if security == "starttls":
            found.starttls(context=context)
        if config["SMTP_USER"]:
            sign_in(found, config["SMTP_USER"], config["SMTP_PASSWORD"])
        else:
            found.ehlo_or_helo_if_needed()
    except BaseException:
        found.close()
        raise
    return found


def sign_in(connection: smtplib.SMTP, user: str, password: str) -> None:
    """Some servers hang up on a wrong password: that is no trouble of the connection."""
    try:
        connection.login(user, password)
    except smtplib.SMTPServerDisconnected as error:
        raise smtplib.SMTPAuthenticationError(535, "hung up") from error


def of_connecting(error: Exception) -> Outcome:
    """What an error before the first mail of a connection means."""
    if isinstance(error, ssl.SSLError):
        return Outcome(Result.OURS, f"TLS: {getattr(error, 'reason', '') or 'failed'}"[:100], False)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Outcome(Result.OURS, "the mail server does not offer what the settings ask for")
    if isinstance(error, socket.gaierror):
        return Outcome(Result.OURS, "the mail server's name is not known", False)
    if isinstance(error, smtplib.SMTPResponseException):
        result = Result.OURS if error.smtp_code >= 500 else Result.AGAIN
        return Outcome(result, code_of(error.smtp_code, error.smtp_error), False)
    return Outcome(Result.AGAIN, "no connection", False)


class Mails:
    """What all ways of sending mails share."""

    def prepare(self, app: Flask, envelope: Envelope, now: datetime) -> Mail:
        one, name = envelope.one, envelope.reference
        return build(app, envelope.kind, envelope.language, one.values, one.to, name, now)


class Smtp(Mails):
    """The city's mail server. A connection serves as many mails as follow each other."""

    def __init__(self, config: Mapping[str, Any], timeout: float) -> None:
        self.config, self.timeout = config, timeout
        self.connection: smtplib.SMTP | None = None

    def send(self, mail: Mail, deadline: float) -> Outcome:
        try:
            return self.once(mail, deadline)
        except smtplib.SMTPServerDisconnected:  # it was kept open for too long
            try:
                return self.once(mail, deadline)
            except smtplib.SMTPServerDisconnected:
                return Outcome(Result.AGAIN, "no connection", False)

    def once(self, mail: Mail, deadline: float) -> Outcome:
        if self.connection is None:
            try:
                self.connection = connect(self.config, self.timeout)
            except (OSError, smtplib.SMTPException) as error:
                return of_connecting(error)
        try:
            return deliver(self.connection, mail, deadline, self.timeout)
        except SmtpError as error:
            self.reset()
            return error.outcome
        except smtplib.SMTPServerDisconnected:
            self.close()
            raise
        except OSError as error:
            self.close()
            raise smtplib.SMTPServerDisconnected from error

    def reset(self) -> None:
        """Ready for the next mail, or closed."""
        try:
            if self.connection:
                self.connection.rset()
        except (OSError, smtplib.SMTPException):
            self.close()

    def close(self) -> None:
        if self.connection:
            self.connection.close()
            self.connection = None

    def rest(self) -> None:
        if self.connection:
            with suppress(OSError, smtplib.SMTPException):
                self.connection.quit()
        self.close()


def check(answer: tuple[int, bytes], good: tuple[int, ...], refused: Result) -> None:
    """Raise SmtpError unless the server's answer is one of the good ones."""
    code, text = answer
    if code in good:
        return
    if code in NEEDS_SIGN_IN:
        refused = Result.OURS
    raise SmtpError(refused if 500 <= code < 600 else Result.AGAIN, code_of(code, text))


def deliver(connection: smtplib.SMTP, mail: Mail, deadline: float, timeout: float) -> Outcome:
    """One mail over an open connection; raises SmtpError, or OSError before it was given whole."""
    connection.ehlo_or_helo_if_needed()
    check(connection.mail(mail.sender), (250,), Result.OURS)
    check(connection.rcpt(mail.recipient), (250, 251, 252), Result.REFUSED)
    if monotonic() + timeout > deadline:
        raise SmtpError(Result.AGAIN, "too slow")
    check(connection.docmd("DATA"), (354,), Result.REFUSED)
    try:
        connection.send(re.sub(rb"(?m)^\.", b"..", mail.content.rstrip(b"\r\n")) + b"\r\n.\r\n")
        if connection.sock:
            connection.sock.settimeout(max(timeout, deadline - monotonic()))
        answer = connection.getreply()
        if connection.sock:
            connection.sock.settimeout(timeout)
    except (OSError, smtplib.SMTPServerDisconnected):
        connection.close()
        raise SmtpError(Result.UNKNOWN, "no answer") from None
    check(answer, (250,), Result.REFUSED)
    return Outcome(Result.SENT)


class Files(Mails):
    """Development: each mail is a file in a folder, whole or not there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, mail: Mail, deadline: float) -> Outcome:
        time = clock.now().astimezone(clock.SEOUL)
        name = f"{time:%Y%m%d-%H%M%S%f}-{mail.reference}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if any(self.folder.glob(f"*-{mail.reference}.eml")):
                return Outcome(Result.SENT)
            unfinished = self.folder / f".{name}.{os.getpid()}"
            try:
                unfinished.write_bytes(mail.content)
                unfinished.replace(self.folder / f"{name}.eml")
            finally:
                unfinished.unlink(missing_ok=True)
        except OSError as error:
            return Outcome(Result.OURS, f"{self.folder}: {error.strerror or 'not writable'}")
        return Outcome(Result.SENT)

    def rest(self) -> None:
        """Nothing is kept open."""


def mail_folder(config: Mapping[str, Any]) -> Path:
    return Path(config["DATA_DIR"]).absolute() / "mail"


def complaint(config: Mapping[str, Any]) -> str | None:
    """Why no mail can be sent with these settings."""
    if config["SMTP_SECURITY"] not in ("starttls", "tls", "none"):
        return "WATER_SMTP_SECURITY must be starttls, tls or none."
    if config["SMTP_HOST"] and config["SMTP_USER"] and config["SMTP_SECURITY"] == "none":
        return "A password is not sent without TLS: set WATER_SMTP_SECURITY to starttls or tls."
    if config["MODE"] != "production":
        return None
    if not config["SMTP_HOST"]:
        return "Set WATER_SMTP_HOST: in production mails go to a mail server, not into files."
    if str(config["MAIL_FROM"]).endswith(".invalid"):
        return "Set WATER_MAIL_FROM to the address that mails come from."
    return None


def adapter(config: Mapping[str, Any], lease_seconds: float) -> Adapter:
    """What mails are handed to; no answer is waited for longer than a quarter of a lease."""
    if not config["SMTP_HOST"]:
        return Files(mail_folder(config))
    return Smtp(config, min(15.0, lease_seconds / 4))


channels.register(
    channels.Way(
        Channel.MAIL,
        is_on=lambda app: True,
        open=lambda app, seconds: adapter(app.config, seconds),
        complaint=lambda app: complaint(app.config),
        preview=previewed,
    )
)
