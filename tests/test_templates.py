"""The rules of the style guide that a machine can check in templates, style and script."""

import re

import pytest
from jinja2 import nodes

from app.config import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SAFE = {
    "frame.html": 1,  # the stylesheet: our own file, allowed by its hash
    "pages/article.html": 1,  # cleaned by nh3 in app/pages/library.py
    "pages/faq.html": 1,  # the same
}
MAKES_MARKUP = {"app/stamps.py"}  # escapes all values in one call
TAG = re.compile(r"<(\w+)((?:[^<>{]|\{\{.*?\}\}|\{%.*?%\})*)>", re.DOTALL)
ATTRIBUTE = re.compile(r'([\w:-]+)="((?:[^"{]|\{\{.*?\}\}|\{%.*?%\})*)"')


def name(path):
    return path.relative_to(ROOT / "templates").as_posix()


def found(pattern, flags=re.IGNORECASE):
    """Templates in which a pattern occurs, once for each time."""
    return [name(path) for path in TEMPLATES for _ in re.findall(pattern, path.read_text(), flags)]


def htmx_tags():
    """(template, tag, attributes) of each tag that carries htmx attributes."""
    for path in TEMPLATES:
        for tag, inside in TAG.findall(path.read_text("utf-8")):
            attributes = dict(ATTRIBUTE.findall(inside))
            if any(key.startswith("hx-") for key in attributes):
                yield name(path), tag, attributes


def syntax(app, path):
    environment = app.extensions["languages"]["ko"]
    return environment, environment.parse(path.read_text("utf-8"))


def test_templates_stay_under_100_lines():
    lengths = {name(path): len(path.read_text("utf-8").splitlines()) for path in TEMPLATES}

    assert {path: length for path, length in lengths.items() if length > 100} == {}


def test_html_is_trusted_only_in_the_places_listed_here():
    places = found(r"\|\s*safe\b") + found(r"\bautoescape\b") + found(r"\bMarkup\b")

    assert places == [path for path, count in SAFE.items() for _ in range(count)]


def test_no_code_outside_templates_makes_markup():
    modules = {p.relative_to(ROOT).as_posix(): p.read_text() for p in (ROOT / "app").rglob("*.py")}

    assert {path for path, text in modules.items() if "Markup(" in text} == MAKES_MARKUP


def test_no_style_or_script_stands_in_a_tag():
    assert found(r"<[^>]*\sstyle\s*=") == []
    assert found(r"<[^>]*\son[a-z]+\s*=") == []
    assert found(r"javascript:") == []


def test_scripts_come_from_files():
    assert found(r"<script(?![^>]*\bsrc=)") == []
    assert found(r"<style") == ["frame.html"]


def test_htmx_needs_no_eval():
    assert found(r"\bhx-on\b") == []
    assert found(r'hx-[\w-]+="\s*(js|javascript):') == []
    assert found(r"hx-vars") == []
    assert [t for t, _, attributes in htmx_tags() if "[" in attributes.get("hx-trigger", "")] == []


def test_links_are_not_boosted():
    assert found(r"hx-boost") == []


def test_htmx_stands_only_on_links_buttons_forms_and_inputs():
    wrong = [(t, tag) for t, tag, _ in htmx_tags() if tag not in ("a", "button", "form", "input")]

    assert wrong == []


def test_every_htmx_request_has_a_plain_twin():
    for template, tag, attributes in htmx_tags():
        twin = attributes.get("href" if tag == "a" else "action")
        if "hx-get" in attributes and tag in ("a", "form"):
            assert attributes["hx-get"] == twin, template
        if "hx-post" in attributes and tag == "form":
            assert attributes["hx-post"] == twin, template
            assert attributes.get("method") == "post", template


def test_every_htmx_request_names_a_block_of_its_page_and_swaps_it_whole(app):
    for template, tag, attributes in htmx_tags():
        if not {"hx-get", "hx-post"} & set(attributes):
            continue
        blocks = app.extensions["languages"]["ko"].get_template(template).blocks
        assert attributes["hx-target"].removeprefix("#") in blocks, (template, tag)
        assert attributes["hx-swap"] == "outerHTML", (template, tag)


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_block_stands_in_no_loop_and_behind_no_condition(app, path):
    _, parsed = syntax(app, path)
    wrapping = [*parsed.find_all(nodes.For), *parsed.find_all(nodes.If)]

    assert [block.name for node in wrapping for block in node.find_all(nodes.Block)] == []


def test_ids_and_blocks_are_written_with_underscores():
    names = re.compile(r'\bid="([^"{]*)"|\{% block (\S+) %\}')
    every = [a or b for p in TEMPLATES for a, b in names.findall(p.read_text("utf-8"))]

    assert [one for one in every if not re.fullmatch(r"[a-z0-9_]*", one)] == []


def test_every_form_that_changes_something_carries_a_token():
    forms = re.compile(r'<form[^>]*method="post".*?</form>', re.DOTALL)
    every = [form for path in TEMPLATES for form in forms.findall(path.read_text("utf-8"))]

    assert [form for form in every if "csrf(site." not in form and "csrf(csrf_" not in form] == []


def test_all_words_on_the_screen_can_be_translated():
    """Korean outside of `_()` would stay Korean on English pages; names and `lang` parts may."""
    code = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
    allowed = {"frame.html"}  # the banner's official words, the link 한국어
    plain = {name(path): code.sub("", path.read_text("utf-8")) for path in TEMPLATES}

    assert {path for path, text in plain.items() if re.search("[가-힣]", text)} <= allowed
