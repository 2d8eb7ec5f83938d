"""What applicants are told of their complaint: by mail, text message and push, as they chose."""

import re
from datetime import datetime, timedelta

from app import words
from app.accounts import reach
from app.accounts.models import Account
from app.complaints import following, kinds
from app.complaints.labels import HAPPENED, OUTCOMES
from app.complaints.models import Complaint, ComplaintEvent, Outcome, What
from app.language import speaking
from app.messages import channels
from app.messages.kinds import Kind, Priority, register
from app.messages.models import Channel
from app.messages.outbox import Step, Value, queue
from app.observe import log
from app.phones import is_mobile
from app.supply.offices import offices
from app.web import absolute

WAYS = (Channel.MAIL, Channel.SMS, Channel.PUSH)
LIFETIME = timedelta(days=7)
LONGEST = 1500


def kind(name: str) -> Kind:
    return register(Kind(name, Priority.NORMAL, LIFETIME, channels=WAYS))


RECEIVED = kind("complaint_received")
STEP = kind("complaint_step")
ASKED = kind("complaint_asked")
DONE = kind("complaint_done")
KINDS = {
    What.RECEIVED: RECEIVED,
    What.ASKED: ASKED,
    What.CLOSED: DONE,
    What.TRANSFERRED: DONE,
    What.RETURNED: DONE,
}
OWN = {What.SAID, What.PHOTO, What.RATED, What.OBJECTED}
"""What applicants did themselves and need not be told."""
ENDS = {What.CLOSED, What.TRANSFERRED, What.RETURNED}


def tell(complaint: Complaint, event: ComplaintEvent, now: datetime) -> None:
    """Queue what applicant and those of merged complaints are told, in the event's transaction."""
    what = What(event.kind)
    following.tell(complaint, event, now)
    if event.actor_kind == "applicant" and what in OWN:
        return
    send(KINDS.get(what, STEP), complaint, event, now)
    if what in ENDS:
        for other in Complaint.select().where(Complaint.merged_into == complaint.id):
            send(STEP, other, event, now, with_text=False)


def steps(one: Complaint) -> list[list[Step]]:
    """Each way that was chosen, with what stands in for it. A text or notification that cannot be
    sent to somebody who chose no other way goes to the account's address.
    """
    found: list[list[Step]] = [[(Channel.MAIL.value, one.email)]] if one.email else []
    if one.wants_texts and is_mobile(one.phone):
        rest: list[Step] = [] if one.email else by_account(one)
        if channels.is_on(Channel.SMS, reach.app()):
            rest = [(Channel.SMS.value, one.phone), *rest]
        found += [rest] if rest else []
    if one.wants_push and one.account_id:
        otherwise = [] if found else by_account(one)
        found += [rest] if (rest := [*reach.by_push(one.account_id), *otherwise]) else []
    return found


def by_account(one: Complaint) -> list[Step]:
    account = Account.get_or_none(Account.id == one.account_id) if one.account_id else None
    return [(Channel.MAIL.value, account.email)] if account and not account.disabled_at else []


def send(
    kind: Kind, one: Complaint, event: ComplaintEvent, now: datetime, with_text: bool = True
) -> None:
    """What cannot be written must not stop the work on the complaint. What was written to one
    applicant is for nobody else's eyes.
    """
    ways = steps(one)
    if not ways:
        return
    with speaking(one.language):
        values = values_of(one, event) | ({} if with_text else {"text": ""})
    for (channel, to), *rest in ways:
        try:
            queue(
                kind, to=to, values=values, key=f"complaint:{one.id}:{event.id}",
                language=one.language, now=now, account_id=one.account_id, channel=channel,
                otherwise=rest,
            )  # fmt: skip
        except ValueError as error:
            fields = {"complaint": one.reference, "problem": str(error)}
            log.error("a notice cannot be queued", extra={"fields": fields})


def values_of(one: Complaint, event: ComplaintEvent) -> dict[str, Value]:
    """What a message says, in the language of its reader."""
    office = offices()[one.office]
    who = one.assigned_to
    due = one.promised_at
    return {
        "reference": one.reference,
        "type": kinds.name(one.type),
        "what": str(HAPPENED[What(event.kind)]),
        "text": one_line(event.text) if event.actor_kind == "staff" else "",
        "outcome": str(OUTCOMES[Outcome(one.outcome)]) if one.outcome else "",
        "received": words.moment(one.received_at),
        "due": words.moment(due) if one.is_open and one.due_at else "",
        "unit": (who.unit if who else "") or office.shown,
        "phone": (who.phone if who else "") or office.phone,
        "link": absolute(f"/complaints/{one.reference}"),
    }


def one_line(text: str) -> str:
    """Several lines as one: a value of a message has no line breaks."""
    return re.sub(r"\s+", " ", text).strip()[:LONGEST]
