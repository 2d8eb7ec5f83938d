"""회원가입: one thing per page; a mail at the end confirms the address."""

from dataclasses import replace
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import clock, limits, masks, words
from app.access import public
from app.accounts import entry
from app.accounts.models import digest
from app.accounts.passwords import BusyError, hashed, is_right
from app.accounts.tokens import Purpose, Token
from app.db import writing
from app.errors import answer, wait
from app.forms import Form
from app.language import current, later
from app.sessions import browser
from app.signup import mails, summary
from app.signup.forms import (
    AccessForm,
    AddressForm,
    AgeForm,
    ConfirmForm,
    ConsentsForm,
    PersonForm,
)
from app.signup.models import STEPS, Answers, Signup, finish
from app.web import page

bp = Blueprint("signup", __name__, url_prefix="/signup")

TITLES = {
    "index": later("회원가입"),
    "consents": later("약관 동의"),
    "person": later("이름과 전화번호"),
    "address": later("주소"),
    "access": later("이메일과 비밀번호"),
    "check": later("가입 내용 확인"),
}
PER_NETWORK, BEGUN_PER_NETWORK, HASHED_PER_NETWORK = 20, 60, 60
PER_HOUR, PER_DAY, CONFIRM_TRIES = 5, 10, 5
OFTEN = later("이 통신망에서 여러 번 신청했습니다. %(minutes)s분 뒤에 다시 해 주십시오.")


@bp.before_request
def only_visitors() -> ResponseReturnValue | None:
    """Who is signed in has an account; only a link from a mail is looked at."""
    if current_user.is_authenticated and request.endpoint != "signup.verify":
        return redirect(url_for("bills.index"), 303)
    return None


def known() -> tuple[Signup | None, Answers]:
    """This browser's sign-up, and what was typed so far."""
    found = Signup.of(browser(), clock.now())
    return found, found.answers if found else Answers()


def elsewhere(found: Signup | None, answers: Answers, step: str) -> ResponseReturnValue | None:
    """Where to go when a step cannot be shown: to the end, or to the first that is open (S-69)."""
    if found and found.sent_at:
        return redirect(url_for(".sent"), 303)
    if not answers.reaches(step):
        return redirect(url_for(f".{answers.first_open}"), 303)
    return None


def shown(step: str, answers: Answers, form: Form, **context: Any) -> ResponseReturnValue:
    """The page of a step."""
    position = STEPS.index(step)
    before = "check" if answers.first_open == "check" != step else STEPS[max(position - 1, 0)]
    frame = {
        "title": str(TITLES[step]),
        "number": position + 1,
        "count": len(STEPS),
        "back": url_for(f".{before}") if position else "",
        "kept": answers,
    }
    return page(f"signup/{step}.html", form=form, **frame, **context), form.status


def go_on(answers: Answers) -> ResponseReturnValue:
    """Keep the answers and lead to the first step that is open."""
    Signup.keep(browser(), answers, clock.now())
    return redirect(url_for(f".{answers.first_open}"), 303)


def few(kind: str, most: int) -> bool:
    """Whether the visitor's network has done this only so often within the hour (S-68)."""
    key, network = current_app.config["SECRET_KEY"], limits.network(request.remote_addr)
    return limits.may(kind, key, network, most, clock.now())


def later_again() -> ResponseReturnValue:
    now = clock.now()
    return wait(limits.window_end(now, limits.HOUR) - now, OFTEN)


@bp.route("/", methods=["GET", "POST"])
@public
def index() -> ResponseReturnValue:
    found, answers = known()
    if away := elsewhere(found, answers, "index"):
        return away
    form = AgeForm()
    if form.validate_on_submit():
        if not form.is_old_enough:
            Signup.drop(browser())
            return redirect(url_for(".under_14"), 303)
        if found is None and not few("signup begun", BEGUN_PER_NETWORK):
            return later_again()
        return go_on(replace(answers, of_age=True))
    onward = url_for(f".{answers.first_open}") if answers.of_age else ""
    return shown("index", answers, form, onward=onward)


@bp.get("/under-14")
@public
def under_14() -> ResponseReturnValue:
    return page("signup/under_14.html")


def step(name: str, form_class: Any) -> ResponseReturnValue:
    """A step whose answers are just kept."""
    found, answers = known()
    if away := elsewhere(found, answers, name):
        return away
    form = form_class(data=form_class.typed(answers))
    form.kept = answers
    if form.validate_on_submit():
        return go_on(replace(answers, **form.answers))
    return shown(name, answers, form)


@bp.route("/consents", methods=["GET", "POST"])
@public
def consents() -> ResponseReturnValue:
    found, answers = known()
    if away := elsewhere(found, answers, "consents"):
        return away
    form = ConsentsForm(data=ConsentsForm.typed(answers))
    if form.validate_on_submit():
        return go_on(replace(answers, **form.answers))
    return shown("consents", answers, form, groups=summary.consent_groups(form))


