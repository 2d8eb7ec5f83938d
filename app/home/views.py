"""The start page: what most people come for."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import clock, words
from app.access import kept
from app.language import current
from app.pages.library import shelf
from app.web import page

bp = Blueprint("home", __name__)


@bp.get("/")
@kept
def index() -> ResponseReturnValue:
    now = clock.now()
    return page(
        "home/index.html",
        notices=[
            (notice, words.day(words.local_day(notice.publish_at)))
            for notice in shelf().listed("notices", current(), now)[:3]
        ],
        reading=shelf().listed("learn", current(), now)[:4],
    )
