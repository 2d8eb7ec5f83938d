"""The load generator: its own process, a few keep-alive connections, every answer checked.

`python -m bench.load` reads one order (JSON) a line and answers each with one line.
"""

import json
import socket
import subprocess
import sys
import time
from typing import Any, Self

import brotli

from app.config import ROOT

CONNECTIONS = 32


class Line:
    """One keep-alive connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    def read(self) -> tuple[int, bytes, bytes]:
        """One answer: status, head and body."""
        found = self.rest
        while (end := found.find(b"\r\n\r\n")) < 0:
            found += self.more()
        head, found = found[:end].lower(), found[end + 4 :]
        status = int(head[9:12])
        at = head.find(b"\r\ncontent-length:")
        size = 0
        if status != 304:
            if at < 0:
                raise RuntimeError("an answer without Content-Length")
            size = int(head[at + 17 :].split(b"\r\n", 1)[0])
        while len(found) < size:
            found += self.more()
        self.rest = found[size:]
        return status, head, found[:size]

    def more(self) -> bytes:
        found = self.socket.recv(1 << 18)
        if not found:
            raise RuntimeError("the server closed the connection")
        return found


def check(order: dict[str, Any], answer: tuple[int, bytes, bytes], thorough: bool) -> None:
    """Raise when an answer is not the wanted one; a packed body is unpacked when `thorough`."""
    status, head, body = answer
    if status != order["status"]:
        raise RuntimeError(f"{order['path']} answered {status}")
    packed = b"content-encoding: br" in head
    if packed != order["packed"] and status == 200:
        raise RuntimeError(f"{order['path']} is {'' if packed else 'not '}packed")
    if packed and thorough and body:
        body = brotli.decompress(body)
    if (thorough or not packed) and order["needle"].encode() not in body:
        raise RuntimeError(f"{order['path']} lacks {order['needle']!r}")


def measure(order: dict[str, Any]) -> dict[str, Any]:
    """Ask for one page for some seconds: how many answers, and the bytes of the last one."""
    request = order["request"].encode()
    lines = [Line(order["port"]) for _ in range(CONNECTIONS)]
    count, last, until = 0, (0, b"", b""), time.perf_counter() + order["seconds"]
    while time.perf_counter() < until or not count:
        for line in lines:
            line.socket.sendall(request)
        for line in lines:
            last = line.read()
            check(order, last, thorough=count < CONNECTIONS)
            count += 1
    for line in lines:
        line.socket.close()
    return {"count": count, "head": len(last[1]) + 4, "body": len(last[2])}


class Generator:
    """The load generator's process, seen from the bench."""

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.load"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        return self

    def __exit__(self, *_: object) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(10)

    def ask(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        print(json.dumps(order), file=self.process.stdin, flush=True)
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer


def main() -> None:
    for line in sys.stdin:
        try:
            answer = measure(json.loads(line))
        except (OSError, RuntimeError) as error:
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
