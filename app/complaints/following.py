"""Neighbours who want to hear of a public complaint: confirmed by the link in a mail or a text
message, ended by another.
"""

from datetime import datetime, timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from app.accounts.models import digest
from app.complaints import kinds, places
from app.complaints.labels import HAPPENED
from app.complaints.models import Complaint, ComplaintEvent, What
from app.complaints.records import ComplaintFollower
from app.db import writing
from app.language import speaking
from app.messages.kinds import Kind, Priority, Waiting, register
from app.messages.models import Channel
from app.messages.outbox import Value, queue
from app.sealed import lookup_hash
from app.web import absolute

WAYS = (Channel.MAIL, Channel.SMS)
WAIT = timedelta(days=1)
"""So long a wish waits for its confirmation."""
TOLD = {
    What.STARTED, What.EXTENDED, What.CLOSED, What.TRANSFERRED, What.RETURNED, What.WITHDRAWN,
    What.REOPENED,
}  # fmt: skip


def still_follows(one: Waiting) -> bool:
    """Asked right before sending: whether that person has not ended it meanwhile."""
    found = ComplaintFollower.get_or_none(ComplaintFollower.id == one.values["follower"])
    return bool(found and found.confirmed_at and found.address == one.to)


ASK = register(Kind("complaint_follow", Priority.URGENT, WAIT, channels=WAYS))
NEWS = register(
    Kind(
        "complaint_followed",
        Priority.NORMAL,
        timedelta(days=7),
        topic="complaint",
        wanted=still_follows,
        channels=WAYS,
    )
)


def token_of(complaint_id: int, address: str) -> str:
    """The word in the links to one person about one complaint; only we can make it."""
    signer = URLSafeSerializer(current_app.config["SECRET_KEY"], salt="follow complaint")
    made = signer.dumps([complaint_id, lookup_hash(address)[:24]])
    return made.decode() if isinstance(made, bytes) else made


def find(token: str) -> ComplaintFollower | None:
    signer = URLSafeSerializer(current_app.config["SECRET_KEY"], salt="follow complaint")
    try:
        signer.loads(token)
    except BadSignature:
        return None
    return ComplaintFollower.get_or_none(ComplaintFollower.token_hash == digest(token))


def ask(
    one: Complaint, address: str, language: str, now: datetime, channel: Channel = Channel.MAIL
) -> None:
    """Somebody wants to hear of it: a message asks whether that was they. Who is there already gets
    none, and the page says the same.
    """
    token, hashed = token_of(one.id, address), lookup_hash(address)
    mine = (ComplaintFollower.complaint == one.id) & (ComplaintFollower.address_hash == hashed)
    with writing():
        known = ComplaintFollower.get_or_none(mine)
        if known and (known.confirmed_at or known.created_at > now - timedelta(minutes=10)):
            return
        if known:
            known.delete_instance()
        ComplaintFollower.create(
            complaint=one, address_hash=hashed, channel=channel, address=address, language=language,
            token_hash=digest(token), confirmed_at=None, created_at=now,
        )  # fmt: skip
        with speaking(language):
            values = about(one) | {"link": absolute(f"/complaints/follow/{token}")}
        key = f"follow:{one.id}:{hashed[:24]}:{now.timestamp():.0f}"
        queue(ASK, to=address, values=values, key=key, language=language, now=now, channel=channel)


def about(one: Complaint) -> dict[str, Value]:
    """What everybody may know of it."""
    return {"type": kinds.name(one.type), "area": places.area(one)}


def confirm(one: ComplaintFollower, now: datetime) -> None:
    if one.confirmed_at is None:
        one.confirmed_at = now
        with writing():
            one.save()


def end(one: ComplaintFollower) -> None:
    with writing():
        one.delete_instance()


def tell(one: Complaint, event: ComplaintEvent, now: datetime) -> None:
    """Queue the news for everybody who follows it, in the event's transaction."""
    if What(event.kind) not in TOLD or one.released_at is None:
        return
    confirmed = ComplaintFollower.confirmed_at.is_null(False)
    for follower in ComplaintFollower.select().where(
        (ComplaintFollower.complaint == one.id) & confirmed
    ):
        link = absolute(f"/complaints/follow/{token_of(one.id, follower.address)}")
        with speaking(follower.language):
            values = about(one) | {
                "what": str(HAPPENED[What(event.kind)]),
                "link": link,
                "unsubscribe": f"{link}/end",
                "follower": follower.id,
            }
        key = f"followed:{event.id}:{follower.id}"
        queue(
            NEWS, to=follower.address, values=values, key=key, language=follower.language,
            now=now, channel=follower.channel,
        )  # fmt: skip


def forget(now: datetime) -> int:
    """Wishes that nobody confirmed, and followers of what was over long ago, go; how many."""
    waiting = ComplaintFollower.confirmed_at.is_null() & (
        ComplaintFollower.created_at <= now - WAIT
    )
    over = Complaint.select(Complaint.id).where(Complaint.closed_at <= now - timedelta(days=90))
    with writing():
        gone = ComplaintFollower.delete().where(waiting | ComplaintFollower.complaint.in_(over))
        return int(gone.execute())
