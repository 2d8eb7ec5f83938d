"""Statements about a row whose SQL is built once: for the few places that a measurement asked for.

Peewee builds a statement anew each time, which costs more than SQLite takes to carry it out.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from peewee import (
    AutoField,
    BigIntegerField,
    CharField,
    Field,
    ForeignKeyField,
    IntegerField,
    SmallIntegerField,
    TextField,
)

from app.db import BaseModel, rows

M = TypeVar("M", bound=BaseModel)
AS_THEY_COME = (
    AutoField, BigIntegerField, CharField, IntegerField, SmallIntegerField, TextField,
)  # fmt: skip
"""Fields whose values drivers return as they are wanted. Fields made of them may turn theirs."""


class Shape(NamedTuple):
    """A model's table, its first column, all of them by the names of their fields, and how their
    values are turned for the database and back; `read` has only those that have to be turned.
    """

    table: str
    key: str
    columns: dict[str, str]
    written: dict[str, Callable[[Any], Any]]
    read: list[tuple[str, Callable[[Any], Any]]]


@lru_cache(64)
def shape(model: type[BaseModel]) -> Shape:
    meta = model._meta
    fields = meta.sorted_fields
    return Shape(
        meta.table_name,
        fields[0].column_name,
        {field.name: field.column_name for field in fields},
        {field.name: field.db_value for field in fields},
        [(field.name, field.python_value) for field in fields if has_to_turn(field)],
    )


def has_to_turn(field: Field) -> bool:
    """Whether what a driver returns is not yet the field's value."""
    if isinstance(field, ForeignKeyField):
        field = field.rel_field
    return type(field) not in AS_THEY_COME


@lru_cache(64)
def selecting(model: type[BaseModel], where: str) -> str:
    of = shape(model)
    return f"SELECT {', '.join(of.columns.values())} FROM {of.table} WHERE {where}"  # noqa: S608 names are ours


def read(model: type[M], where: str, *values: Any) -> list[M]:
    """The rows of a model for which `where` holds, written with `?` and columns' own names.

    `values` are as the database keeps them.
    """
    of = shape(model)
    found = []
    for row in rows(selecting(model, where), values):
        one = model(__no_default__=True)
        data = one.__data__ = dict(zip(of.columns, row, strict=True))
        for name, turn in of.read:
            data[name] = turn(data[name])
        found.append(one)
    return found


def read_one(model: type[M], where: str, *values: Any) -> M | None:
    found = read(model, where, *values)
    return found[0] if found else None


@lru_cache(64)
def adding(model: type[BaseModel], names: tuple[str, ...]) -> str:
    of = shape(model)
    columns, marks = ", ".join(of.columns[name] for name in names), ", ".join("?" * len(names))
    return f"INSERT INTO {of.table} ({columns}) VALUES ({marks}) RETURNING {of.key}"  # noqa: S608


def add(model: type[BaseModel], **values: Any) -> int:
    """Insert one row, by the names of its fields; what its first column, a whole number, is."""
    written = shape(model).written
    ((key,),) = rows(
        adding(model, tuple(values)), [written[name](value) for name, value in values.items()]
    )
    return int(key)


@lru_cache(64)
def changing(model: type[BaseModel], names: tuple[str, ...], where: str) -> str:
    of = shape(model)
    changes = ", ".join(f"{of.columns[name]} = ?" for name in names)
    return f"UPDATE {of.table} SET {changes} WHERE {where} RETURNING {of.key}"  # noqa: S608


def change(model: type[BaseModel], where: str, *values: Any, **changes: Any) -> bool:
    """Change the rows for which `where` holds; whether there was one."""
    written = shape(model).written
    given = [written[name](value) for name, value in changes.items()]
    return bool(rows(changing(model, tuple(changes), where), [*given, *values]))
