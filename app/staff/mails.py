"""Mails to members of staff: invitations, and what happened to their sign-in (S-21)."""

from datetime import datetime, timedelta

from app import words
from app.language import speaking
from app.messages.kinds import Kind, Priority, register
from app.messages.outbox import queue
from app.staff.models import Member
from app.web import absolute

HOLDS = timedelta(days=3)
INVITED = register(Kind("staff_invited", Priority.URGENT, timedelta(hours=48)))
NEW_BROWSER = register(Kind("staff_new_browser", Priority.URGENT, HOLDS))
CHANGED = register(Kind("staff_changed", Priority.URGENT, HOLDS))
ALARM = register(Kind("staff_alarm", Priority.URGENT, HOLDS))
ODD = {
    "own name": (
        "자기와 같은 이름의 고객을 열었습니다",
        "looked at a customer with their own name",
    ),
    "many persons": (
        "한 시간에 아주 많은 고객을 열었습니다",
        "looked at very many customers within an hour",
    ),
}
WHAT = {
    "password": ("비밀번호를 바꿨습니다", "The password was changed"),
    "totp": ("인증 앱을 등록했습니다", "A one-time code app was registered"),
    "passkey": ("패스키를 등록했습니다", "A passkey was registered"),
    "passkey_removed": ("패스키를 지웠습니다", "A passkey was removed"),
    "copied": (
        "복사된 것으로 보이는 패스키를 막았습니다",
        "A passkey that seems to be a copy was refused",
    ),
    "recovered": ("2차 인증을 지우고 다시 초대했습니다", "The second factor was reset"),
}
"""What can have happened to a sign-in, in both languages."""


def invited(member: Member, token: str, now: datetime) -> None:
    """The link with which somebody begins to work here."""
    values = {"name": member.name, "link": absolute(f"/staff/join/{token}")}
    queue(
        INVITED, to=member.email, values=values, key=f"staff_invited:{token[:16]}",
        language=member.language, now=now,
    )  # fmt: skip


def new_browser(member: Member, agent: str, key: str, now: datetime) -> None:
    """Somebody signed in with a kind of browser that was not seen of this member."""
    with speaking(member.language):
        when = words.moment(now)
    values = {"name": member.name, "when": when, "agent": agent, "link": absolute("/staff/me/")}
    queue(
        NEW_BROWSER, to=member.email, values=values, key=f"staff_new_browser:{key}",
        language=member.language, now=now,
    )  # fmt: skip


def alarm(reader: Member, name: str, what: str, now: datetime) -> None:
    """Somebody's looks should be asked about."""
    korean, english = ODD[what]
    with speaking(reader.language):
        when = words.moment(now)
    values = {
        "name": name,
        "what": english if reader.language == "en" else korean,
        "when": when,
        "link": absolute("/staff/audit/"),
    }
    key = f"staff_alarm:{reader.reference}:{name}:{what}:{now:%Y%m%d%H}"
    queue(ALARM, to=reader.email, values=values, key=key, language=reader.language, now=now)


def changed(member: Member, what: str, now: datetime) -> None:
    """A key or the password is another one now."""
    korean, english = WHAT[what]
    with speaking(member.language):
        when = words.moment(now)
    values = {
        "name": member.name,
        "what": english if member.language == "en" else korean,
        "when": when,
        "link": absolute("/staff/me/"),
    }
    key = f"staff_changed:{member.reference}:{what}:{now.timestamp()}"
    queue(CHANGED, to=member.email, values=values, key=key, language=member.language, now=now)
