"""A message as a mail: headers through the library only, nothing of a value becomes a header."""

from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import NamedTuple

from flask import Flask

from app.messages.channels import RefusedError
from app.messages.kinds import Kind, Values
from app.messages.outbox import refuse_controls
from app.messages.render import render, site_name
from app.messages.samples import preview

POLICY = SMTP.clone(cte_type="7bit", refold_source="none")
LONGEST_LINK = 900
EXAMPLES = (".invalid", ".test", ".example")
"""Ends of names that nobody can own. People of the demo have them; the library refuses them."""


class AddressRefusedError(RefusedError):
    """Nothing can be sent to this address."""


class Mail(NamedTuple):
    """A finished mail and its envelope."""

    reference: str
    sender: str
    recipient: str
    content: bytes


def ascii_address(text: str) -> str:
    """An address as servers take it, its domain in punycode; raises AddressRefusedError."""
    from email_validator import validate_email  # takes 45 ms to load

    more = ".kr" if text.endswith(EXAMPLES) else ""
    try:
        refuse_controls(text)
        found = validate_email(text + more, check_deliverability=False, globally_deliverable=False)
    except ValueError as error:
        raise AddressRefusedError("not a mail address") from error
    if found.ascii_email is None:
        raise AddressRefusedError("signs before the @ that most servers refuse")
    return str(found.ascii_email).removesuffix(more)


def encoded(text: str, header: str) -> str:
    """A header's text as encoded words. The library's own way loses blanks in long Korean texts."""
    refuse_controls(text)
    return Header(text, "utf-8", header_name=header).encode()


def angled(link: str) -> str:
    """A link as a header's text, in one piece: folded or encoded it would not work."""
    if not link.isascii() or not link.isprintable() or len(link) > LONGEST_LINK:
        raise ValueError("a link for unsubscribing that no header can carry")
    if set(link) & set("<> "):
        raise ValueError("a link for unsubscribing with signs that no link has")
    return f"<{link}>"


def build(
    app: Flask, kind: Kind, language: str, values: Values, to: str, reference: str, at: datetime
) -> Mail:
    """The mail of a message. Its id is made of the reference: a repeat has the same id."""
    recipient = ascii_address(to)
    sender = Address(site_name(app, language), addr_spec=str(app.config["MAIL_FROM"]))
    said = render(app, kind, language, values)
    mail = EmailMessage(POLICY)
    mail["From"] = sender
    mail["To"] = Address(addr_spec=recipient)
    mail.set_raw("Subject", encoded(said.subject, "Subject"))
    mail["Date"] = at
    mail["Message-ID"] = f"<{reference}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    if kind.topic and (link := str(values.get("unsubscribe", ""))):
        mail.set_raw("List-Unsubscribe", angled(link))
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(said.text)
    mail.add_alternative(said.html, subtype="html")
    return Mail(reference, sender.addr_spec, recipient, mail.as_bytes())


def previewed(app: Flask, kind: Kind, language: str, html: bool) -> tuple[str, list[str]]:
    """A kind's mail with sample values; nothing can be wrong with it."""
    said = preview(app, kind, language)
    return said.html if html else f"{said.subject}\n\n{said.text}", []
