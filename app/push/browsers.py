"""What a browser gives when somebody subscribes: checked before it is kept, and again when used."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from app.accounts.subscriptions import Keys
from app.outbound import ForbiddenError, place_of

LONGEST = 700
POINT, SECRET = 65, 16


def hosts(config: Mapping[str, Any]) -> list[str]:
    """The push services that messages go to."""
    return str(config["PUSH_HOSTS"]).split()


def is_local(config: Mapping[str, Any]) -> bool:
    """Whether the emulator on this machine is one, too."""
    return config["MODE"] == "development"


def decoded(text: str) -> bytes:
    """Base64 as browsers write it; raises ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def read(answer: str, config: Mapping[str, Any]) -> Keys | None:
    """A subscription as scripts get it from the browser; None when it is none, or leads to where
    nothing may be sent.
    """
    try:
        found = json.loads(answer)
        keys = found["keys"]
        made = Keys(str(found["endpoint"]), str(keys["p256dh"]), str(keys["auth"]))
        place_of(made.endpoint, hosts(config), is_local(config))
        point, secret = decoded(made.p256dh), decoded(made.auth)
    except (ValueError, TypeError, KeyError, RecursionError, ForbiddenError):
        return None
    good = len(point) == POINT and point[0] == 4 and len(secret) == SECRET
    return made if good and len(made.endpoint) <= LONGEST else None