@bp.route("/person", methods=["GET", "POST"])
@public
def person() -> ResponseReturnValue:
    return step("person", PersonForm)


@bp.route("/address", methods=["GET", "POST"])
@public
def address() -> ResponseReturnValue:
    return step("address", AddressForm)


@bp.route("/access", methods=["GET", "POST"])
@public
def access() -> ResponseReturnValue:
    found, answers = known()
    if away := elsewhere(found, answers, "access"):
        return away
    form = AccessForm(data=AccessForm.typed(answers))
    form.kept = answers
    valid = form.validate_on_submit()
    if form.is_submitted() and form.new_password and "csrf_token" not in form.errors:
        if not few("signup hashed", HASHED_PER_NETWORK):
            return later_again()
        try:
            answers = replace(answers, password_hash=hashed(form.new_password, entry.cost()))
        except BusyError:
            return answer(503)
        Signup.keep(browser(), answers, clock.now())
    if valid:
        return go_on(replace(answers, **form.answers))
    return shown("access", answers, form)


@bp.route("/check", methods=["GET", "POST"])
@public
def check() -> ResponseReturnValue:
    found, answers = known()
    if away := elsewhere(found, answers, "check"):
        return away
    form = Form()
    if found and form.validate_on_submit():
        return sent_to(found, replace(answers, language=current()))
    return shown("check", answers, form, rows=summary.rows(answers))


def sent_to(found: Signup, answers: Answers) -> ResponseReturnValue:
    """Send the mail, unless this address got too many; the page after it is the same."""
    if not few("signup sent", PER_NETWORK):
        return later_again()
    now = clock.now()
    if may_get_mail(answers.email):
        mails.send(found, answers, now)
    elif not found.sent_at:
        found.close(answers, now)
    return redirect(url_for(".sent"), 303)


def may_get_mail(email: str) -> bool:
    """Whether an address got few mails of sign-ups this hour and today, whoever asked for them."""
    key, now = current_app.config["SECRET_KEY"], clock.now()
    with writing():
        today = limits.may("signup mail day", key, email, PER_DAY, now, limits.DAY)
        return limits.may("signup mail", key, email, PER_HOUR, now) and today


@bp.route("/sent", methods=["GET", "POST"])
@public
def sent() -> ResponseReturnValue:
    """The mail was sent; a POST sends it again."""
    found, answers = known()
    if not (found and found.sent_at):
        return redirect(url_for(f".{answers.first_open}"), 303)
    if request.method == "POST":
        return sent_to(found, answers)
    at = words.clock_time(found.sent_at)
    limit = {"per_hour": PER_HOUR, "per_day": PER_DAY}
    return page("signup/sent.html", email=answers.email, at=at, **limit)


@bp.post("/correction")
@public
def correction() -> ResponseReturnValue:
    """The address was wrong: back to the form; the link that was sent holds no more."""
    found, answers = known()
    if found and found.sent_at:
        found.reopen()
    step = "access" if answers.reaches("access") else answers.first_open
    return redirect(url_for(f".{step}"), 303)


@bp.post("/erasure")
@public
def erasure() -> ResponseReturnValue:
    """Forget what was typed, for who shares a device; a link that was sent holds on."""
    found, _answers = known()
    if found and not found.sent_at:
        Signup.drop(browser())
    session.pop("browser", None)
    return redirect(url_for(".index"), 303)


@bp.route("/verify/<token>", methods=["GET", "POST"])
@public
def verify(token: str) -> ResponseReturnValue:
    """A link from a mail: looking at it changes nothing, the button makes the account (S-17)."""
    now = clock.now()
    found = Token.find(Purpose.VERIFY, token, now)
    waiting = Signup.waiting(found) if found else None
    if found is None or waiting is None:
        return page("signup/over.html"), 404
    who, form = waiting.answers, ConfirmForm()
    form.needed = waiting.browser_hash != digest(session.get("browser", ""))
    if form.validate_on_submit():
        if not form.needed or knows_password(who, form.password.data, token):
            if finish(found, now) is None:
                return page("signup/over.html"), 404
            return redirect(url_for("accounts.login", joined=1), 303)
        form.refuse()
    shown = {"name": who.name, "phone": masks.phone(who.phone)}
    return page("signup/verify.html", form=form, **shown), form.status


def knows_password(answers: Answers, password: str, token: str) -> bool:
    """Whether somebody in another browser knows what was chosen at the sign-up; five tries."""
    key = current_app.config["SECRET_KEY"]
    if not limits.may("signup verify", key, token, CONFIRM_TRIES, clock.now()):
        abort(429)
    return is_right(answers.password_hash, password, entry.cost())


@bp.after_request
def keep_links_secret(response: Response) -> Response:
    if request.endpoint == "signup.verify":
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
    return response
