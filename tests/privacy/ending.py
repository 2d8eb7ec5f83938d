"""Rows of every table that has an end in the register, and what fills the columns that end."""

from app.operations.models import Heartbeat
from app.staff.searches import Search
from tests import make


def search(**values):
    return make.create(
        Search, values, reference=f"{next(make.numbers):020d}", member=make.member, query="x"
    )


def heartbeat(**values):
    return make.create(Heartbeat, values, host="here", pid=lambda: next(make.numbers))


MAKERS = make.COMPLAINTS | {
    "attempts": make.attempt,
    "gateway_events": make.gateway_event,
    "refunds": make.refund,
    "challenges": make.challenge,
    "codes": make.code,
    "daily_uses": make.daily_use,
    "destructions": make.destruction,
    "devices": make.device,
    "heartbeats": heartbeat,
    "home_requests": make.home_request,
    "incidents": make.incident,
    "kept_records": make.kept_record,
    "limits": lambda **values: make.limit(name=f"{next(make.numbers)}", **values),
    "lookups": make.lookup,
    "messages": make.message,
    "occupancies": make.occupancy,
    "pauses": make.pause,
    "proposals": make.proposal,
    "reductions": make.reduction,
    "rights_requests": make.rights_request,
    "sessions": make.session,
    "signups": make.signup,
    "staff_grants": make.grant,
    "staff_links": make.staff_link,
    "staff_searches": search,
    "staff_sessions": make.staff_session,
    "tokens": make.token,
    "tries": make.tries,
    "unmaskings": make.unmasking,
}
PLAIN = ("account", "account_number", "billing_address", "body", "name", "phone_hash", "secret")
FILLED = {
    **dict.fromkeys((*PLAIN, "answers", "place", "text"), "-"),
    "email": "person@example.com",
    "phone": "+821012345678",
    "content": '{"time": "12:00"}',
    "recipient": "person@example.com",
    "otherwise": '[["mail", "person@example.com"]]',
    "latitude": 37_566_300,
    "longitude": 126_977_900,
    "public_text": "-",
    "released_at": make.LONG_AGO,
}
