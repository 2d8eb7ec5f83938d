"""Who is there: the signed-in account, the network, and how often each does something."""

from flask import current_app, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from app import clock, limits
from app.accounts.models import Account
from app.accounts.session import current_account
from app.errors import wait
from app.language import later

BEGUN_PER_NETWORK, FILED_PER_NETWORK, FILED_PER_PHONE = 300, 200, 10
"""In an hour. A telephone company can be one network: in a large outage many write from it."""
FILED_PER_EMAIL = 10
"""Nobody has proved that the address is theirs, either."""
PHOTOS_PER_NETWORK, UPLOADS_PER_NETWORK, SAID_PER_NETWORK = 300, 600, 200
"""Forms with photos, photos in pieces, and messages, in an hour."""
OFTEN = later("이 통신망에서 여러 번 접수했습니다. %(minutes)s분 뒤에 다시 해 주십시오.")


def few(kind: str, name: str, most: int) -> bool:
    """Whether somebody has done this only so often within the hour."""
    return limits.may(kind, current_app.config["SECRET_KEY"], name, most, clock.now())


def network() -> str:
    """Where the visitor comes from."""
    return limits.network(request.remote_addr)


def sent_photos() -> list[FileStorage]:
    """The files of a form; a field without a file is none."""
    return [one for one in request.files.getlist("photo") if one.filename]


def later_again() -> ResponseReturnValue:
    now = clock.now()
    return wait(limits.window_end(now, limits.HOUR) - now, OFTEN)


def whom() -> Account | None:
    """The signed-in customer."""
    if not current_user.is_authenticated:
        return None
    found: Account = Account.get_by_id(current_account().id)
    return found


def whose() -> int | None:
    """The id of the signed-in customer's account."""
    return current_account().id if current_user.is_authenticated else None
