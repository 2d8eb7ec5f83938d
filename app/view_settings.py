"""How one visitor wants pages to look: language, text size, contrast. One small cookie holds it."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Self

COOKIE = "view"
YEAR = 365 * 24 * 3600
SIZES = ("100", "115", "130", "150", "200")
FORM = re.compile(rf"(ko|en)\.({'|'.join(SIZES)})\.([nm])\.([0-9a-f]{{8}}|-)")


@dataclass(frozen=True, slots=True)
class ViewSettings:
    """`style` is the stylesheet version that the browser has seen, or `-`."""

    language: str = "ko"
    size: str = "100"
    contrast: str = "n"
    style: str = "-"

    @classmethod
    @lru_cache(512)
    def parse(cls, cookie: str) -> Self:
        """Read the cookie; anything odd gives the plain settings."""
        match = FORM.fullmatch(cookie)
        return cls(*match.groups()) if match else cls()

    def __str__(self) -> str:
        return f"{self.language}.{self.size}.{self.contrast}.{self.style}"

    @property
    def css(self) -> str:
        """Classes of the page's root element."""
        return f"size-{self.size} contrast" if self.contrast == "m" else f"size-{self.size}"

    def changed(self, language: str = "", size: str = "", contrast: str = "") -> Self:
        """The settings after somebody chose; unknown choices are ignored."""
        new = replace(
            self,
            language=language or self.language,
            size=size or self.size,
            contrast=contrast or self.contrast,
        )
        return new if FORM.fullmatch(str(new)) else self
