"""Names, numbers and addresses with parts hidden: enough to know one's own, too little to learn."""

import re
from itertools import takewhile

HIDDEN = "*"
DISTRICTS = ("시", "도", "구", "군")
NUMBER = re.compile(r"\b\d{3}-\d{3}-(\d{3})\b")


def name(text: str) -> str:
    """`김가상` as `김*상`: as the city's own portal hides names.

    At most three signs are shown, and none that makes a sentence or an address: people choose
    their names, and others get mails with them.
    """
    length = len(text)
    if length >= 6:
        kept = text[: min(length - 4, 3)] + HIDDEN * 4
    elif length >= 4:
        kept = text[0] + HIDDEN * 2 + text[3:]
    else:
        kept = text[:1] + HIDDEN * (length - 1) if length < 3 else text[0] + HIDDEN + text[2]
    return "".join(letter(at, sign) for at, sign in enumerate(kept))


def letter(at: int, sign: str) -> str:
    """A letter as it is, but a Latin one only where the name begins."""
    return sign if sign.isalpha() and (at == 0 or not sign.isascii()) else HIDDEN


def number(customer_number: str) -> str:
    """`012345678` as `***-***-678`."""
    shown = digits(customer_number)
    return "-".join((shown[:3], shown[3:6], shown[6:]))


def digits(customer_number: str) -> str:
    """`012345678` as `******678`: for what is printed in groups later."""
    return HIDDEN * 6 + customer_number[6:]


def numbers(text: str) -> str:
    """A sentence with every customer number in it hidden."""
    return NUMBER.sub(r"***-***-\1", text)


def address(text: str) -> str:
    """City and district stay; an address that begins with its street is hidden whole."""
    district = takewhile(lambda word: word.endswith(DISTRICTS), text.split())
    return " ".join([*district, HIDDEN * 6])


def unit(text: str) -> str:
    """An address down to the building; the flat in it is hidden."""
    building, comma, flat = text.partition(",")
    return f"{building}, {HIDDEN * 3}" if comma and flat else building


def email(address: str) -> str:
    """`kim.bogi@example.com` as `ki******@example.com`."""
    name, _, host = address.rpartition("@")
    return f"{name[:2]}{HIDDEN * 6}@{host}"


def account(number: str) -> str:
    """The last four digits of a bank account: `********6789`."""
    return f"{HIDDEN * max(len(number) - 4, 4)}{number[-4:]}"


def phone(number: str) -> str:
    """The last four digits: `***-****-5678`."""
    return f"{HIDDEN * 3}-{HIDDEN * 4}-{number[-4:]}" if number else ""
