"""The emulated gateway's server: a thread for each connection, and connections that are kept.

Werkzeug's own closes a connection after each answer, and before that waits for more: it cost each
call as much as the call itself.
"""

import sys
from io import BytesIO
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler


class Handler(WSGIRequestHandler):
    """Writes no line for each request, and an answer at once."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def run_wsgi(self) -> None:
        """Read a request to its end, and answer it; what is raised ends the connection."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        environ = {**self.make_environ(), "wsgi.input": BytesIO(body)}
        try:
            answer = b"".join(self.server.app(environ, self.begin))
        except ConnectionError:
            raise
        except Exception:
            self.send_error(500)
            raise
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
        self.wfile.flush()

    def begin(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            if name.lower() != "content-length":
                self.send_header(name, value)
        return self.wfile.write

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Nothing."""


class Server(ThreadedWSGIServer):
    """Tells of every error but one: that a caller has gone, which some do on purpose here."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)
