"""HTTP to one configured host: no redirects, no repeats, never while a transaction is open."""

import json
import os
from http.client import HTTPException
from typing import Any, NamedTuple

import urllib3
from urllib3.connectionpool import HTTPConnectionPool, connection_from_url

from app.db import depth

CONNECT = 3.0
MOST = 16 * 2**20
"""Bytes of an answer; a longer one is not read to its end."""


class OpenTransactionError(RuntimeError):
    """A call out of the program would keep everybody else from the database (C-3)."""


class Reply(NamedTuple):
    """What came back. `body` is what its JSON says; None when it is no JSON."""

    status: int
    body: Any


class NoReply(NamedTuple):
    """Nothing came back, or not all of it."""

    why: str


def refuse_within_transaction() -> None:
    if depth.writing:
        raise OpenTransactionError("no call leaves the program while a transaction is open")


class Host:
    """The one host that is spoken to, over connections that are kept."""

    def __init__(self, url: str, authorization: str, patience: float) -> None:
        self.url, self.patience = url.rstrip("/"), patience
        self.headers = {"Authorization": authorization, "Accept": "application/json"}
        self.pool: HTTPConnectionPool | None = None
        self.process = 0

    def connections(self) -> HTTPConnectionPool:
        """This process's own: a child does not share its parent's."""
        if self.pool is None or self.process != os.getpid():
            self.pool, self.process = connection_from_url(self.url, maxsize=16), os.getpid()
        return self.pool

    def ask(
        self, method: str, path: str, body: Any, seconds: float, headers: dict[str, str]
    ) -> Reply | NoReply:
        """One request, made once. `seconds` is how long its answer may take."""
        refuse_within_transaction()
        timeout = urllib3.Timeout(connect=CONNECT, read=seconds * self.patience)
        sent = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        kind = {} if sent is None else {"Content-Type": "application/json"}
        try:
            found = self.connections().urlopen(
                method,
                path,
                body=sent,
                headers={**self.headers, **kind, **headers},
                retries=False,
                redirect=False,
                timeout=timeout,
                preload_content=False,
            )
            try:
                data = found.read(MOST + 1)
            finally:
                found.close()  # nothing happens when it was read to its end
        except (urllib3.exceptions.HTTPError, HTTPException, OSError) as error:
            return NoReply(type(error).__name__)
        if len(data) > MOST:
            return NoReply("too long")
        return Reply(found.status, parsed(data))


def parsed(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None
