"""All views of this desk, to be plugged in together."""

from app.complaint_desk import (
    caller_views,
    case_views,
    numbers_views,
    photo_views,
    views,
    visits_views,
)
from app.complaint_desk.desk import bp

__all__ = [
    "bp",
    "caller_views",
    "case_views",
    "numbers_views",
    "photo_views",
    "views",
    "visits_views",
]
