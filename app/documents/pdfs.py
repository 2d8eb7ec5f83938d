"""A page as a PDF that is given to its owner: kept, or made in its turn, or why there is none."""

from collections.abc import Callable
from pathlib import Path

from flask import Response, current_app
from flask.typing import ResponseReturnValue

from app import clock, limits
from app.assets import STATIC
from app.documents import kept, printer
from app.documents.kept import Edition
from app.errors import answer, wait
from app.language import _, later
from app.observe import log

PER_HOUR = 10
TOO_MANY = later("PDF는 한 시간에 10개까지 새로 만듭니다. %(minutes)s분 뒤에 다시 눌러 주십시오.")


def folder() -> Path:
    return Path(current_app.config["DATA_DIR"], "pdf")


def given(edition: Edition, name: str, html: Callable[[], str], whose: str) -> ResponseReturnValue:
    """The PDF of a page as a file of this name; `html` is asked only when it must be made, so often
    for each `whose`.
    """
    try:
        made = kept.find(folder(), edition) or printed(edition, html, whose)
    except printer.BusyError:
        return answer(503, _("다른 문서를 만드는 중입니다. 조금 뒤에 다시 눌러 주십시오."))
    except printer.PrinterError as error:
        log.error("pdf", exc_info=error)
        return answer(503, _("지금은 PDF를 만들 수 없습니다. 브라우저에서 인쇄해 주십시오."))
    if made is None:
        time = limits.window_end(now := clock.now(), limits.HOUR) - now
        return wait(time, TOO_MANY)
    named = f'attachment; filename="{name}.pdf"'
    return Response(made, mimetype="application/pdf", headers={"Content-Disposition": named})


def printed(edition: Edition, html: Callable[[], str], whose: str) -> bytes | None:
    """A newly made PDF; None when its reader had enough of them this hour.

    Raises PrinterError. What cannot be kept is given all the same.
    """
    config = current_app.config
    with printer.turn(folder().with_suffix(".lock")) as turn:
        if not limits.may("pdf", config["SECRET_KEY"], whose, PER_HOUR, clock.now()):
            return None
        made = turn.pdf(html(), STATIC, config["PDF_SECONDS"])
        try:
            kept.keep(folder(), edition, made)
        except OSError as error:
            log.error("a PDF cannot be kept", exc_info=error)
    return made
