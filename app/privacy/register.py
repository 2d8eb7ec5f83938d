"""The register of data items: for every column of every table why it is there and for how long.

`register/*.yaml` holds a block for each table (its head explains the fields). The privacy notice,
what people see of their own data, the closing of accounts and the retention job all follow it, and
a test compares it with the tables.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from peewee import Model

from app.db import BaseModel
from app.language import current
from app.sealed import SealedColumn, SealedText

FOLDER = Path(__file__).with_name("register")
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Words = dict[str, str]


class Basis(StrEnum):
    """Why something may be processed (PIPA 15)."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LAW = "law"
    DUTY = "duty"
    SAFETY = "safety"
    NONE = "none"
    """It is about nobody."""


class AtClose(StrEnum):
    """What becomes of an account's rows when the account is closed."""

    DELETE = "delete"
    MOVE = "move"
    """They go into `kept_records`, sealed, for as long as the law wants them."""
    BLANK = "blank"
    """Only the account's own row: its number stays, and nothing of the person."""
    STAY = "stay"
    """They stay where they are; they are not the account's but the premises', or the law's."""


@dataclass(frozen=True)
class Keep:
    """How long something of a table is kept. Without `since` only the closing ends it."""

    text: Words
    since: str = ""
    """The column with the moment or day from which it counts."""
    years: int = 0
    days: int = 0
    blank: tuple[str, ...] = ()
    """The columns that are emptied; without any, the whole row is deleted."""
    through: str = ""
    """A column that the table's key begins with and the table it names, of very large tables."""
    close: bool = False
    """The account is closed as by its owner."""

    def before(self, now: datetime) -> datetime:
        """What is as old as this is destroyed."""
        return years_before(now, self.years) - timedelta(days=self.days)

    @property
    def said(self) -> str:
        """The period in the language of the request."""
        return filled(self.text, {"years": self.years, "days": self.days})


@dataclass(frozen=True)
class Block:
    """What the register says of one table."""

    table: str
    title: Words
    basis: Basis
    purpose: Words
    keep: tuple[Keep, ...]
    seen_by: tuple[str, ...]
    personal: dict[str, Words] = field(default_factory=dict)
    plain: tuple[str, ...] = ()
    sealed: tuple[str, ...] = ()
    hashed: tuple[str, ...] = ()
    sensitive: bool = False
    staff: bool = False
    """It is about the city's own people, not about residents."""
    person: str = ""
    """The column with the number of the account whose row it is."""
    premises: str = ""
    """The column with the number of the premises whose row it is."""
    since: str = ""
    """The column that says since when a row is there."""
    topic: str = ""
    """Under which topic of 내 정보 모두 보기 people see their own."""
    at_close: AtClose = AtClose.STAY
    blank: tuple[str, ...] = ()
    """The columns of an account that are emptied when it is closed."""
    years: int = 0
    """How long what was moved at the closing is kept."""
    because: Words = field(default_factory=dict)
    """Why something stays after the closing."""

    @property
    def columns(self) -> list[str]:
        return [*self.personal, *self.plain]

    def said(self, texts: Words) -> str:
        """One of the block's texts in the language of the request."""
        return filled(texts, {"years": self.years})


def years_before(moment: datetime, years: int) -> datetime:
    """The same day so many years ago; of 29 February the 28th."""
    try:
        return moment.replace(year=moment.year - years)
    except ValueError:
        return moment.replace(year=moment.year - years, day=28)


def days_before(day: date, keep: Keep) -> date:
    """As `Keep.before`, of a calendar day."""
    return keep.before(datetime(day.year, day.month, day.day)).date()  # noqa: DTZ001 only a day


def filled(texts: Words, values: dict[str, int]) -> str:
    """A text in the language of the request, with `{years}` and so on filled in."""
    return texts.get(current(), "").format(**values)


def read(table: str, found: dict[str, Any]) -> Block:
    """A block of a file; raises ValueError for a word that has no meaning."""
    lists: dict[str, Any] = {name: tuple(found.pop(name, ())) for name in LISTS}
    keep = tuple(
        Keep(**{**one, "blank": tuple(one.get("blank", ()))}) for one in found.pop("keep", ())
    )
    basis = Basis(found.pop("basis"))
    at_close = AtClose(found.pop("at_close", AtClose.STAY))
    try:
        return Block(table, keep=keep, basis=basis, at_close=at_close, **lists, **found)
    except TypeError as error:
        raise ValueError(f"the register's block {table}: {error}") from error


