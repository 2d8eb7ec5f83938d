"""알림 받기: what a customer is told by mail, and how a reader of such a mail ends it."""

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.access import by_link, customer
from app.accounts.session import current_account
from app.language import later
from app.reminders import mails
from app.reminders.models import NoticeChoice, Topic
from app.web import page

bp = Blueprint("reminders", __name__, url_prefix="/reminders")

TEXTS = {
    Topic.BILL: (
        later("고지서가 나오면"),
        later("금액과 납부 기한을 이메일로 알립니다."),
    ),
    Topic.DUE: (
        later("납부 기한이 다가오면"),
        later("아직 내지 않은 요금을 기한 3일 전에 이메일로 알립니다."),
    ),
}
NAMES = {**{topic.value: text[0] for topic, text in TEXTS.items()}, mails.NEWS: later("소식 메일")}


@bp.get("/")
@customer
def index() -> ResponseReturnValue:
    account = current_account()
    chosen = NoticeChoice.of(account.id)
    topics = [
        {"name": topic, "title": str(title), "text": str(text), "on": topic in chosen}
        for topic, (title, text) in TEXTS.items()
    ]
    return page("reminders/index.html", topics=topics, email=account.email)


@bp.post("/<topic>/<any(on, off):wanted>")
@customer
def choose(topic: str, wanted: str) -> ResponseReturnValue:
    if topic not in TEXTS:
        abort(404)
    NoticeChoice.choose(current_account().id, Topic(topic), wanted == "on", clock.now())
    return redirect(url_for(".index"), 303)


@bp.route("/stop/<token>", methods=["GET", "POST"])
@by_link
def stop(token: str) -> ResponseReturnValue:
    """The link in a mail; a mail program may send the POST by itself (RFC 8058)."""
    account_id, topic = mails.read_stop(token) or abort(404)
    if request.method == "POST":
        mails.stop(account_id, topic, clock.now())
        again = "/profile/consents" if topic == mails.NEWS else url_for(".index")
        return page("reminders/stopped.html", topic=str(NAMES[topic]), again=again)
    return page("reminders/stop.html", topic=str(NAMES[topic]))
