"""Whole won: the only module that parses amounts."""

import re
import unicodedata


class Money(int):
    """An amount in won. The won has no minor unit, so it is an integer and never a float."""

    @classmethod
    def parse(cls, text: str) -> "Money":
        """`23,450원`, `２３４５０` or `23450`; raises ValueError for anything else."""
        plain = unicodedata.normalize("NFKC", text).strip().removesuffix("원").strip()
        if not re.fullmatch(r"-?(\d{1,3}(,\d{3})+|\d{1,15})", plain, re.ASCII):
            raise ValueError("not an amount in won")
        return cls(plain.replace(",", ""))

    def __str__(self) -> str:
        return f"{int(self):,}"
