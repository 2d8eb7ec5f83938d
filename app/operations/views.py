"""운영: what waits, what failed, what is full, what runs; failed messages are sent again here."""

from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock, health, words
from app.access import staff, staff_fresh
from app.db import instant, rows, writing
from app.language import _, current, later
from app.messages.commands import RESEND_FAILED, listed
from app.messages.models import State
from app.messages.samples import subject
from app.operations import state
from app.staff import desk
from app.staff.desk import Offices, Place, Waiting
from app.staff.session import audit, current_member
from app.web import page

bp = Blueprint("operations", __name__, url_prefix="/staff/operations")

MOST_FAILED = 20
PARTS = {
    "process": later("프로그램"),
    "database": later("데이터베이스"),
    "migrations": later("데이터베이스의 판"),
    "disk": later("디스크"),
    "outbox": later("보낼 메시지"),
    "worker": later("작업자"),
    "backup": later("백업"),
    "failures": later("실패한 로그인과 조회"),
    "unknown payments": later("결과를 모르는 결제"),
    "online payment": later("온라인 납부"),
    "payments that differ": later("장부와 다른 결제"),
    "outages": later("단수 알림"),
    "texts": later("문자"),
    "processors": later("개인정보를 맡은 곳"),
    "data requests": later("개인정보 요청"),
    "incidents": later("개인정보 유출"),
}


def waiting(offices: Offices, now: datetime) -> Waiting:
    """Alarms, and messages that failed."""
    bad = [said for said in health.alarms(now).values() if said != "ok"]
    return Waiting(len(bad) + sum(state.failed().values()), len(bad))


desk.register(Place("/staff/operations/", later("운영"), "operations.see", waiting, order=95))


@bp.get("/")
@staff("operations.see")
def index() -> ResponseReturnValue:
    now = clock.now()
    facts = state.facts(now)
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    failed = [
        one | {"kind": subject(app, one["kind"], current())}
        for one in listed(State.FAILED, MOST_FAILED)
    ]
    backup = facts["backup"]
    return page(
        "operations/index.html",
        checks=checks(now),
        queues=[shown(queue, now) for queue in facts["queues"]],
        failed=failed,
        failed_count=sum(facts["failed"].values()),
        beats=[(host, pid, words.moment(at)) for host, pid, at in facts["beats"]],
        disk=size(facts["disk_free"]),
        database=size(facts["database_size"]),
        backup=words.moment(datetime.fromisoformat(backup.at)) if backup else "",
        versions=facts["versions"].items(),
        at=words.moment(now),
        may_resend=current_member().may("messages.resend"),
        done=request.args.get("done", ""),
    )


def checks(now: datetime) -> list[tuple[str, str]]:
    """What is looked at, by its name for people, with what is said of it."""
    found = health.vital() | health.alarms(now)
    return [(str(PARTS.get(name, name)), said) for name, said in found.items()]


def shown(queue: state.Queue, now: datetime) -> dict[str, Any]:
    age = ""
    if queue.due_since:
        minutes = int((now - queue.due_since).total_seconds() // 60)
        age = _("%(minutes)s분 전부터", minutes=minutes)
    return {
        "channel": queue.channel,
        "priority": queue.priority,
        "waiting": queue.waiting,
        "age": age,
    }


def size(count: int) -> str:
    """`1.2 GiB`."""
    number, unit = float(count), "B"
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if number < 1024 or unit == "TiB":
            break
        number /= 1024
    return f"{number:.1f} {unit}"


@bp.post("/resend")
@staff_fresh("messages.resend")
def resend() -> ResponseReturnValue:
    """Queue every failed message again that is still worth sending."""
    now = instant(clock.now())
    with writing():
        count = len(rows(RESEND_FAILED, (now, now)))
        audit("messages.resent", messages=count)
    return redirect(url_for(".index", done=str(count)), 303)
