"""What an operator hears of: requests that are late, incidents whose clock has run out."""

from datetime import datetime

from app import health, words
from app.privacy import breach, breach_report
from app.privacy.models import waiting


def late_requests(now: datetime) -> str | None:
    late = [one for one in waiting(words.local_day(now)) if one.days_left < 0]
    return f"{len(late)} requests about people's data are late" if late else None


def late_incidents(now: datetime) -> str | None:
    found = [one.reference for one in breach.open_ones() if breach_report.status(one, now)["late"]]
    return (
        f"72 hours have passed: {', '.join(found)} (flask privacy breach status)" if found else None
    )


health.register("data requests", late_requests)
health.register("incidents", late_incidents)
