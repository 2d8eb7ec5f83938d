"""패스키: ways in without typing; adding, naming and removing them."""

from flask import Blueprint, abort, current_app, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import authenticators, clock, limits, words
from app.access import customer, fresh, public, strong
from app.accounts import agents
from app.accounts.key_forms import AddForm, AnswerForm, NameForm
from app.accounts.models import Account, Proof
from app.accounts.passkeys import MOST, Challenge, Passkey, Use
from app.accounts.session import current_account, renew, sign_in
from app.errors import answer as error
from app.errors import wait
from app.language import _
from app.passkeys import check, keys
from app.sessions import browser
from app.web import is_local, page

bp = Blueprint("passkeys", __name__, url_prefix="/passkeys")

CHALLENGES_PER_HOUR = 5000
DONE = ("added", "named", "removed")


def asked_for(use: Use) -> ResponseReturnValue | bytes:
    """A new challenge for this browser, or why there is none."""
    key, now = current_app.config["SECRET_KEY"], clock.now()
    network = limits.network(request.remote_addr)
    if not limits.may("passkey", key, network, CHALLENGES_PER_HOUR, now):
        return wait(limits.window_end(now, limits.HOUR) - now)
    return Challenge.make(use, browser(), now)


@bp.post("/sign_in/challenge")
@public
def sign_in_challenge() -> ResponseReturnValue:
    made = asked_for(Use.SIGN_IN)
    return jsonify(authenticators.options_to_ask(made)) if isinstance(made, bytes) else made


@bp.post("/proof/challenge")
@customer
def proof_challenge() -> ResponseReturnValue:
    made = asked_for(Use.PROOF)
    return jsonify(authenticators.options_to_ask(made)) if isinstance(made, bytes) else made


@bp.post("/add/challenge")
@strong
def add_challenge() -> ResponseReturnValue:
    made, title = asked_for(Use.ADD), str(current_app.config["SITE_NAME"])
    if not isinstance(made, bytes):
        return made
    return jsonify(check.options_to_add(current_account(), made, title))


def target() -> str:
    back = request.args.get("next", "")
    return back if is_local(back) else url_for("bills.index")


@bp.post("/sign_in")
@public
def enter() -> ResponseReturnValue:
    """Sign in with a passkey: who it is, the passkey says."""
    form, now = AnswerForm(), clock.now()
    found = keys.answered(form.read(), Use.SIGN_IN, browser(), now)
    if not found or found.account.disabled_at:
        return error(422, _("패스키를 확인하지 못했습니다. 다시 하거나 비밀번호를 써 주십시오."))
    sign_in(found.account, Proof.STRONG)
    return redirect(target(), 303)


@bp.post("/proof")
@customer
def prove() -> ResponseReturnValue:
    """Prove with a passkey of this account that it is still the same person (S-18)."""
    form, now = AnswerForm(), clock.now()
    found = keys.answered(form.read(), Use.PROOF, browser(), now)
    if not found or found.account != current_account():
        return error(422, _("패스키를 확인하지 못했습니다. 다시 하거나 비밀번호를 써 주십시오."))
    renew(Proof.STRONG)
    return redirect(target(), 303)


@bp.get("/")
@customer
def index() -> ResponseReturnValue:
    passkeys = [
        {
            "reference": one.reference,
            "name": one.name,
            "since": words.day(words.local_day(one.created_at)),
            "used": words.moment(one.used_at) if one.used_at else "",
        }
        for one in Passkey.of(current_account())
    ]
    done = next((name for name in DONE if name == request.args.get("done")), "")
    return page("passkeys/index.html", passkeys=passkeys, most=MOST, done=done)


@bp.route("/new", methods=["GET", "POST"])
@strong
def add() -> ResponseReturnValue:
    """A new passkey; only after a fresh and strong proof: a borrowed session must not (S-20)."""
    account, form, now = current_account(), AddForm(), clock.now()
    if Passkey.of(account).count() >= MOST:
        return redirect(url_for(".index"), 303)
    if form.validate_on_submit():
        if keys.add(account, form.read(), form.name.data, browser(), now):
            return redirect(url_for(".index", done="added"), 303)
        form.refuse()
    elif request.method == "GET":
        form.name.data = agents.named(request.headers.get("User-Agent", ""))[:40]
    return page("passkeys/new.html", form=form, host=authenticators.site().name), form.status


def mine(reference: str) -> Passkey:
    """A passkey of this account, or the same 404 for another's as for none."""
    account: Account = current_account()
    found: Passkey | None = Passkey.of(account).where(Passkey.reference == reference).first()
    return found or abort(404)


@bp.route("/<passkey>", methods=["GET", "POST"])
@customer
def show(passkey: str) -> ResponseReturnValue:
    """Name it, or take it away."""
    found = mine(passkey)
    form = NameForm(data={"name": found.name})
    if form.validate_on_submit():
        keys.rename(found, form.name.data)
        return redirect(url_for(".index", done="named"), 303)
    return page("passkeys/show.html", form=form, passkey=found), form.status


@bp.post("/<passkey>/removal")
@fresh
def removal(passkey: str) -> ResponseReturnValue:
    keys.remove(current_account(), mine(passkey), clock.now())
    return redirect(url_for(".index", done="removed"), 303)
