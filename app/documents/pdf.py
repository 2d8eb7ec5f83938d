"""Makes a PDF of a page: HTML on standard input, PDF on standard output. A program of its own.

`python pdf.py STATIC SECONDS`: it reads files only below STATIC, and ends itself after SECONDS of
work. It imports nothing of `app` and is started for each document, one at a time (printer.py),
because the layout library keeps 70 MiB of memory.
"""

import io
import resource
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote

MEMORY = 1 << 30
BASE = "https://document.invalid/"
SHEET = """
@page { size: A4; margin: 12mm 18mm 14mm; font: 8pt NanumGothic, "Noto Sans CJK KR", sans-serif;
  @bottom-center { content: counter(page) " / " counter(pages) } }
body { font-family: NanumGothic, "Noto Sans CJK KR", sans-serif !important }
:root { font-size: 9pt !important } main { max-width: none !important }
.badge { display: inline-block !important } tfoot { display: table-row-group !important }
"""  # what the library draws otherwise than browsers do; fonts whose parts are small to embed


def own_file(static: Path, url: str) -> Path:
    """The file below STATIC that an address of our page means; anything else is refused."""
    path = (static / unquote(url).removeprefix(f"{BASE}static/")).resolve()
    if not (url.startswith(BASE) and path.is_relative_to(static) and path.is_file()):
        raise ValueError(f"a document uses only our own files, not {url[:100]}")
    return path


def made(html: str, static: Path) -> bytes:
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            path = own_file(static, url)
            kind = "text/css" if path.suffix == ".css" else "image/svg+xml"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    page = HTML(string=html, base_url=BASE, url_fetcher=OwnFiles(allowed_protocols=["data"]))
    target = io.BytesIO()
    page.write_pdf(target, stylesheets=[CSS(string=SHEET)], pdf_variant="pdf/ua-1")
    return target.getvalue()


def main(static: str, seconds: str) -> None:
    html = sys.stdin.buffer.read().decode()
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.stdout.buffer.write(made(html, Path(static).resolve()))


if __name__ == "__main__":
    main(*sys.argv[1:])
