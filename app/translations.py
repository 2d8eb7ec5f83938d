"""Developers' tool: `python -m app.translations` brings the catalogues up to the texts in use."""

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from app.config import ROOT
from app.language import FIRST, LANGUAGES, LOCALES

METHODS = [("app/**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "later": None}
OPTIONS = {"templates/**.html": {"trimmed": "true", "silent": "false"}}


def texts() -> Iterator[tuple[str | tuple[str, ...], str]]:
    """Every text in code and templates with the file it stands in."""
    for name, _line, message, _comments, _context in extract_from_dir(
        ROOT, METHODS, OPTIONS, KEYWORDS, directory_filter=lambda path: "." not in Path(path).name
    ):
        yield message, name


def in_use() -> Catalog:
    found = Catalog()
    for message, name in texts():
        found.add(message, locations=[(name, 1)])
    return found


def paths(language: str) -> tuple[Path, Path]:
    folder = LOCALES / language / "LC_MESSAGES"
    return folder / "messages.po", folder / "messages.mo"


def read(language: str) -> Catalog:
    with paths(language)[0].open("rb") as file:
        return read_po(file, locale=language)


def missing(language: str) -> list[str]:
    """Texts in use that a language lacks, and texts whose translation is only a guess."""
    catalogue = read(language)
    found = []
    for message in in_use():
        if not message.id:
            continue
        own = catalogue.get(message.id)
        if own is None:
            found.append(str(message.id))
            continue
        done = all(own.string) if isinstance(own.string, tuple | list) else own.string
        if not done or own.fuzzy:
            found.append(str(message.id))
    return found


def main() -> int:
    """Add new texts, drop unused ones, write the binary catalogue; exit 1 when some are missing."""
    lacking = 0
    for language in LANGUAGES:
        if language == FIRST:
            continue
        po, mo = paths(language)
        catalogue = read(language) if po.exists() else Catalog(locale=language)
        catalogue.update(in_use(), no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        with po.open("wb") as file:
            write_po(
                file, catalogue, omit_header=False, no_location=True, sort_output=True, width=100
            )
        with mo.open("wb") as file:
            write_mo(file, catalogue)
        for text in missing(language):
            lacking += 1
            sys.stderr.write(f"{language}: {text}\n")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
