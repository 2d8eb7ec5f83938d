"""Where a complaint is, as everybody may know it."""

from app import addresses
from app.complaints.models import Complaint
from app.language import current


def area(one: Complaint, language: str = "") -> str:
    """District and dong or road; nothing that somebody typed and that is on no list."""
    known = addresses.districts().get(one.district)
    if known is None:
        return ""
    name = known.name_en if (language or current()) == "en" else known.name
    return f"{name} {one.dong}" if one.dong in known.names else name
