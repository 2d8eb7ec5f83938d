"""Kinds of complaints as data: one file each in `types/`, in the order of their names.

A new kind is a new file: its words in both languages, its few questions, what it needs, its legal
period, and what helps before anybody files.
"""

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from app.complaints.clock import Period, period
from app.language import LANGUAGES, current, later
from app.supply.offices import offices

FOLDER = Path(__file__).with_name("types")
PLACES = ("street", "home", "none")
PHOTOS = ("", "helpful", "needed")
KINDS = ("choice", "text", "number", "date")
GROUPS = {
    "broken": later("고장·누수"),
    "quality": later("수질"),
    "money": later("요금·배상"),
    "talk": later("질문·의견"),
}
FIELDS = {
    "code", "group", "name", "about", "keywords", "period", "place", "public", "account", "outage",
    "photos", "questions", "advice", "office",
}  # fmt: skip
CODE = re.compile(r"[a-z][a-z0-9_]{1,19}")
Words = dict[str, str]


class WrongTypeError(ValueError):
    """What is wrong in a type's file, for whoever writes it."""


def said(words: Words) -> str:
    """The words in the reader's language."""
    return words.get(current(), "")


class Question(NamedTuple):
    """One of the few things that are asked about this kind alone."""

    code: str
    kind: str
    required: bool
    label: Words
    choices: dict[str, Words]

    def answer(self, value: str) -> str:
        """An answer as people read it."""
        return said(self.choices[value]) if value in self.choices else value

    def wrong(self, value: str) -> bool:
        """Whether an answer cannot be; an empty one is judged by `required`."""
        if not value:
            return self.required
        if self.kind == "choice":
            return value not in self.choices
        if self.kind == "number":
            return not (value.isascii() and value.isdigit() and len(value) <= 9)
        if self.kind == "date":
            try:
                date.fromisoformat(value)
            except ValueError:
                return True
        return False


class Type(NamedTuple):
    """A kind of complaint."""

    code: str
    group: str
    name_words: Words
    about_words: Words
    keywords: str
    period: Period
    place: str
    public: bool
    """Whether it may be shown on the public list, once a person has released it."""
    account: bool
    """Whether only a signed-in customer may file it."""
    outage: bool
    """Whether an outage may be the reason: that is looked at before."""
    photos: str
    questions: tuple[Question, ...]
    advice_words: Words
    office: str
    """The office that gets all of them; none is that of the place."""

    @property
    def name(self) -> str:
        return said(self.name_words)

    @property
    def about(self) -> str:
        return said(self.about_words)

    @property
    def advice(self) -> str:
        return said(self.advice_words)


def words(raw: Any, where: str, optional: bool = False) -> Words:
    """Words in every language; raises WrongTypeError."""
    if optional and raw is None:
        return {}
    if not isinstance(raw, dict) or {*raw} != {*LANGUAGES} or not all(map(bool, raw.values())):
        raise WrongTypeError(f"{where}: write it in {' and '.join(LANGUAGES)}")
    return {language: str(text) for language, text in raw.items()}


def one_of(raw: Any, known: Any, where: str) -> str:
    if raw not in known:
        raise WrongTypeError(f"{where}: write one of {', '.join(filter(None, known))}")
    return str(raw)


def questions(raw: Any) -> tuple[Question, ...]:
    found = tuple(question(one) for one in raw)
    if len({one.code for one in found}) < len(found):
        raise WrongTypeError("two questions have one code")
    return found


def question(raw: Any) -> Question:
    if not isinstance(raw, dict) or not CODE.fullmatch(str(raw.get("code"))):
        raise WrongTypeError("a question has a code of small letters, in quotes if YAML wants them")
    where = f"question {raw['code']}"
    choices = {
        str(code): words(label, f"{where}, choice {code}")
        for code, label in (raw.get("choices") or {}).items()
    }
    kind = one_of(raw.get("kind"), KINDS, f"{where}, kind")
    if (kind == "choice") != bool(choices):
        raise WrongTypeError(f"{where}: choices are for the kind choice, and only for it")
    required = bool(raw.get("required"))
    return Question(str(raw["code"]), kind, required, words(raw.get("label"), where), choices)


def parse(text: str) -> Type:
    """A type of its file's text; raises WrongTypeError."""
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise WrongTypeError(f"not YAML: {error}") from error
    if not isinstance(raw, dict) or not CODE.fullmatch(str(raw.get("code"))):
        raise WrongTypeError("a type has a code of small letters, a name, more: copy another file")
    if unknown := {*raw} - FIELDS:
        raise WrongTypeError(f"unknown: {', '.join(sorted(unknown))}")
    try:
        length = period(str(raw.get("period")))
    except ValueError as error:
        raise WrongTypeError(f"period: {error}") from error
    return Type(
        str(raw["code"]),
        one_of(raw.get("group"), GROUPS, "group"),
        words(raw.get("name"), "name"),
        words(raw.get("about"), "about"),
        str(raw.get("keywords", "")),
        length,
        one_of(raw.get("place"), PLACES, "place"),
        bool(raw.get("public")),
        bool(raw.get("account")),
        bool(raw.get("outage")),
        one_of(raw.get("photos", ""), PHOTOS, "photos"),
        questions(raw.get("questions") or ()),
        words(raw.get("advice"), "advice", optional=True),
        one_of(str(raw.get("office", "")), ("", *offices()), "office"),
    )


@cache
def types() -> dict[str, Type]:
    """All kinds by code, in the order of the files; raises WrongTypeError with the file's name."""
    found: dict[str, Type] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        try:
            one = parse(path.read_text("utf-8"))
        except WrongTypeError as error:
            raise WrongTypeError(f"{path.name}: {error}") from error
        if found.setdefault(one.code, one) is not one:
            raise WrongTypeError(f"{path.name}: another file has the code {one.code}")
    return found


def name(code: str) -> str:
    """A kind's name in the reader's language; of one that is no more, its code."""
    found = types().get(code)
    return found.name if found else code


def answered(code: str, answers: dict[str, str]) -> list[tuple[str, str]]:
    """A kind's questions with what was answered, as people read them, in the order of the file."""
    kind = types().get(code)
    known = kind.questions if kind else ()
    return [
        (said(one.label), one.answer(answers[one.code])) for one in known if one.code in answers
    ]


def answers_text(code: str, answers: dict[str, str]) -> str:
    """All answers as one text."""
    return "; ".join(f"{label} {answer}" for label, answer in answered(code, answers))
