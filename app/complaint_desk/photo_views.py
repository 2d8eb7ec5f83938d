"""Photos of a complaint at the desk: seeing one, and adding some."""

from flask import abort, request
from flask.typing import ResponseReturnValue

from app.access import staff
from app.complaint_desk.case_views import after, as_page, carry_out
from app.complaint_desk.desk import HANDLE, SEE, bp, found
from app.complaint_desk.forms import AddPhotosForm
from app.complaints import seeing
from app.complaints.album import Whose
from app.complaints.models import Complaint
from app.complaints.photo_views import given
from app.complaints.photos import MOST
from app.complaints.records import ComplaintPhoto
from app.complaints.visitors import sent_photos
from app.language import _


@bp.get("/<complaint>/photos/<photo>")
@staff(SEE)
def photo(complaint: str, photo: str) -> ResponseReturnValue:
    """A photo of a complaint whose page was looked at."""
    one = found(complaint)
    there = ComplaintPhoto.at_desk(one.id).where(ComplaintPhoto.name == photo)
    return given((there.first() or abort(404)).name, small="small" in request.args)


@bp.post("/<complaint>/photos")
@staff(HANDLE)
def add_photos(complaint: str) -> ResponseReturnValue:
    """Drawn anew like those of applicants; a refused one loses none of the others."""
    one = found(complaint)
    form = AddPhotosForm(one)
    if not form.validate_on_submit():
        return as_page(one, {"photos": form}), 422
    refused = take(one, form)
    if form.added and (problem := carry_out(one, "photos", form)):
        return problem
    if refused:
        form.form_errors += refused
        return as_page(found(complaint), {"photos": form}), 422
    return after(one, "photos")


def take(one: Complaint, form: AddPhotosForm) -> list[str]:
    """Keep what was sent, and say in the form how many there are more; why the others were not."""
    files, whose = sent_photos(), Whose("", one.id, True, form.is_shown)
    if not files:
        return [_("사진을 골라 주십시오.")]
    if len(files) > MOST:
        return [_("한 번에 %(count)s장까지 붙일 수 있습니다.", count=MOST)]
    before = len(whose.known())
    refused = seeing.take(files, whose)
    form.added = len(whose.known()) - before
    return refused
