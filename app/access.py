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


def staff(permission: str) -> Callable[[View], View]:
    """Only a member of staff who has this permission in some office; `""` is any member."""

    def mark(view: View) -> View:
        view.access = "staff"  # type: ignore[attr-defined]
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def staff_fresh(permission: str) -> Callable[[View], View]:
    """As `staff`, and the second factor must have been given minutes ago."""

    def mark(view: View) -> View:
        view.proof = "any"  # type: ignore[attr-defined]
        return staff(permission)(view)

    return mark


def half_staff(view: View) -> View:
    """A member who gave the password and must now give, or choose, the second factor."""
    view.half = True  # type: ignore[attr-defined]
    return staff("")(view)


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


def permission_of(app: Flask, endpoint: str | None) -> str:
    """What a member of staff must be permitted for a view; empty for any member."""
    return str(getattr(app.view_functions.get(endpoint or ""), "permission", ""))


def is_half(app: Flask, endpoint: str | None) -> bool:
    """Whether a view is there before the second factor was given."""
    return bool(getattr(app.view_functions.get(endpoint or ""), "half", False))


def is_staff_path(path: str) -> bool:
    """Whether an address belongs to the staff's area, which has a session of its own (S-07)."""
    return path == STAFF_AREA or path.startswith(f"{STAFF_AREA}/")


STAFF_AREA = "/staff"


def check(app: Flask) -> None:
    """Raise RuntimeError for the first view that says nothing about access, or the wrong thing."""
    for endpoint, view in app.view_functions.items():
        if not hasattr(view, "access"):
            raise RuntimeError(f"The view {endpoint} does not say who may open it (app/access.py).")
    for rule in app.url_map.iter_rules():
        mark = of(app, rule.endpoint)
        if mark != "public" and (mark == "staff") != is_staff_path(rule.rule):
            raise RuntimeError(f"{rule.rule} is for {mark}, and lies in the other area.")
