"""The carbon that goes into tap water: one figure with its source, from carbon.yaml."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

FILE = Path(__file__).with_name("carbon.yaml")


class Factor(NamedTuple):
    """Grams of carbon dioxide for a cubic metre; not verified means: shown as a sample."""

    grams_per_m3: int
    verified: bool
    source: str
    source_en: str


@cache
def factor() -> Factor:
    found = yaml.safe_load(FILE.read_text("utf-8"))
    if type(found["grams_per_m3"]) is not int or found["confidence"] not in ("verified", "sample"):
        raise ValueError(f"{FILE.name}: whole grams, and verified or sample")
    verified = found["confidence"] == "verified"
    return Factor(found["grams_per_m3"], verified, found["source"], found["source_en"])


def kilograms(usage_m3: int) -> int:
    """Carbon dioxide of an amount of water, to the nearest kilogram."""
    return (usage_m3 * factor().grams_per_m3 + 500) // 1000
