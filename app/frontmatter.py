"""A content file taken apart: the fields on top with their lines, and the text below them."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import yaml

NAME = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)\.(ko|en)\.md")
RECORD_NAME = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)\.(md)")
"""Of a record: one file for all languages."""
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where it is there


class Problem(NamedTuple):
    """What is wrong in a file, where, and how to mend it. Only errors keep a page from the site."""

    line: int
    what: str
    mend: str
    error: bool = True


class Source(NamedTuple):
    """A content file taken apart. `lines` gives the line of each field; `offset` of the body."""

    kind: str
    slug: str
    language: str
    head: str
    meta: dict[str, Any]
    lines: Mapping[str, int]
    body: str
    offset: int


class Broken(Exception):
    """A file that cannot even be taken apart."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.what)
        self.problem = problem


def take_apart(kind: str, name: str, raw: bytes, names: re.Pattern[str] = NAME) -> Source:
    """Split a file into its fields and its text; raises Broken with the first thing wrong."""
    match = names.fullmatch(name)
    if not match:
        raise Broken(
            Problem(1, f"파일 이름을 읽을 수 없습니다: {name}", "save-water.ko.md 처럼 쓰세요.")
        )
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Broken(
            Problem(line, "UTF-8이 아닌 글자가 있습니다", "편집기에서 UTF-8로 저장하세요.")
        ) from error
    if not text.startswith("---\n") or "\n---\n" not in text[3:]:
        raise Broken(
            Problem(1, "머리말이 없습니다", "첫 줄과 머리말 끝에 --- 만 있는 줄을 두세요.")
        )
    head, body = (
        text[4:].split("\n---\n", 1) if not text[4:].startswith("---\n") else ("", text[8:])
    )
    try:
        meta, lines = read_head(head)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 2
        raise Broken(
            Problem(
                line,
                "머리말을 읽을 수 없습니다",
                "「이름: 값」 꼴로 쓰고, 값에 : 이 있으면 따옴표로 묶으세요.",
            )
        ) from error
    return Source(kind, match[1], match[2], head, meta, lines, body, head.count("\n") + 3)


def read_head(head: str) -> tuple[dict[str, Any], dict[str, int]]:
    """The fields and the line of each; raises YAMLError for anything but a list of fields."""
    if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(head, Loader)):
        raise yaml.YAMLError("aliases can grow without end")
    loader = Loader(head)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise yaml.YAMLError("not a mapping")
        meta = loader.construct_document(node)
    except ValueError as error:  # a date like 2026-13-40
        raise yaml.YAMLError(str(error)) from error
    finally:
        loader.dispose()
    return meta, {key.value: key.start_mark.line + 2 for key, _ in node.value}
