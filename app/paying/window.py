"""The page before the gateway's window, and what its policy lets in: nothing else may (S-26)."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import current_app, request

from app.web import CSP

SCRIPT = "https://js.tosspayments.com"
HOSTS = f"{SCRIPT} https://*.tosspayments.com"


def policy(given: Mapping[str, str]) -> str:
    """The usual policy, widened by the gateway's hosts, or by the emulator's page."""
    inline = "arisu.inline_style" in request.environ
    style = f" {current_app.extensions['assets'].style_source}" if inline else ""
    usual = CSP.format(style=style)
    if address := given.get("page"):
        parts = urlsplit(address)
        return with_forms_to(usual, f"{parts.scheme}://{parts.netloc}")
    wider = with_forms_to(usual, HOSTS)
    return f"{wider}; script-src 'self' {SCRIPT}; connect-src 'self' {HOSTS}; frame-src {HOSTS}"


def with_forms_to(policy_: str, hosts: str) -> str:
    return policy_.replace("form-action 'self'", f"form-action 'self' {hosts}")
