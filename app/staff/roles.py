"""Roles as data: what each may do (roles.yaml)."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from app.language import current


class Role(NamedTuple):
    """A role; `may` are the permissions that it gives."""

    code: str
    name_ko: str
    name_en: str
    may: frozenset[str]

    @property
    def name(self) -> str:
        return self.name_en if current() == "en" else self.name_ko


@cache
def roles() -> dict[str, Role]:
    """All roles by code, in the order of the file."""
    found = yaml.safe_load(Path(__file__).with_name("roles.yaml").read_text("utf-8"))
    return {
        code: Role(code, row["name"], row["name_en"], frozenset(row["may"]))
        for code, row in found.items()
    }


@cache
def permissions() -> frozenset[str]:
    """Every permission that some role gives."""
    return frozenset().union(*(role.may for role in roles().values()))


@cache
def giving(permission: str) -> frozenset[str]:
    """The codes of the roles that give a permission."""
    return frozenset(code for code, role in roles().items() if permission in role.may)
