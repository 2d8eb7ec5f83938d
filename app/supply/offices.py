"""The eight regional offices and the districts that each serves."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from app.language import current


class Office(NamedTuple):
    code: str
    name: str
    name_en: str
    districts: tuple[str, ...]
    phone: str

    @property
    def shown(self) -> str:
        """`중부` or `Jungbu`."""
        return self.name_en if current() == "en" else self.name


@cache
def offices() -> dict[str, Office]:
    """All offices by code, in the order of the file."""
    found = yaml.safe_load(Path(__file__).with_name("offices.yaml").read_text("utf-8"))
    return {
        code: Office(code, row["name"], row["name_en"], tuple(row["districts"]), row["phone"])
        for code, row in found.items()
    }
