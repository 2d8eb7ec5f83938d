"""Telephone numbers of Korea: how they are stored (`+821012345678`) and shown (`010-1234-5678`)."""

import re
import unicodedata

REGION = "KR"
MOBILE = re.compile(r"\+8210\d{8}")


def stored(typed: str) -> str:
    """A mobile, landline or internet number however it is written; nothing for any other."""
    import phonenumbers  # takes 50 ms to load: only for who signs up

    kinds = phonenumbers.PhoneNumberType
    taken = (kinds.MOBILE, kinds.FIXED_LINE, kinds.FIXED_LINE_OR_MOBILE, kinds.VOIP)
    text = unicodedata.normalize("NFKC", typed)
    if not set(text) <= set("0123456789+-–—.() "):
        return ""
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        return ""
    ours = phonenumbers.is_valid_number_for_region(number, REGION)
    if not ours or phonenumbers.number_type(number) not in taken:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown_or(number: str) -> str:
    """As people write it; what was stored otherwise, as it is."""
    return shown(number) if number.startswith("+") else number


def shown(number: str) -> str:
    """As people in the country write it."""
    if not number:
        return ""
    import phonenumbers

    found = phonenumbers.parse(number, REGION)
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.NATIONAL)


def is_mobile(number: str) -> bool:
    """Whether a stored number can get text messages; none are sent abroad."""
    return MOBILE.fullmatch(number) is not None


def dialled(number: str) -> str:
    """A stored number as it is dialled within the country: digits only."""
    return re.sub(r"^\+82", "0", number)
