"""The night, in which nothing is sent that can wait until the morning."""

from datetime import UTC, datetime, time, timedelta

from app.clock import SEOUL

EVENING, MORNING = 21, 8


def morning(now: datetime) -> datetime | None:
    """When the night ends in which a moment lies; None by day. Hours are Seoul's."""
    local = now.astimezone(SEOUL)
    if MORNING <= local.hour < EVENING:
        return None
    day = local.date() + timedelta(days=1 if local.hour >= EVENING else 0)
    return datetime.combine(day, time(MORNING), SEOUL).astimezone(UTC)
