"""`flask keys rotate`: what an older data key sealed is sealed with the present one (S-52)."""

from collections.abc import Iterator

import click
from flask import Flask
from flask.cli import AppGroup

from app import sealed
from app.db import BaseModel, rows, writing

AT_ONCE = 500

commands = AppGroup("keys", help="Keys of sealed columns.")


def columns() -> Iterator[tuple[str, str, list[str]]]:
    """Table, sealed column and key columns of everything that is sealed."""
    for model in sorted(BaseModel.__subclasses__(), key=lambda found: found._meta.table_name):
        meta = model._meta
        keys = [field.column_name for field in meta.get_primary_keys()]
        for field in meta.sorted_fields:
            if isinstance(field, sealed.SealedColumn | sealed.SealedText):
                yield meta.table_name, field.column_name, keys


def rotate(table: str, column: str, keys: list[str]) -> int:
    """Seal a column anew, some rows in a transaction; how many. It may be interrupted."""
    names, same = ", ".join(keys), " AND ".join(f"{key} = ?" for key in keys)
    older = f"{column} <> '' AND {column} NOT LIKE ?"
    old = f"SELECT {column}, {names} FROM {table} WHERE {older} LIMIT ?"  # noqa: S608 names are ours
    change = f"UPDATE {table} SET {column} = ? WHERE {column} = ? AND {same} RETURNING 1"  # noqa: S608
    done = 0
    while True:
        with writing():
            found = rows(old, (f"k{sealed.current()}.%", AT_ONCE))
            for text, *key in found:
                rows(change, (sealed.seal(sealed.opened(text)), text, *key))
        done += len(found)
        if len(found) < AT_ONCE:
            return done


def complaint() -> str | None:
    """Which sealed column could not be read, by a sample of each; None when all is well."""
    for table, column, _ in columns():
        sample = f"SELECT {column} FROM {table} WHERE {column} <> '' LIMIT 1"  # noqa: S608
        for (text,) in rows(sample):
            if not sealed.has_key_of(text):
                return f"{table}.{column} has no key: look at WATER_DATA_KEY and WATER_DATA_KEY_OLD"
    return None


@commands.command("rotate")
def rotate_command() -> None:
    """Seal everything with WATER_DATA_KEY that a key of WATER_DATA_KEY_OLD sealed.

    Afterwards the old key is not needed any more. Exits 1 when something cannot be opened.
    """
    try:
        for table, column, keys in columns():
            click.echo(f"{table}.{column}: {rotate(table, column, keys)}")
    except sealed.SealBrokenError as error:
        raise click.ClickException(f"{error}: put its key into WATER_DATA_KEY_OLD") from error


def init_app(app: Flask) -> None:
    app.cli.add_command(commands)
