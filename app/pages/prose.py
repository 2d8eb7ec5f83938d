"""What a content file's text must not contain, and what an editor is told about it."""

import re
from collections.abc import Callable, Iterator

from app.frontmatter import Problem, Source

VAGUE = {"여기", "바로가기", "더보기", "클릭", "here", "click here", "more", "read more"}
LONG = 80  # signs of a Korean sentence

Finding = tuple[str, str]
"""what is wrong, how to mend it"""


def check_body(source: Source) -> Iterator[Problem]:
    """Headings, links, pictures, marks that do not render, sentences that are too long."""
    level, fenced = 1, False
    for number, text in enumerate(source.body.split("\n"), source.offset + 1):
        fenced ^= text.startswith("```")
        if fenced:
            continue
        if heading := re.match(r"(#+) ", text):
            depth = len(heading[1])
            if depth == 1 or depth > level + 1:
                yield Problem(
                    number, "제목 단계가 맞지 않습니다", "## 에서 시작해 한 단계씩 내려가세요."
                )
            level = depth
        for rule in RULES:
            for what, mend in rule(text):
                yield Problem(number, what, mend)
        yield from long_sentences(number, text)


def raw_html(text: str) -> Iterator[Finding]:
    if re.search(r"<\s*(script|style|iframe|object|embed|form)\b", text, re.IGNORECASE):
        yield "쓸 수 없는 HTML입니다", "Markdown으로 바꾸세요."


def pictures(text: str) -> Iterator[Finding]:
    for alt, target in re.findall(r"!\[([^]]*)]\(([^) ]*)", text):
        if not alt.strip() or alt.strip() in ("이미지", "그림") or alt in target:
            yield f"그림에 설명이 없습니다: {target}", "그림이 전하는 뜻을 [ ] 안에 쓰세요."


def link_words(text: str) -> Iterator[Finding]:
    for words in re.findall(r"(?<!!)\[([^]]+)]\(", text):
        if words.strip().lower() in VAGUE:
            yield (
                f"링크 말이 뜻을 전하지 않습니다: {words}",
                "어디로 가는지 쓰세요. 예: 고지서 읽는 법",
            )
    if re.search(r"(?<![(<\[])https?://", text):
        yield "주소가 그대로 보입니다", "[무엇인지](주소) 꼴로 쓰세요."


def bold(text: str) -> Iterator[Finding]:
    if broken := re.search(r"\*\*[^*]*\([^)*]*\)\*\*[가-힣]", text):
        yield (
            f"굵은 글씨가 되지 않습니다: {broken[0]}",
            "**굵게**(뜻)입니다 처럼 괄호를 밖으로 빼세요.",
        )


def resident_numbers(text: str) -> Iterator[Finding]:
    if re.search(r"(?<!\d)\d{2}[01]\d[0-3]\d-?[1-4]\d{6}(?!\d)", text):
        yield "주민등록번호 같은 수가 있습니다", "지우세요."


RULES: tuple[Callable[[str], Iterator[Finding]], ...] = (
    raw_html,
    pictures,
    link_words,
    bold,
    resident_numbers,
)


def long_sentences(number: int, text: str) -> Iterator[Problem]:
    """Sentences that take more than one breath; a hint, not an error."""
    if text.startswith(("|", "    ", "#")):
        return
    for sentence in re.split(r"(?<=[.?!])\s", re.sub(r"]\([^)]*\)", "]", text)):
        if len(sentence) > LONG and re.search(r"[가-힣]", sentence):
            what = f"문장이 깁니다({len(sentence)}자): {sentence[:20]}…"
            yield Problem(number, what, "두 문장으로 나누세요.", error=False)
