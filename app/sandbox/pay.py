"""A payment gateway for development and tests, which moves no money: `python -m app.sandbox.pay`.

It has the paths and answers of the Toss Payments core API, a window and a bank's counter for people
(`/window`, `/bank`), and switches for tests (`/control/…`). It listens on this machine only.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from threading import Thread
from typing import Any

from werkzeug.exceptions import ClientDisconnected, HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from app.sandbox.pay_api import Api
from app.sandbox.pay_control import Control, answered
from app.sandbox.pay_faults import answer
from app.sandbox.pay_server import Handler, Server
from app.sandbox.pay_store import Clock, Store
from app.sandbox.pay_window import Window

CLIENT_KEY = "test_ck_arisu_sandbox_client_key"
SECRET_KEY = "test_sk_arisu_sandbox_secret_key"  # noqa: S105 of the emulator: it opens nothing
HOSTS = ("127.0.0.1", "::1", "localhost")
KEY = "<key>"
URLS = Map(
    [
        Rule("/v1/payments/confirm", endpoint="confirm", methods=["POST"]),
        Rule(f"/v1/payments/{KEY}", endpoint="lookup", methods=["GET"]),
        Rule("/v1/payments/orders/<order>", endpoint="lookup_order", methods=["GET"]),
        Rule(f"/v1/payments/{KEY}/cancel", endpoint="cancel", methods=["POST"]),
        Rule("/v1/virtual-accounts", endpoint="issue_account", methods=["POST"]),
        Rule("/v1/billing/authorizations/issue", endpoint="issue_billing", methods=["POST"]),
        Rule("/v1/billing/<billing>", endpoint="charge", methods=["POST"]),
        Rule("/v1/billing/<billing>", endpoint="delete_billing", methods=["DELETE"]),
        Rule("/v1/cash-receipts", endpoint="receipt", methods=["POST"]),
        Rule("/v1/cash-receipts", endpoint="receipts", methods=["GET"]),
        Rule(f"/v1/cash-receipts/{KEY}/cancel", endpoint="cancel_receipt", methods=["POST"]),
        Rule("/v1/transactions", endpoint="transactions", methods=["GET"]),
        Rule("/v1/settlements", endpoint="settlements", methods=["GET"]),
        Rule("/window", endpoint="page:payment", methods=["GET", "POST"]),
        Rule("/cards", endpoint="page:card", methods=["GET", "POST"]),
        Rule("/bank", endpoint="page:bank", methods=["GET", "POST"]),
        Rule("/control/<path:name>", endpoint="control", methods=["GET", "POST"]),
    ]
)


class Emulator:
    """The WSGI program. Exceptions of the machine go through: a cut connection is one."""

    def __init__(self, path: str = ":memory:", secret_key: str = SECRET_KEY) -> None:
        refuse_real(secret_key)
        self.store, self.clock = Store(path), Clock()
        self.api = Api(self.store, self.clock, secret_key)
        self.control, self.window = Control(self.api), Window(self.api, CLIENT_KEY)

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        try:
            response = self.respond(request)
        except ClientDisconnected:
            raise ConnectionResetError("the other side has gone") from None
        return response(environ, start_response)

    def respond(self, request: Request) -> Response:
        try:
            found, arguments = URLS.bind_to_environ(request.environ).match()
        except HTTPException as error:
            return answer(error.code or 404, {"code": "NOT_FOUND", "message": request.path})
        name = str(found)
        if name == "control":
            given = json.loads(request.get_data() or b"{}")
            return answer(*answered(self.control, request.method, arguments["name"], given))
        if name.startswith("page:"):
            page: Response = getattr(self.window, name.removeprefix("page:"))(request)
            return page
        return self.api.answer(request, name, dict(arguments))


def refuse_real(secret_key: str) -> None:
    """Raise when somebody would play with a real key."""
    if secret_key.startswith("live_"):
        raise RuntimeError("The emulator takes no live key.")


def served(emulator: Emulator, host: str = "127.0.0.1", port: int = 0) -> Server:
    """A server with a thread for each call; port 0 is any free one."""
    if host not in HOSTS:
        raise RuntimeError("The emulator listens on this machine only.")
    return Server(host, port, emulator, Handler)


def start(emulator: Emulator) -> tuple[str, Server]:
    """Serve in a thread; the address and the server, which ends with `shutdown()`."""
    server = served(emulator)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True, name="gateway").start()
    return f"http://127.0.0.1:{server.server_port}", server


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", choices=HOSTS)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--file", default=":memory:", help="where it keeps its payments")
    parser.add_argument("--webhooks", default="", help="where notices are sent")
    asked = parser.parse_args(arguments)
    emulator = Emulator(asked.file)
    if asked.webhooks:
        emulator.control.set_webhooks({"url": asked.webhooks})
    server = served(emulator, asked.host, asked.port)
    emulator.control.sender.start()
    sys.stdout.write(f"The emulated gateway listens at http://{asked.host}:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
