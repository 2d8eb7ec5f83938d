"""What goes wrong, as a page that keeps the phone number and a way on, or as a notice."""

from datetime import timedelta
from math import ceil

from flask import Flask, Response, g, request
from flask_wtf.csrf import CSRFError
from peewee import OperationalError
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    ServiceUnavailable,
    TooManyRequests,
)

from app.db import database
from app.language import Later, later
from app.observe import log
from app.view_settings import ViewSettings
from app.web import fragment_wanted, page

TEXTS = {
    400: (
        later("요청을 읽지 못했습니다"),
        later("주소나 입력한 내용이 중간에 끊겼습니다. 앞 화면에서 다시 해 주십시오."),
    ),
    403: (
        later("이 화면은 열 수 없습니다"),
        later("화면을 연 지 오래되었거나 다른 곳에서 온 요청입니다. 새로 열어 다시 해 주십시오."),
    ),
    404: (
        later("찾는 화면이 없습니다"),
        later("주소가 바뀌었거나 지워진 화면입니다. 첫 화면에서 찾아보십시오."),
    ),
    405: (
        later("이 방법으로는 열 수 없습니다"),
        later("화면의 링크나 단추를 써서 다시 해 주십시오."),
    ),
    413: (
        later("보낸 내용이 너무 큽니다"),
        later("사진이나 글의 크기를 줄여 다시 보내 주십시오."),
    ),
    422: (
        later("입력한 내용을 확인해 주십시오"),
        later("빠졌거나 맞지 않는 칸이 있습니다. 앞 화면에서 고쳐 주십시오."),
    ),
    429: (
        later("잠시 뒤에 다시 해 주십시오"),
        later("짧은 시간에 여러 번 시도했습니다. 15분쯤 뒤에 다시 하거나 전화해 주십시오."),
    ),
    500: (
        later("처리하지 못했습니다"),
        later("우리 쪽 문제입니다. 입력한 내용은 저장되지 않았습니다. 조금 뒤에 다시 해 주십시오."),
    ),
    503: (
        later("잠시 멈췄습니다"),
        later("점검 중이거나 이용이 몰렸습니다. 몇 분 뒤에 다시 열어 주십시오."),
    ),
}
DESK_TEXTS = {
    403: (
        TEXTS[403][0],
        later("맡은 역할에는 이 화면이나 일이 없습니다. 필요하면 관리 책임에게 말씀하십시오."),
    ),
    404: (
        TEXTS[404][0],
        later("주소가 바뀌었거나 지워졌거나, 담당하지 않는 사업소의 것입니다."),
    ),
}
"""What signed-in staff read instead."""

PLAIN = "처리하지 못했습니다. 조금 뒤에 다시 해 주십시오. 문의: 120 다산콜(24시간)\n"


def answer(status: int, instead: str = "") -> Response:
    """The error as a page, or as the text of the notice when htmx asked; `instead` is its text."""
    if not hasattr(g, "view_settings"):
        g.view_settings = ViewSettings()
    at_desk = "desk_menu" in g
    known = TEXTS | DESK_TEXTS if at_desk else TEXTS
    title, text = known.get(status, TEXTS[500 if status >= 500 else 400])
    shown = {"title": title, "text": instead or text, "at_desk": at_desk}
    number = request.environ.get("arisu.request", "")
    as_notice = bool(fragment_wanted())
    if as_notice:
        request.environ["HTTP_HX_TARGET"] = "notice_text"
    response = page("error.html", number=number, as_notice=as_notice, **shown)
    if as_notice:
        response.headers["HX-Retarget"] = "#notice_text"
        response.headers["HX-Reswap"] = "outerHTML"
    response.status_code = status
    if status in (429, 503):
        response.headers["Retry-After"] = "120"
    return response


TRIES = later("여러 번 맞지 않았습니다. %(minutes)s분 뒤에 다시 해 주십시오.")


def wait(time: timedelta, text: Later = TRIES) -> Response:
    """Too many tries, or too much of something: when to come back."""
    minutes = ceil(time / timedelta(minutes=1))
    response = answer(TooManyRequests.code, str(text) % {"minutes": minutes})
    response.headers["Retry-After"] = str(ceil(time.total_seconds()))
    return response


def on_http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    response = answer(error.code)
    if error.code == 405 and (allowed := error.get_headers()):
        response.headers.extend([pair for pair in allowed if pair[0] == "Allow"])
    return response


def on_database(error: OperationalError) -> Response:
    """Locked, full or read-only: nothing was saved, and saying so is all that can be done."""
    log.error("database", exc_info=error)
    database.close()
    return answer(ServiceUnavailable.code)


def on_unexpected(error: Exception) -> Response:
    log.error("unexpected", exc_info=error)
    try:
        return answer(InternalServerError.code)
    except Exception:
        log.exception("the error page failed too")
        return Response(PLAIN, InternalServerError.code, content_type="text/plain; charset=utf-8")


def init_app(app: Flask) -> None:
    app.register_error_handler(CSRFError, lambda error: answer(403, str(TEXTS[403][1])))
    app.register_error_handler(HTTPException, on_http)
    app.register_error_handler(OperationalError, on_database)
    app.register_error_handler(Exception, on_unexpected)
