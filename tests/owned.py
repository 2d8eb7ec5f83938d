"""Everything that a customer can have, for tests that try every route with another's things."""

from app import clock
from app.accounts.models import Session
from tests import make, routes

FREE = {"kind", "slug", "code", "revision", "month", "token", "mail", "topic", "wanted", "channel"}
FREE |= {"part", "format", "order", "notation", "rest", "matter", "photo", "upload"}
FREE |= {"outage", "office", "district", "dong", "form"}
"""Arguments of addresses that name nobody's thing, or a secret that has tests of its own."""


def other_session(account):
    """A session of the account in another browser; its reference."""
    Session.start(account, clock.now(), "Firefox · Linux")
    return Session.select().order_by(Session.id.desc()).get().reference


def things(account):
    """The values of all arguments of addresses that name something of this account's."""
    number = f"DCMNT{next(make.numbers):07d}".replace("0", "Z").replace("1", "Y")
    home = routes.resident_home(account, document=number)
    home.level = 2
    home.save()
    family = make.home(premises=home.premises, role="viewer", name="아이 집")
    request = make.home_request(account=account)
    return {
        "home": home.reference,
        "link": family.reference,
        "number": number,
        "passkey": make.passkey(account=account).reference,
        "session": other_session(account),
        "subscription": make.push_subscription(account=account).reference,
        "reference": request.reference,
        "wish": request.reference,
        "alert": make.outage_alert(account=account).reference,
        "right": make.rights_request(account=account).reference,
    }
