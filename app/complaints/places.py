"""Where a complaint is, as everybody may know it."""

from app import addresses
from app.complaints.models import Complaint


def area(one: Complaint) -> str:
    """District and dong or road; nothing that somebody typed and that is on no list."""
    known = addresses.districts().get(one.district)
    if known is None:
        return ""
    return f"{one.district} {one.dong}" if one.dong in known.names else one.district
