"""What the worker clears away of complaints: photos of old drafts, old followers, old words."""

from datetime import datetime, timedelta

from app.complaints import album, following, words
from app.messages import timetable
from app.privacy.register import blocks


def forget_words(now: datetime) -> None:
    """What retention has emptied is found by no words either."""
    (keep,) = blocks()["complaints"].keep
    words.forget(keep.before(now))


timetable.register(timedelta(hours=1), album.forget)
timetable.register(timedelta(hours=6), following.forget)
timetable.register(timedelta(hours=6), forget_words)
