"""Beside the privacy notice: all that is stored, from the register, and who works for us."""

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from app.access import kept, public
from app.language import current
from app.observe import log
from app.privacy import notice, processors
from app.web import page

bp = Blueprint("privacy", __name__, url_prefix="/guide/privacy")
bp.cli.help = "People's data: what is destroyed, what they ask, and when something leaks."


@bp.get("/items")
@kept
def items() -> ResponseReturnValue:
    return page("privacy/items.html", sections=notice.sections())


@bp.get("/processors")
@public
def firms() -> ResponseReturnValue:
    """Read at each request: the list may change while the program runs."""
    try:
        found = processors.listed(current_app.config)
    except processors.ListError as error:
        log.error(f"the list of processors is not shown: {error}")
        found = None
    language = current()
    shown = [
        {name: getattr(one, name)[language] for name in processors.TEXTS} for one in found or ()
    ]
    return page("privacy/processors.html", firms=shown, broken=found is None)
