"""Open311 GeoReport v2: other programs list street problems, and report them with a key."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from pathlib import Path

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from peewee import OperationalError
from werkzeug.exceptions import HTTPException

from app import clock, limits, words
from app.access import by_link, kept, public
from app.complaints import kinds
from app.db import database
from app.language import _
from app.observe import log
from app.open311 import reporting, search, services
from app.open311.models import ReportKey
from app.open311.spark import TYPES, Value, written
from app.open311.wrong import WrongError
from app.web import absolute, page

bp = Blueprint("open311", __name__, url_prefix="/open311")

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
ENDPOINT = "/open311/v2"
DAY = timedelta(days=1)
Told = Callable[..., tuple[str, Value]]


def answer(form: str, root: str, value: Value, status: int = 200) -> Response:
    response = Response(written(form, root, value), status, content_type=TYPES[form])
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def refused(status: int, *texts: str) -> Response:
    """Errors in the format of the address; XML where it has none."""
    form = "json" if request.path.endswith(".json") else "xml"
    found: list[Value] = [{"code": status, "description": text} for text in texts]
    return answer(form, "errors", found, status)


def told(view: Told) -> Callable[..., Response]:
    """A view that says its root element and what is in it."""

    @wraps(view)
    def ask(notation: str, **values: str) -> Response:
        if notation not in TYPES:
            raise WrongError(404, _("주소는 .xml 또는 .json으로 끝납니다."))
        return answer(notation, *view(**values))

    return ask


@bp.get("/")
@kept
def index() -> ResponseReturnValue:
    """For people: what this is, and how to get a key."""
    offered = list(services.offered().values())
    base = absolute(ENDPOINT)
    return page("open311/index.html", services=offered, base=base, status=200)


@bp.get("/v2/discovery.<notation>")
@public
@told
def discovery() -> tuple[str, Value]:
    changed = search.said(services.changed_at())
    endpoint: Value = {
        "specification": SPECIFICATION,
        "url": absolute(ENDPOINT),
        "changeset": changed,
        "type": "production" if current_app.config["MODE"] == "production" else "test",
        "formats": ["text/xml", "application/json"],
    }
    contact = _("수도 사이버고객센터, 120 다산콜")
    key_service = absolute("/open311/")
    return "discovery", {
        "changeset": changed,
        "contact": contact,
        "key_service": key_service,
        "endpoints": [endpoint],
    }


@bp.get("/v2/services.<notation>")
@public
@told
def listed() -> tuple[str, Value]:
    return "services", [services.service(one) for one in services.offered().values()]


@bp.get("/v2/services/<code>.<notation>")
@public
@told
def defined(code: str) -> tuple[str, Value]:
    if code not in services.offered():
        raise WrongError(404, _("이 service_code의 서비스가 없습니다."))
    return "service_definition", services.definition(services.offered()[code])


def extended() -> bool:
    return request.args.get("extensions") == "true"


@bp.get("/v2/requests.<notation>")
@public
@told
def requests() -> tuple[str, Value]:
    found = search.found(request.args, clock.now())
    return "service_requests", [search.record(one, extended()) for one in found]


@bp.get("/v2/requests/<reference>.<notation>")
@public
@told
def shown(reference: str) -> tuple[str, Value]:
    return "service_requests", [search.record(search.one(reference), extended())]


@bp.get("/v2/tokens/<token>.<notation>")
@public
@told
def token(token: str) -> tuple[str, Value]:
    """All our services give a number at once, so there are no tokens."""
    raise WrongError(404, _("이 토큰은 없습니다."))


@bp.post("/v2/requests.<notation>")
@by_link
@told
def report() -> tuple[str, Value]:
    """A report with a key; its number, and when it will be done."""
    if request.mimetype == "multipart/form-data":  # photos, as in our own form
        request.max_content_length = current_app.config["MAX_CONTENT_LENGTH"]
    now = clock.now()
    key = ReportKey.find(request.form.get("api_key") or request.args.get("api_key", ""))
    if key is None:
        raise WrongError(403, _("api_key가 없거나 맞지 않습니다."))
    config = current_app.config
    most = int(config["REPORTS_BY_KEY"])
    if not limits.may("open311", config["SECRET_KEY"], str(key.id), most, now):
        raise WrongError(429, _("이 키로 보낸 신고가 너무 많습니다. 한 시간 뒤에 보내 주십시오."))
    files = [one for name in ("media", "media[]") for one in request.files.getlist(name) if one]
    made = reporting.report(request.form, files, key, Path(config["DATA_DIR"]), now)
    promise = {"kind": kinds.name(made.type), "due": words.moment(made.promised_at)}
    notice = _("%(kind)s: %(due)s까지 처리하겠습니다.", **promise)
    return "service_requests", [
        {
            "service_request_id": made.reference,
            "service_notice": notice,
            "account_id": None,
        }
    ]


@bp.route("/v2/<path:rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
@by_link
def unknown(rest: str) -> ResponseReturnValue:
    """Whatever else is asked for below our address is answered in its format, too."""
    if request.method not in ("GET", "POST"):
        return refused(405, _("이 주소에는 GET이나 POST로 물어 주십시오."))
    return refused(404, _("이 주소에는 아무것도 없습니다."))


@bp.errorhandler(WrongError)
def on_wrong(error: WrongError) -> ResponseReturnValue:
    return refused(error.status, *error.texts)


@bp.errorhandler(HTTPException)
def on_http(error: HTTPException) -> ResponseReturnValue:
    return refused(error.code or 500, error.description or error.name)


@bp.errorhandler(OperationalError)
def on_database(error: OperationalError) -> ResponseReturnValue:
    log.error("database", exc_info=error)
    database.close()
    return refused(503, _("지금은 저장할 수 없습니다. 조금 뒤에 다시 보내 주십시오."))


@bp.errorhandler(Exception)
def on_unexpected(error: Exception) -> ResponseReturnValue:
    log.error("unexpected", exc_info=error)
    return refused(500, _("처리하지 못했습니다. 조금 뒤에 다시 보내 주십시오."))