LISTS = ("seen_by", "plain", "sealed", "hashed", "blank")


@cache
def blocks() -> dict[str, Block]:
    """All blocks by table, in the order of files and lines."""
    found: dict[str, Block] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for table, block in yaml.load(path.read_text("utf-8"), Loader).items():  # noqa: S506
            if table in found:
                raise ValueError(f"The register has two blocks {table}; one is in {path.name}.")
            found[table] = read(table, block)
    return found


def of_accounts() -> Iterator[Block]:
    """The blocks of tables whose rows belong to an account."""
    return (block for block in blocks().values() if block.person)


def models() -> dict[str, type[Model]]:
    """Every model by its table."""
    found = {model._meta.table_name: model for model in BaseModel.__subclasses__()}
    return dict(sorted(found.items()))


def primary_key(model: type[Model]) -> list[str]:
    return [one.column_name for one in model._meta.get_primary_keys()]


def sealed_columns(model: type[Model]) -> set[str]:
    fields = model._meta.sorted_fields
    return {f.column_name for f in fields if isinstance(f, SealedColumn | SealedText)}


def account_columns(model: type[Model]) -> set[str]:
    """The columns of a table that hold the number of an account."""
    fields = model._meta.sorted_fields
    to_accounts = {
        f.column_name
        for f in fields
        if getattr(getattr(f, "rel_model", None), "_meta", None)
        and f.rel_model._meta.table_name == "accounts"
    }
    return to_accounts | {f.column_name for f in fields if f.column_name == "account_id"}


def gaps(all_models: dict[str, type[Model]], known: dict[str, Block]) -> list[str]:
    """What the register lacks or has too much, each as a sentence that says what to write where."""
    found = [
        f"app/privacy/register/ has no block for the table {table}. Add to the file of its feature "
        f"(or a new one; app/privacy/register/README says how):\n{template(model)}"
        for table, model in all_models.items()
        if table not in known
    ]
    for table, block in known.items():
        model = all_models.get(table)
        if model is None:
            found.append(f"The register's block {table} has no table any more: delete the block.")
        else:
            found += differences(block, model)
    return found


def differences(block: Block, model: type[Model]) -> Iterable[str]:
    """What a block and its table do not agree about."""
    columns = {one.column_name for one in model._meta.sorted_fields}
    named, where = block.columns, f"the block {block.table} in app/privacy/register/"
    for column in sorted(columns - set(named)):
        yield (
            f"{block.table}.{column} is not in {where}: add it to `personal` with words in both "
            "languages if it says something about a person, else to `plain`."
        )
    for column in sorted({*named, *block.hashed} - columns):
        yield f"{block.table}.{column} is no column any more: take it out of {where}."
    for column in sorted(name for name in set(named) if named.count(name) > 1):
        yield f"{block.table}.{column} stands twice in {where}."
    if set(block.sealed) != sealed_columns(model):
        yield f"`sealed` of {where} must be exactly {sorted(sealed_columns(model))}."
    owners = account_columns(model)
    if owners and block.person not in owners:
        yield f"`person` of {where} must say which column names the account: {sorted(owners)}."
    yield from unknown_columns(block, columns, where)


def unknown_columns(block: Block, columns: set[str], where: str) -> Iterator[str]:
    """Columns that a block uses and its table does not have."""
    used = [block.person, block.premises, block.since]
    for one in block.keep:
        used += [one.since, *one.blank]
    for column in sorted({name for name in used if name} - columns):
        yield f"{block.table} has no column {column}, which {where} uses."


def template(model: type[Model]) -> str:
    """A block to begin with, for a table that has none."""
    names = ", ".join(one.column_name for one in model._meta.sorted_fields)
    owners = sorted(account_columns(model))
    person = f"  person: {owners[0]}\n  at_close: delete\n  topic: account\n" if owners else ""
    sealed = ", ".join(sorted(sealed_columns(model)))
    return (
        f"{model._meta.table_name}:\n"
        "  title: {ko: …, en: …}\n"
        "  basis: contract\n"
        "  purpose: {ko: …, en: …}\n"
        "  seen_by: [self, office]\n"
        f"{person}"
        "  keep:\n"
        "    - {text: {ko: 계정을 없앨 때까지, en: Until the account is closed}}\n"
        "  personal:\n"
        "    …: {ko: …, en: …}\n"
        f"  sealed: [{sealed}]\n"
        f"  plain: [{names}]\n"
    )
