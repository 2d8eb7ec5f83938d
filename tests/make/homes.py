"""What happens to links of accounts to premises."""

from app.homes.models import HomeEvent, HomeRequest
from tests.make.base import LONG_AGO, create, numbers
from tests.make.supply import account, premises


def home_event(**values):
    """An account was linked to a premises."""
    return create(
        HomeEvent,
        values,
        account=account,
        premises=premises,
        what="linked",
        actor="test",
        at=LONG_AGO,
    )


def home_request(**values):
    """A wish to be linked that nobody has decided."""
    return create(
        HomeRequest,
        values,
        account=account,
        reference=f"RQST{next(numbers):08d}",
        number="012345678",
        address="",
        role="holder",
        reason="집을 샀습니다.",
        asked_at=LONG_AGO,
        decided_at=None,
        decided_by="",
        answer="",
        decision="",
    )
