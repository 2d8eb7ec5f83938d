"""`flask keys rotate`: what an older data key sealed is sealed with the present one (S-52)."""

from collections.abc import Iterator
from typing import NamedTuple

import click
from flask import Flask
from flask.cli import AppGroup

from app import sealed
from app.db import BaseModel, rows, writing

AT_ONCE = 500

commands = AppGroup("keys", help="Keys of sealed columns.")


class Column(NamedTuple):
    """A column that depends on the data key; `of` is the sealed one whose hash it holds."""

    table: str
    name: str
    keys: list[str]
    of: str


def columns() -> Iterator[Column]:
    """Everything that depends on the data key: what is sealed first, then its hashes."""
    for kinds in ((sealed.SealedColumn, sealed.SealedText), (sealed.LookupColumn,)):
        for model in sorted(BaseModel.__subclasses__(), key=lambda found: found._meta.table_name):
            meta = model._meta
            keys = [field.column_name for field in meta.get_primary_keys()]
            for field in meta.sorted_fields:
                if isinstance(field, kinds):
                    of = getattr(field, "of", "")
                    yield Column(meta.table_name, field.column_name, keys, of)


def rotate(column: Column) -> int:
    """Seal a column anew, some rows in a transaction; how many. It may be interrupted."""
    table, name = column.table, column.name
    names, same = ", ".join(column.keys), " AND ".join(f"{key} = ?" for key in column.keys)
    older = f"{name} <> '' AND {name} NOT LIKE ?"
    old = f"SELECT {name}, {names} FROM {table} WHERE {older} LIMIT ?"  # noqa: S608 names are ours
    change = f"UPDATE {table} SET {name} = ? WHERE {name} = ? AND {same} RETURNING 1"  # noqa: S608
    done = 0
    while True:
        with writing():
            found = rows(old, (f"k{sealed.current()}.%", AT_ONCE))
            for text, *key in found:
                rows(change, (sealed.seal(sealed.opened(text)), text, *key))
        done += len(found)
        if len(found) < AT_ONCE:
            return done


def rehash(column: Column) -> int:
    """Make the hashes of a column anew, some rows in a transaction; how many were other ones."""
    table, name, of = column.table, column.name, column.of
    names, marks = ", ".join(column.keys), ", ".join("?" * len(column.keys))
    same = " AND ".join(f"{key} = ?" for key in column.keys)
    some = f"SELECT {name}, {of}, {names} FROM {table} WHERE {of} <> ''"  # noqa: S608 names are ours
    later = f"{some} AND ({names}) > ({marks})"
    change = f"UPDATE {table} SET {name} = ? WHERE {of} = ? AND {same} RETURNING 1"  # noqa: S608
    done, after = 0, ()
    while True:
        order = f" ORDER BY {names} LIMIT ?"
        with writing():
            found = rows((later if after else some) + order, (*after, AT_ONCE))
            for old, text, *key in found:
                new = sealed.lookup_hash(sealed.opened(text))
                done += 0 if new == old else len(rows(change, (new, text, *key)))
        if len(found) < AT_ONCE:
            return done
        after = tuple(found[-1][2:])


def complaint() -> str | None:
    """Which sealed column could not be read, by a sample of each; None when all is well."""
    for table, column, _, of in columns():
        if of:
            continue
        sample = f"SELECT {column} FROM {table} WHERE {column} <> '' LIMIT 1"  # noqa: S608
        for (text,) in rows(sample):
            if not sealed.has_key_of(text):
                return f"{table}.{column} has no key: look at WATER_DATA_KEY and WATER_DATA_KEY_OLD"
    return None


@commands.command("rotate")
def rotate_command() -> None:
    """Seal everything with WATER_DATA_KEY that a key of WATER_DATA_KEY_OLD sealed, and make the
    hashes by which sealed texts are found anew.

    Afterwards the old key is not needed any more. Exits 1 when something cannot be opened.
    """
    try:
        for column in columns():
            done = rehash(column) if column.of else rotate(column)
            click.echo(f"{column.table}.{column.name}: {done}")
    except sealed.SealBrokenError as error:
        raise click.ClickException(f"{error}: put its key into WATER_DATA_KEY_OLD") from error


def init_app(app: Flask) -> None:
    app.cli.add_command(commands)
