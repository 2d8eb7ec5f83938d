"""One JSON line per request, with an id and no personal data; the same form for other lines."""

import json
import logging
import sys
from collections.abc import Iterable
from contextlib import suppress
from secrets import token_hex
from time import perf_counter
from typing import Any, TextIO

from flask import Flask, has_request_context, request

from app import clock
from app.delivery import Environ, StartResponse, Wsgi
from app.tally import Tally

log = logging.getLogger("arisu")
to_json = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


class JsonLine(logging.Formatter):
    """`json.dumps` escapes line breaks and control characters, so a line stays a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": clock.now().isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if has_request_context():
            line["request"] = request.environ.get("arisu.request", "")
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return to_json(line)


class LogHandler(logging.StreamHandler[TextIO]):
    """Writes lines as long as they can be written: a full disk must not cost an answer."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Nothing for a line that cannot be written; other errors as ever."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)

    def flush(self) -> None:
        with suppress(OSError):
            super().flush()


def write_line(fields: dict[str, Any]) -> None:
    """Write a line where the log goes, without a log record's cost (a fifth of a request)."""
    if log.isEnabledFor(logging.INFO):
        line = to_json(fields) + "\n"
        for handler in log.handlers:
            if isinstance(handler, logging.StreamHandler):
                with suppress(OSError):
                    handler.stream.write(line)
                    handler.stream.flush()


class RequestLog:
    """Gives each request an id (`X-Request-Id` of the answer) and writes its line."""

    def __init__(self, app: Wsgi, tally: Tally) -> None:
        self.app, self.tally = app, tally

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        started = perf_counter()
        number = environ["arisu.request"] = token_hex(8)

        def note(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            seconds = perf_counter() - started
            self.tally.add(int(status[:3]), seconds)
            write_line(
                {
                    "time": clock.now().isoformat(timespec="milliseconds"),
                    "level": "info",
                    "event": "request",
                    "request": number,
                    "method": environ["REQUEST_METHOD"],
                    "route": environ.get("arisu.route", "-"),
                    "status": int(status[:3]),
                    "ms": round(seconds * 1000, 2),
                }
            )
            return start_response(status, [*headers, ("X-Request-Id", number)])

        return self.app(environ, note)


class ProxyWatch:
    """Tells once that a proxy stands in front which the settings do not know."""

    def __init__(self, app: Wsgi) -> None:
        self.app = app
        self.told = False

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not self.told and "HTTP_X_FORWARDED_FOR" in environ:
            self.told = True
            log.error("set WATER_PROXY_COUNT: all visitors behind the proxy share one limit")
        return self.app(environ, start_response)


def init_app(app: Flask) -> None:
    """Send the product's log to standard error as JSON lines."""
    if not log.handlers:
        handler = LogHandler(sys.stderr)
        handler.setFormatter(JsonLine())
        log.addHandler(handler)
        log.propagate = False
    log.setLevel(logging.INFO)
    app.logger.handlers = log.handlers
    app.logger.propagate = False
