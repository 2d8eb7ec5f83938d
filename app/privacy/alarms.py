"""What an operator hears of: requests that are late, incidents whose clock has run out."""

from datetime import datetime

from app import health, words
from app.language import _
from app.privacy import breach, breach_report
from app.privacy.models import waiting


def late_requests(now: datetime) -> str | None:
    late = [one for one in waiting(words.local_day(now)) if one.days_left < 0]
    return _("기한이 지난 개인정보 요청 %(count)s건", count=len(late)) if late else None


def late_incidents(now: datetime) -> str | None:
    found = [one.reference for one in breach.open_ones() if breach_report.status(one, now)["late"]]
    if not found:
        return None
    named = ", ".join(found)
    return _("72시간이 지났습니다: %(found)s (flask privacy breach status)", found=named)


health.register("data requests", late_requests)
health.register("incidents", late_incidents)
