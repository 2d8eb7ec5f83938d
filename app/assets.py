"""Style and script: built once under a name with their hash, so browsers keep them for good."""

import gzip
import hashlib
import importlib.util
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

import brotli
import click
from flask import Flask
from flask.cli import AppGroup

from app.config import ROOT

STATIC = ROOT / "static"
BUILT = STATIC / "build"
HTMX_SHA256 = "71ea67185bfa8c98c39d31717c6fce5d852370fcdfd129db4543774d3145c0de"

commands = AppGroup("assets", help="Style and script files.")


class AssetsError(RuntimeError):
    """A part of the style or the script is missing or not what was locked."""


@dataclass(frozen=True, slots=True)
class Assets:
    """What the page template needs to know."""

    style: str
    """The stylesheet's text, for the first page of a visit."""
    style_version: str
    style_source: str
    """The CSP source expression that allows exactly this inline style."""
    style_url: str
    script_url: str
    passkeys_url: str
    pay_url: str
    desk_url: str
    desk_script_url: str
    push_url: str
    complaints_url: str


def htmx() -> bytes:
    """The htmx file from its package; refuses one that is not the locked version."""
    spec = importlib.util.find_spec("django_htmx")
    if spec is None or not spec.submodule_search_locations:
        raise AssetsError("The package with htmx is not installed: install requirements.lock.")
    folder = Path(spec.submodule_search_locations[0])
    found = (folder / "static/django_htmx/htmx-2.min.js").read_bytes()
    if hashlib.sha256(found).hexdigest() != HTMX_SHA256:
        raise AssetsError("The htmx file is not the one that was checked; see app/assets.py.")
    return found


def lean(file: str) -> bytes:
    """A file of ours without comments and indents; a stylesheet without line breaks, too."""
    lines = (line.strip() for line in (STATIC / file).read_text("utf-8").splitlines())
    between = "" if file.endswith(".css") else "\n"
    return between.join(line for line in lines if not line.startswith("/*")).encode()


def _sources() -> dict[str, bytes]:
    return {
        "site.css": lean("site.css"),
        "pay.js": lean("pay.js"),
        "desk.css": lean("desk.css"),
        "desk.js": lean("desk.js"),
        "site.js": htmx() + b"\n" + lean("site.js"),
        "passkeys.js": lean("passkeys.js"),
        "push.js": lean("push.js"),
        "complaints.js": lean("complaints.js"),
    }


def _name(file: str, content: bytes) -> str:
    """`site.css` as `site.<hash>.css`."""
    stem, _, kind = file.partition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:8]}.{kind}"


def build() -> list[Path]:
    """Write style and script with their compressed twins; the files that belong to this version."""
    BUILT.mkdir(exist_ok=True)
    written = []
    for file, content in _sources().items():
        path = BUILT / _name(file, content)
        if not path.exists():
            kind = path.suffix
            path.with_suffix(f"{kind}.br").write_bytes(brotli.compress(content, quality=11))
            path.with_suffix(f"{kind}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
            path.write_bytes(content)
        written.append(path)
    return written


def load() -> Assets:
    """Names and texts for this version's files."""
    sources = _sources()
    style = sources["site.css"].decode()
    names = {file: _name(file, content) for file, content in sources.items()}
    digest = b64encode(hashlib.sha256(sources["site.css"]).digest()).decode()
    return Assets(
        style=style,
        style_version=names["site.css"].split(".")[1],
        style_source=f"'sha256-{digest}'",
        style_url=f"/static/build/{names['site.css']}",
        script_url=f"/static/build/{names['site.js']}",
        passkeys_url=f"/static/build/{names['passkeys.js']}",
        pay_url=f"/static/build/{names['pay.js']}",
        desk_url=f"/static/build/{names['desk.css']}",
        desk_script_url=f"/static/build/{names['desk.js']}",
        push_url=f"/static/build/{names['push.js']}",
        complaints_url=f"/static/build/{names['complaints.js']}",
    )


@commands.command("build")
def build_command() -> None:
    """Build style and script into static/build."""
    for path in build():
        click.echo(
            f"{path.relative_to(ROOT)}  {path.with_name(path.name + '.br').stat().st_size} B"
        )


def init_app(app: Flask) -> None:
    app.cli.add_command(commands)
    app.extensions["assets"] = load()
