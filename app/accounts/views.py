"""Signing in and out, and proving once more who it is."""

import secrets

from flask import Blueprint, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user

from app import clock, limits
from app.access import customer, fresh, public
from app.accounts import belongings, entry, mails, passkeys
from app.accounts.entry import Wait
from app.accounts.forms import CodeForm, LoginForm, PasswordForm
from app.accounts.models import Proof, Session
from app.accounts.session import current_account, current_sign_in, renew, sign_in
from app.accounts.subscriptions import Subscription
from app.accounts.tokens import CODE_MINUTES, Code
from app.db import writing
from app.errors import wait
from app.masks import email as masked
from app.sessions import browser
from app.web import is_local, page

bp = Blueprint("accounts", __name__)

CODES_PER_HOUR = 5


def target() -> str:
    """Where the visitor wanted to go, as far as it is here."""
    back = request.args.get("next", "")
    return back if is_local(back) else url_for("bills.index")


@bp.route("/login", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    if current_user.is_authenticated and request.method == "GET":
        return redirect(target(), 303)
    form = LoginForm()
    if form.validate_on_submit():
        found = entry.checked(form.email.data, form.password.data)
        if isinstance(found, Wait):
            return wait(found.time)
        if found:
            sign_in(found, Proof.PASSWORD)
            return redirect(target(), 303)
        form.refuse()
    minutes = current_app.config["SESSION_IDLE_MINUTES"]
    shown = {name: name in request.args for name in ("joined", "renewed")}
    return page(
        "accounts/login.html", form=form, minutes=minutes, next=target(), **shown
    ), form.status


@bp.post("/logout")
@customer
def logout() -> ResponseReturnValue:
    Session.end(current_user.token, clock.now())
    Subscription.end_here(current_account(), current_sign_in().reference)
    logout_user()
    belongings.discard(session.get("browser", ""))
    session.clear()
    return redirect(url_for("home.index"), 303)


@bp.route("/login/again", methods=["GET", "POST"])
@customer
def prove() -> ResponseReturnValue:
    """The password again, before something that a borrowed session must not do (S-18)."""
    form, account = PasswordForm(), current_account()
    strong = request.args.get("how") == "strong"
    if form.validate_on_submit():
        found = entry.checked(account.email, form.password.data)
        if isinstance(found, Wait):
            return wait(found.time)
        if found:
            renew(Proof.PASSWORD)
            return send_code() if strong else redirect(target(), 303)
        form.refuse()
    has_passkey = passkeys.Passkey.of(account).exists()
    shown = {"form": form, "strong": strong, "has_passkey": has_passkey, "back": target()}
    return page("accounts/prove.html", **shown), form.status


def send_code() -> ResponseReturnValue:
    """Send six digits to the account's e-mail, and lead to the page that asks for them."""
    account, key, now = current_account(), current_app.config["SECRET_KEY"], clock.now()
    if Code.is_fresh("proof", browser(), now):
        return redirect(url_for(".code", next=target()), 303)
    if not limits.may("proof code", key, str(account.id), CODES_PER_HOUR, now):
        return wait(limits.window_end(now, limits.HOUR) - now)
    with writing():
        code = Code.make("proof", browser(), str(account.id), key, now)
        mails.proof_code(account, code, secrets.token_hex(8), now)
    return redirect(url_for(".code", next=target()), 303)


@bp.route("/login/code", methods=["GET", "POST"])
@fresh
def code() -> ResponseReturnValue:
    """The six digits from the mail, after the password."""
    form, account = CodeForm(), current_account()
    if form.validate_on_submit():
        key, now = current_app.config["SECRET_KEY"], clock.now()
        if Code.spend("proof", browser(), str(account.id), key, form.code.data, now):
            renew(Proof.STRONG)
            return redirect(target(), 303)
        form.refuse()
    shown = {"email": masked(account.email), "minutes": CODE_MINUTES, "back": target()}
    return page("accounts/code.html", form=form, **shown), form.status


@bp.post("/login/code/new")
@fresh
def new_code() -> ResponseReturnValue:
    """Another code, when the first did not come."""
    return send_code()
