"""What people are told of links: who holds a home, whose contact is on file, and who was linked."""

from datetime import datetime, timedelta
from typing import NamedTuple

from app import masks, words
from app.accounts.models import Account
from app.db import rows
from app.homes.models import END_OF_TIME, HomeRequest
from app.homes.texts import ROLE_NAMES, period
from app.language import FIRST, speaking
from app.messages.kinds import Kind, Priority, register
from app.messages.outbox import queue
from app.supply.models import Home
from app.supply.tenancies import Tenancy
from app.web import absolute

WEEK, LONG = timedelta(days=7), timedelta(days=30)
CODE = register(Kind("home_code", Priority.URGENT, timedelta(minutes=5)))
OWN = register(Kind("home_own", Priority.NORMAL, WEEK))
LINKED = register(Kind("home_linked", Priority.NORMAL, LONG))
ENDED = register(Kind("home_ended", Priority.NORMAL, WEEK))
MOVED = register(Kind("home_moved", Priority.NORMAL, WEEK))
TIMED = register(Kind("home_timed", Priority.NORMAL, WEEK))
AGAIN = register(Kind("home_again", Priority.NORMAL, WEEK))
REFUSED = register(Kind("home_refused", Priority.NORMAL, WEEK))

HOLDERS = """
SELECT DISTINCT a.id, a.email, a.language
FROM homes h JOIN accounts a ON a.id = h.account_id
WHERE h.premises_id = ? AND h.role = 'holder' AND h.account_id <> ? AND a.disabled_at IS NULL
    AND (h.until_on IS NULL OR h.until_on > ?) AND h.since_on < ?
ORDER BY a.id
"""


class Reader(NamedTuple):
    """An account that is written to."""

    id: int
    email: str
    language: str


def holders(but: Account, tenancy: Tenancy) -> list[Reader]:
    """The other accounts that hold a home in the time of a tenancy."""
    until = tenancy.until_on or END_OF_TIME
    window = tenancy.since_on.isoformat(), until.isoformat()
    return [Reader(*row) for row in rows(HOLDERS, (tenancy.premises_id, but.id, *window))]


def said(home: Home, now: datetime) -> dict[str, str]:
    """What every message about a link says, in the language that is spoken."""
    return {
        "number": masks.number(home.premises.number),
        "role": str(ROLE_NAMES[home.role]),
        "day": words.moment(now),
    }


def to_account(
    kind: Kind, reader: Account | Reader, values: dict[str, str], key: str, now: datetime
) -> None:
    queue(
        kind,
        to=reader.email,
        values=values,
        key=key,
        language=reader.language,
        now=now,
        account_id=reader.id,
    )


def tell_linked(account: Account, home: Home, tenancy: Tenancy, now: datetime) -> None:
    """Tell the new one, all who hold the home in that time, and the contact on file (S-21).

    Once a day, however often the same account is linked in the same role and unlinked again.
    """
    day = words.local_day(now)
    time = f"{tenancy.side}:{home.since_on}:{home.until_on or ''}"
    key = f"home:{account.id}:{tenancy.premises_id}:{time}:{home.role}:{day}"
    with speaking(account.language):
        own = {**said(home, now), "name": account.name, "home": home.name}
        own["link"] = absolute(f"/homes/{home.reference}")
    to_account(OWN, account, own, f"{key}:own", now)
    who = {"who": masks.name(account.name), "email": masks.email(account.email).split("@")[0]}
    told = {account.email.lower()}
    for holder in holders(account, tenancy):
        with speaking(holder.language):
            values = {**who, **said(home, now), "link": absolute("/homes/")}
        to_account(LINKED, holder, values, f"{key}:{holder.id}", now)
        told.add(holder.email.lower())
    if tenancy.contact.lower() not in told:
        tell_contact(tenancy, home, who, key, now)


def language_of(email: str) -> str:
    """What is spoken to a contact on file: the language of their account; Korean without one."""
    account = Account.active(email)
    return account.language if account else FIRST


def tell_contact(
    tenancy: Tenancy, home: Home, who: dict[str, str], key: str, now: datetime
) -> None:
    """Tell the contact on file; without one, or when the mail fails for good, by letter while they
    live there, and without one by one letter a day.

    A letter to the address of a tenant who left would be read by the next one.
    """
    day, language = words.local_day(now), language_of(tenancy.contact)
    postal, then = f"{tenancy.billing_address} {tenancy.name}", []
    if tenancy.contact:
        to, key, channel = tenancy.contact, f"{key}:contact", "mail"
        then = [("letter", postal)] if tenancy.lasts(day) else []
    elif tenancy.lasts(day):
        to, channel = postal, "letter"
        key = f"home-letter:{tenancy.premises_id}:{tenancy.side}:{tenancy.since_on}:{day}"
    else:
        return
    with speaking(language):
        values = {**who, **said(home, now), "link": ""}
    queue(
        LINKED, to=to, values=values, key=key, language=language, now=now, channel=channel,
        otherwise=then,
    )  # fmt: skip


def tell_ended(home: Home, now: datetime) -> None:
    """Tell somebody that a holder ended their link."""
    account: Account = home.account
    with speaking(account.language):
        values = {**said(home, now), "name": account.name, "home": home.name}
    to_account(ENDED, account, values, f"home:{home.reference}:ended", now)


def tell_moved(home: Home, entry: int, now: datetime) -> None:
    """Tell somebody that a tenancy has ended, and with it what they see of newer days."""
    tell_of_move(MOVED, home, entry, now)


def tell_timed(home: Home, entry: int, now: datetime) -> None:
    """Tell somebody that a move or its correction changed which days they see."""
    tell_of_move(TIMED, home, entry, now)


def tell_again(home: Home, entry: int, now: datetime) -> None:
    """Tell somebody that their link ended at a move, and has to be made again."""
    tell_of_move(AGAIN, home, entry, now)


def tell_of_move(kind: Kind, home: Home, entry: int, now: datetime) -> None:
    """`entry` is the number of what was noted of the move."""
    account: Account = home.account
    if account.disabled_at:
        return
    with speaking(account.language):
        values = {**said(home, now), "name": account.name, "home": home.name}
        values["last"] = words.day(home.until_on) if home.until_on else ""
        values["time"] = period(home.since_on + timedelta(days=1), home.until_on)
        values["link"] = absolute("/homes/new" if kind is AGAIN else "/homes/")
    to_account(kind, account, values, f"home:{home.reference}:moved:{entry}", now)


def tell_refused(request: HomeRequest, now: datetime) -> None:
    """Tell somebody why the office did not link them."""
    account: Account = request.account
    values = {"name": account.name, "reference": request.reference, "answer": request.answer}
    values["link"] = absolute("/homes/new")
    to_account(REFUSED, account, values, f"home-request:{request.reference}", now)


def send_code(tenancy: Tenancy, code: str, key: str, language: str, now: datetime) -> None:
    """Send six digits to the contact on file."""
    queue(CODE, to=tenancy.contact, values={"code": code}, key=key, language=language, now=now)
