"""The rules of the style guide that a machine can check, in code and settings."""

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest
from flask import Flask

from app import access, config, language, migration, translations
from app.config import ROOT
from tests.allowed import BUILDS_SQL, PUBLIC

MODULES = sorted((ROOT / "app").rglob("*.py"))
CODE = [*MODULES, ROOT / "wsgi.py", *sorted((ROOT / "migrations").glob("*.py"))]
TESTS = sorted((ROOT / "tests").rglob("*.py"))

KNOWS_HTMX = {"app/web.py", "app/errors.py", "app/sessions.py", "app/delivery.py"}
ASKS_THE_TIME = {"app/clock.py"}
CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "datetime.datetime.now",
    "datetime.date.today",
}
AT_ONCE = {
    "all_inner_texts",
    "get_attribute",
    "inner_html",
    "inner_text",
    "input_value",
    "is_checked",
    "is_enabled",
    "is_hidden",
    "is_visible",
    "text_content",
    "title",
}
SQL = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|WHERE|CREATE TABLE|DROP)\b")


def name(path):
    return path.relative_to(ROOT).as_posix()


@lru_cache(None)
def tree(path):
    return ast.parse(path.read_text("utf-8"), str(path))


def too_long(paths, limit):
    lengths = {name(path): len(path.read_text("utf-8").splitlines()) for path in paths}
    return {path: length for path, length in lengths.items() if length > limit}


def calls(path, wanted):
    """Lines of a module on which one of these dotted names is used."""
    found = (node for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute))
    return [f"{name(path)}:{node.lineno}" for node in found if ast.unparse(node) in wanted]


def asked_at_once(path):
    """Assertions on what a page shows at this very moment, which may be a moment too early."""
    return [
        f"{name(path)}:{claim.lineno}"
        for claim in ast.walk(tree(path))
        if isinstance(claim, ast.Assert)
        for node in ast.walk(claim)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (node.func.attr in AT_ONCE or (node.func.attr == "count" and not node.args))
    ]


def put_together(node):
    """The parts of a text that an expression makes: f-string, +, % or format."""
    if isinstance(node, ast.JoinedStr):
        return [getattr(part, "value", part) for part in node.values]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add):
        return [node.left, node.right]
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".format"):
        return [node.func.value, *node.args, *(keyword.value for keyword in node.keywords)]
    return []


def built_sql(path):
    """Places where an SQL text is put together with something that is not a constant of ours."""
    module = tree(path)
    ours = {
        node.targets[0].id: getattr(node.value, "value", ast.unparse(node.value))
        for node in module.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    found = []
    for node in ast.walk(module):
        words, foreign = "", False
        for part in put_together(node):
            if isinstance(part, str | ast.Constant):
                words += str(getattr(part, "value", part))
            elif isinstance(part, ast.Name) and part.id.isupper():
                words += str(ours.get(part.id, ""))
            else:
                foreign = True
        if foreign and SQL.search(words):
            found.append(f"{name(path)}:{node.lineno}")
    return found


def test_a_view_that_says_nothing_about_access_stops_the_app():
    app = Flask("bare")
    app.view_functions.clear()
    app.add_url_rule("/bare", "bare", lambda: "open to all")

    with pytest.raises(RuntimeError, match="bare does not say who may open it"):
        access.check(app)


def test_the_program_refuses_to_start_with_a_view_without_access_mark(make_app, monkeypatch):
    from app.health import healthz

    monkeypatch.delattr(healthz, "access")

    with pytest.raises(RuntimeError, match=r"health\.healthz does not say who may open it"):
        make_app(BASE_URL="http://made.anew")


def test_the_public_views_are_the_ones_listed_here(app):
    marked = {endpoint: access.of(app, endpoint) for endpoint in app.view_functions}

    assert {endpoint for endpoint, mark in marked.items() if mark == "public"} == PUBLIC
    assert set(marked.values()) <= {"public", "customer", "staff"}


def test_every_route_belongs_to_a_view_with_a_mark(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}

    assert endpoints == set(app.view_functions)


def test_the_readme_names_every_setting():
    readme = (ROOT / "README.md").read_text("utf-8")
    settings = [setting for setting in vars(config) if setting.isupper() and setting != "ROOT"]

    assert [setting for setting in settings if f"`{setting}`" not in readme] == []


def test_modules_stay_under_300_lines():
    assert too_long([*CODE, *TESTS], 300) == {}


def test_every_module_begins_with_a_sentence_about_itself():
    silent = [
        name(path)
        for path in CODE
        if path.read_text().strip() and not ast.get_docstring(tree(path))
    ]

    assert silent == []


def test_only_the_clock_asks_for_the_time():
    modules = [path for path in CODE if name(path) not in ASKS_THE_TIME]

    assert [place for path in modules for place in calls(path, CLOCKS)] == []


def test_no_test_waits_by_the_clock():
    assert [place for path in TESTS for place in calls(path, {"time.sleep"})] == []


def test_what_a_browser_shows_is_waited_for():
    """Playwright's expect() asks again until it is so; a bare assert asks a busy machine once."""
    modules = [path for path in TESTS if path.parent.name == "browser"]

    assert [place for path in modules for place in asked_at_once(path)] == []


def test_only_these_modules_know_the_headers_of_htmx():
    known = {name(path) for path in CODE if re.search("HX[-_]", path.read_text("utf-8"))}

    assert known <= KNOWS_HTMX


def test_sql_is_never_put_together_from_values():
    places = [place for path in CODE for place in built_sql(path)]

    assert [place.split(":")[0] for place in places] == [
        path for path, count in BUILDS_SQL.items() for _ in range(count)
    ]


def test_no_field_is_a_float_or_a_decimal():
    forbidden = {"FloatField", "DoubleField", "DecimalField"}
    names = (
        node for path in MODULES for node in ast.walk(tree(path)) if isinstance(node, ast.Name)
    )

    assert [node.id for node in names if node.id in forbidden] == []


def test_migrations_import_nothing_from_the_app():
    for path in Path(migration.DIRECTORY).glob("*.py"):
        assert not re.search(r"^\s*(from|import) app\b", path.read_text("utf-8"), re.MULTILINE), (
            path
        )


def test_english_says_everything_that_korean_says():
    assert translations.missing("en") == []


def test_the_english_catalogue_holds_nothing_that_is_not_used():
    used = {message.id for message in translations.in_use() if message.id}
    known = {message.id for message in translations.read("en") if message.id}

    assert known - used == set()


def test_the_binary_catalogue_is_the_text_catalogue():
    language.catalogue.cache_clear()
    binary = language.catalogue("en")
    texts = [message for message in translations.read("en") if isinstance(message.id, str)]

    assert [m.id for m in texts if m.id and binary.gettext(m.id) != m.string] == []


def test_a_translation_fills_in_the_same_values():
    gaps = re.compile(r"%\((\w+)\)s")
    texts = [m for m in translations.read("en") if m.id and isinstance(m.id, str)]

    different = [m.id for m in texts if set(gaps.findall(m.id)) != set(gaps.findall(str(m.string)))]
    assert different == []
