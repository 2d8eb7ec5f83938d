"""Photos in pieces: the core of tus 1.0 with creation, expiration and termination.

`POST /complaints/uploads` begins one for the browser's draft; `HEAD`, `PATCH` and `DELETE` of its
address follow. With the last byte the photo is kept, or refused with a sentence and 422.
"""

from email.utils import format_datetime

from flask import Response, abort, request, session, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.access import public
from app.accounts.models import digest
from app.complaints import album, photos, seeing, uploads
from app.complaints.album import Whose
from app.complaints.photos import BUSY, MOST_BYTES, RefusedError
from app.complaints.steps import here, is_locked
from app.complaints.uploads import TooManyError, Upload, WrongOffsetError
from app.complaints.views import bp
from app.complaints.visitors import UPLOADS_PER_NETWORK, few, network
from app.language import later

VERSION = "1.0.0"
PIECE = "application/offset+octet-stream"
EVERYWHERE = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}
ABOUT = {
    "Tus-Version": VERSION,
    "Tus-Extension": "creation,expiration,termination",
    "Tus-Max-Size": str(MOST_BYTES),
}
OVER = later("쓰던 민원이 하루가 지나 지워졌습니다. 처음부터 다시 써 주십시오.")

LOCKED = later("로그인이 끝났습니다. 이 화면을 새로 고쳐 다시 로그인해 주십시오.")


def answer(status: int, text: str = "", **headers: str) -> Response:
    """An answer of the protocol; `Upload_Offset` is written with a hyphen."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    kind = "text/plain; charset=utf-8"
    return Response(text, status, {**EVERYWHERE, **named}, content_type=kind)


def is_other_version() -> bool:
    return request.headers.get("Tus-Resumable") != VERSION


def mine() -> str:
    """The hash under which this browser has a draft; 404 without one, with a sentence."""
    draft = here()
    if draft is None:
        abort(answer(404, str(OVER)))
    if is_locked(draft):
        abort(answer(403, str(LOCKED)))
    return digest(session["browser"])


def number(name: str) -> int:
    """A header that is a number of bytes; 400 for anything else."""
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        abort(400)
    return int(text)


@bp.route("/uploads", methods=["OPTIONS", "POST"], provide_automatic_options=False)
@public
def create_upload() -> ResponseReturnValue:
    if request.method == "OPTIONS":
        return answer(204, **ABOUT)
    if is_other_version():
        return answer(412, Tus_Version=VERSION)
    draft, length, now = mine(), number("Upload-Length"), clock.now()
    if length > MOST_BYTES:
        return answer(413, str(photos.TOO_LARGE))
    if not few("upload begun", network(), UPLOADS_PER_NETWORK):
        return answer(429, str(BUSY))
    try:
        photos.check_disk(seeing.folder())
        one = uploads.begin(seeing.folder(), draft, length, now)
    except RefusedError as error:
        return answer(503, str(error.why), Retry_After="60")
    except ValueError:
        return answer(400, str(photos.EMPTY))
    except TooManyError:
        return answer(429, str(album.TOO_MANY))
    place = url_for("complaints.upload", upload=one.id)
    return answer(201, Location=place, Upload_Expires=expires(one), Upload_Offset="0")


def expires(one: Upload) -> str:
    return format_datetime(one.expires_at, usegmt=True)


@bp.route(
    "/uploads/<upload>",
    methods=["HEAD", "PATCH", "DELETE", "POST"],
    provide_automatic_options=False,
)
@public
def upload(upload: str) -> ResponseReturnValue:
    if is_other_version():
        return answer(412, Tus_Version=VERSION)
    draft = mine()
    try:
        return asked(draft, upload)
    except FileNotFoundError:  # another request has finished or ended it at this moment
        return answer(409)


def asked(draft: str, upload: str) -> Response:
    one = uploads.find(seeing.folder(), draft, upload, clock.now())
    if one is None:
        return answer(404)
    method = request.method
    if method == "POST":  # the only one that may stand for another: its form token was checked
        method = request.headers.get("X-HTTP-Method-Override", method)
    if method == "HEAD":
        return answer(200, Upload_Offset=str(one.offset), Upload_Length=str(one.length))
    if method == "DELETE":
        uploads.remove(one)
        return answer(204)
    return add_piece(one, draft) if method == "PATCH" else answer(405)


def add_piece(one: Upload, draft: str) -> Response:
    if request.mimetype != PIECE:
        return answer(415)
    offset, piece = number("Upload-Offset"), request.get_data()
    if one.done:
        same = offset == one.length and not piece
        return answer(204, Upload_Offset=str(one.length)) if same else answer(409)
    try:
        there = uploads.write(one, offset, piece)
    except WrongOffsetError:
        return answer(409, Upload_Offset=str(one.offset))
    if there < one.length:
        return answer(204, Upload_Offset=str(there), Upload_Expires=expires(one))
    return keep(one, draft)


def keep(one: Upload, draft: str) -> Response:
    """All of it is there: make a photo of it. When others wait already, it can be asked again."""
    try:
        album.add(one.path.read_bytes(), seeing.folder(), clock.now(), Whose(draft))
    except RefusedError as error:
        if error.why is BUSY:
            return answer(503, str(error.why), Retry_After="2")
        uploads.remove(one)
        return answer(422, str(error.why))
    uploads.finish(one)
    return answer(204, Upload_Offset=str(one.length))
