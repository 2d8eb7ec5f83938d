"""Finding a customer by number, telephone, e-mail, address or name, within some offices.

Each way is one search in an index; of a common name the first fifty are shown, and the sentence
says that there are more.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from app import phones
from app.db import is_postgres, rows
from app.sealed import lookup_hash
from app.supply.offices import offices

MOST = 50
CITY = "서울특별시"
LAST = "\U0010ffff"
STREET = re.compile(r"[가-힣0-9·.]+(?:로|길|동|가)\b")

STREET_ALONE = re.compile(r"[가-힣0-9·.]+(?:로|길|동|가|구)$")


class How(StrEnum):
    """By what was searched."""

    NUMBER = "number"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    NAME = "name"


class Hit(NamedTuple):
    """A premises that fits; name and address are whole."""

    number: str
    office: str
    address: str
    name: str
    id: int


class AccountHit(NamedTuple):
    """An account that fits."""

    reference: str
    name: str
    email: str
    id: int


class Found(NamedTuple):
    how: How
    premises: list[Hit]
    accounts: list[AccountHit]
    more: bool


def kind_of(query: str) -> How:
    """What a query most likely is."""
    digits = re.sub(r"[\s\-.()]", "", query)
    if re.fullmatch(r"\d{9}", digits):
        return How.NUMBER
    if re.fullmatch(r"\+?\d{9,13}", digits):
        return How.PHONE
    if "@" in query:
        return How.EMAIL
    if STREET.search(query) and (re.search(r"\d", query) or " " in query):
        return How.ADDRESS
    return How.NAME


def lacks_house_number(query: str) -> bool:
    """Whether a query ends like a street or a district: by that alone nobody is found."""
    return STREET_ALONE.search(tidy(query)) is not None


def tidy(query: str) -> str:
    """As people mean it: one kind of signs and single blanks."""
    return " ".join(unicodedata.normalize("NFKC", query).split())


BY_PREMISES = """
SELECT p.number, p.office, p.road_address, COALESCE(o.name, ''), p.id FROM premises p
LEFT JOIN occupancies o ON o.premises_id = p.id AND o.role = 'user' AND o.ended_on IS NULL
WHERE p.office IN (?, ?, ?, ?, ?, ?, ?, ?)
"""
BY_NUMBER = BY_PREMISES + "AND p.number = ?"
BY_ROAD = BY_PREMISES + "AND p.road_address >= ? AND p.road_address < ? LIMIT ?"
BY_LOT = BY_PREMISES + "AND p.lot_address >= ? AND p.lot_address < ? LIMIT ?"
BY_OCCUPANCY = """
SELECT p.number, p.office, p.road_address, o.name, p.id FROM occupancies o
JOIN premises p ON p.id = o.premises_id WHERE p.office IN (?, ?, ?, ?, ?, ?, ?, ?)
"""
BY_NAME = BY_OCCUPANCY + "AND o.ended_on IS NULL AND o.name >= ? AND o.name < ? LIMIT ?"
BY_EMAIL = BY_OCCUPANCY + "AND o.email = ? AND o.email <> '' LIMIT ?"
BY_PHONE = BY_OCCUPANCY + "AND o.phone_hash = ? AND o.phone_hash <> '' LIMIT ?"
BY_ACCOUNT = """
SELECT a.reference, a.name, a.email, a.id FROM accounts a WHERE (
    NOT EXISTS (SELECT 1 FROM homes h WHERE h.account_id = a.id) OR EXISTS (
        SELECT 1 FROM homes h JOIN premises p ON p.id = h.premises_id
        WHERE h.account_id = a.id AND p.office IN (?, ?, ?, ?, ?, ?, ?, ?)))
"""
ACCOUNT_BY_EMAIL = BY_ACCOUNT + "AND a.email = ? LIMIT ?"
ACCOUNT_BY_PHONE = BY_ACCOUNT + "AND a.phone_hash = ? AND a.phone_hash <> '' LIMIT ?"
ACCOUNT_BY_NAME = BY_ACCOUNT + "AND a.name >= ? AND a.name < ? LIMIT ?"
RANGES = re.compile(r"((?:p|o|a)\.(?:name|road_address|lot_address)) (>=|<) \?")


def in_order(sql: str) -> str:
    """PostgreSQL compares texts as its cluster's language does, unless it is told otherwise."""
    if not is_postgres():
        return sql
    return RANGES.sub(r'\1 COLLATE "C" \2 ?', sql)


def padded(scope: tuple[str, ...]) -> tuple[str, ...]:
    """As many offices as the statements have marks; those of nobody fit nothing."""
    return (*scope, *("-",) * (len(offices()) - len(scope)))


def span(text: str) -> tuple[str, str]:
    """The bounds of all texts that begin with this one."""
    return text, text + LAST


def beginnings(query: str, scope: tuple[str, ...]) -> list[str]:
    """How an address in these offices can begin that somebody wrote in short."""
    rest = query.removeprefix(CITY).removeprefix("서울시").removeprefix("서울").strip()
    districts = [name for code in scope for name in offices()[code].districts]
    named = [name for name in districts if rest.startswith(name)]
    rest = rest.removeprefix(named[0]).strip() if named else rest
    return [f"{CITY} {name} {rest}" for name in named or districts]


def premises(sql: str, scope: tuple[str, ...], *values: object) -> list[Hit]:
    return [Hit(*row) for row in rows(in_order(sql), (*padded(scope), *values))]


def accounts(sql: str, scope: tuple[str, ...], *values: object) -> list[AccountHit]:
    return [AccountHit(*row) for row in rows(in_order(sql), (*padded(scope), *values))]


def by_address(query: str, scope: tuple[str, ...]) -> list[Hit]:
    found: list[Hit] = []
    for beginning in beginnings(query, scope):
        for sql in (BY_ROAD, BY_LOT):
            if len(found) <= MOST:
                found += premises(sql, scope, *span(beginning), MOST + 1 - len(found))
    return found


def search(query: str, scope: tuple[str, ...]) -> Found:
    """What fits in these offices; nothing of others is looked at."""
    query, limit = tidy(query), MOST + 1
    how = kind_of(query)
    hits: list[Hit] = []
    people: list[AccountHit] = []
    if how is How.NUMBER:
        hits = premises(BY_NUMBER, scope, re.sub(r"\D", "", query))
    elif how is How.PHONE:
        hashed = lookup_hash(phones.stored(query) or query)
        hits = premises(BY_PHONE, scope, hashed, limit)
        people = accounts(ACCOUNT_BY_PHONE, scope, hashed, limit)
    elif how is How.EMAIL:
        hits = premises(BY_EMAIL, scope, query.lower(), limit)
        people = accounts(ACCOUNT_BY_EMAIL, scope, query.lower(), limit)
    elif how is How.ADDRESS:
        hits = by_address(query, scope)
    else:
        hits = premises(BY_NAME, scope, *span(query), limit)
        people = accounts(ACCOUNT_BY_NAME, scope, *span(query), limit)
    more = max(len(hits), len(people)) > MOST
    return Found(how, unique(hits)[:MOST], sorted(people)[:MOST], more)


def unique(hits: Iterable[Hit]) -> list[Hit]:
    return sorted(dict.fromkeys(hits), key=lambda hit: (hit.address, hit.number))
