"""Photos as they are kept: for the browser whose draft it is, and for who may see the complaint."""

from flask import Response, abort, request, session
from flask.typing import ResponseReturnValue

from app.access import public
from app.accounts.models import digest
from app.complaints import photos, seeing
from app.complaints.records import ComplaintPhoto
from app.complaints.steps import here, is_locked
from app.complaints.views import bp

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Content-Disposition": 'inline; filename="photo.jpg"',
    "Cache-Control": "private, no-store",
}


def given(name: str, small: bool) -> Response:
    """A photo's file: nothing but a picture, for its viewer alone (S-38)."""
    try:
        content = photos.path(seeing.folder(), name, small).read_bytes()
    except FileNotFoundError:
        abort(404)
    return Response(content, 200, HEADERS, content_type="image/jpeg")


@bp.get("/photos/<photo>")
@public
def draft_photo(photo: str) -> ResponseReturnValue:
    """A photo of one's own draft, small."""
    draft = here()
    if draft is None or is_locked(draft):
        abort(404)
    mine = digest(session.get("browser", ""))
    found = ComplaintPhoto.get_or_none(
        (ComplaintPhoto.name == photo) & (ComplaintPhoto.draft_hash == mine)
    )
    return given(found.name, small=True) if found else abort(404)


@bp.get("/<number>/photos/<photo>")
@public
def photo(number: str, photo: str) -> ResponseReturnValue:
    one = seeing.seen(number) or abort(404)
    found = ComplaintPhoto.of(one.id).where(ComplaintPhoto.name == photo).first() or abort(404)
    return given(found.name, small="small" in request.args)
