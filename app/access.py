"""Marks on views: who may open them. A view without a mark stops the program at its start."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Everybody may open this view."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def by_link(view: View) -> View:
    """A public view that takes a POST without a form token, because programs send it: mail programs
    to an address that is a secret of the mail (RFC 8058), or a gateway that is not believed.
    """
    view.by_link = True  # type: ignore[attr-defined]
    return public(view)


def customer(view: View) -> View:
    """Only a signed-in customer may open this view; others are led to the sign-in."""
    view.access = "customer"  # type: ignore[attr-defined]
    return view


def fresh(view: View) -> View:
    """A customer's view for which the password or a passkey must have been given minutes ago."""
    view.proof = "any"  # type: ignore[attr-defined]
    return customer(view)


def strong(view: View) -> View:
    """As `fresh`, by a passkey, or by the password and a code to the account's e-mail."""
    view.proof = "strong"  # type: ignore[attr-defined]
    return customer(view)


def kept(view: View) -> View:
    """A public view that is the same for every visitor: its finished page is kept and given out."""
    view.kept = True  # type: ignore[attr-defined]
    return public(view)


def of(app: Flask, endpoint: str | None) -> str:
    """The mark of an endpoint; `public` for addresses that do not exist."""
    if endpoint is None:
        return "public"
    return str(getattr(app.view_functions[endpoint], "access"))  # noqa: B009 a mark, not a member


def is_by_link(app: Flask, endpoint: str | None) -> bool:
    """Whether the address itself is the authority for a POST."""
    return bool(getattr(app.view_functions.get(endpoint or ""), "by_link", False))


def proof_of(app: Flask, endpoint: str | None) -> str:
    """What must have been proved minutes ago: nothing, `any` or `strong`."""
    return str(getattr(app.view_functions.get(endpoint or ""), "proof", ""))


def check(app: Flask) -> None:
    """Raise RuntimeError for the first view that says nothing about access."""
    for endpoint, view in app.view_functions.items():
        if not hasattr(view, "access"):
            raise RuntimeError(f"The view {endpoint} does not say who may open it (app/access.py).")
