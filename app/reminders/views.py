"""알림 받기: what a customer is told and by which channels; how a reader of a mail ends it."""

from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.access import by_link, customer
from app.accounts import reach
from app.accounts.session import current_account
from app.language import later
from app.messages import channels
from app.messages.models import Channel
from app.reminders import mails
from app.reminders.models import CHANNELS, NoticeChoice, Topic
from app.web import page

bp = Blueprint("reminders", __name__, url_prefix="/reminders")

TEXTS = {
    Topic.BILL: (
        later("고지서가 나오면"),
        later("금액과 납부 기한을 알립니다."),
    ),
    Topic.DUE: (
        later("납부 기한이 다가오면"),
        later("아직 내지 않은 요금을 기한 3일 전에 알립니다."),
    ),
}
NAMES = {**{topic.value: text[0] for topic, text in TEXTS.items()}, mails.NEWS: later("소식 메일")}
CHANNEL_NAMES = {
    Channel.MAIL.value: later("이메일"),
    Channel.SMS.value: later("문자"),
    Channel.PUSH.value: later("기기 알림"),
}


def choices(account_id: int) -> list[dict[str, Any]]:
    """Each topic with its channels: whether it is told by them, and whether they are ready."""
    chosen = {channel: NoticeChoice.of(account_id, channel) for channel in offered()}
    ready = {
        Channel.MAIL.value: True,
        Channel.SMS.value: bool(reach.by_phone(account_id)),
        Channel.PUSH.value: bool(reach.by_push(account_id)),
    }
    return [
        {
            "name": topic.value,
            "title": str(title),
            "text": str(text),
            "ways": [
                {
                    "name": channel,
                    "title": str(CHANNEL_NAMES[channel]),
                    "on": topic in chosen[channel],
                    "ready": ready[channel],
                }
                for channel in chosen
            ],
        }
        for topic, (title, text) in TEXTS.items()
    ]


def offered() -> list[str]:
    """The channels that this service has."""
    return [channel for channel in CHANNELS if channels.is_on(channel, reach.app())]


@bp.get("/")
@customer
def index() -> ResponseReturnValue:
    account = current_account()
    return page("reminders/index.html", topics=choices(account.id), email=account.email)


@bp.post("/<topic>/<any(mail, sms, push):channel>/<any(on, off):wanted>")
@customer
def choose(topic: str, channel: str, wanted: str) -> ResponseReturnValue:
    if topic not in TEXTS or channel not in offered():
        abort(404)
    account_id, on = current_account().id, wanted == "on"
    if on and reach.steps(account_id, channel, "-")[0][0] != channel:
        return redirect("/profile/phone" if channel == Channel.SMS else "/push/", 303)
    NoticeChoice.choose(account_id, Topic(topic), on, clock.now(), channel)
    return redirect(url_for(".index"), 303)


@bp.route("/stop/<token>", methods=["GET", "POST"])
@by_link
def stop(token: str) -> ResponseReturnValue:
    """The link in a mail; a mail program may send the POST by itself (RFC 8058)."""
    account_id, topic, channel = mails.read_stop(token) or abort(404)
    if request.method == "POST":
        mails.stop(account_id, topic, channel, clock.now())
        again = "/profile/consents" if topic == mails.NEWS else url_for(".index")
        return page("reminders/stopped.html", topic=str(NAMES[topic]), again=again)
    return page("reminders/stop.html", topic=str(NAMES[topic]))
