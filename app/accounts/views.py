"""Signing in and out."""

from flask import Blueprint, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from app import clock
from app.access import customer, public
from app.accounts.forms import LoginForm
from app.accounts.models import Account, Session
from app.accounts.session import SignedIn
from app.web import is_local, page

bp = Blueprint("accounts", __name__)


@bp.route("/login", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    back = request.args.get("next", "")
    target = back if is_local(back) else url_for("bills.index")
    if current_user.is_authenticated and request.method == "GET":
        return redirect(target, 303)
    form = LoginForm()
    if form.validate_on_submit():
        config = current_app.config
        cost = (config["PASSWORD_MEMORY_KIB"], config["PASSWORD_ROUNDS"])
        account = Account.with_password(form.email.data, form.password.data, cost)
        if account:
            session.clear()
            login_user(SignedIn(account, Session.start(account, clock.now())))
            return redirect(target, 303)
        form.refuse()
    minutes = current_app.config["SESSION_IDLE_MINUTES"]
    return page("accounts/login.html", form=form, minutes=minutes), form.status


@bp.post("/logout")
@customer
def logout() -> ResponseReturnValue:
    Session.end(current_user.token, clock.now())
    logout_user()
    session.clear()
    return redirect(url_for("home.index"), 303)
