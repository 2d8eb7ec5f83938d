"""Starts the server as `deploy/develop.py` does, on a free port."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from app.config import ROOT
from bench import machine
from deploy import develop


class Running(NamedTuple):
    port: int
    pids: list[int]
    seconds: float
    """From the start of the process to the first answer with status 200."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int, path: str) -> bool:
    """Whether the server gives this page; waits for an answer that has begun."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def command(target: str, port: int) -> list[str]:
    """The shipped command line with another port and another WSGI callable."""
    words = develop.SERVER.split()
    words[words.index("--port") + 1] = str(port)
    return [*words[:-1], target]


def settled(pid: int) -> list[int]:
    """The server's processes, once none of them is still busy with its start."""
    while True:
        pids = machine.tree(pid)
        before = machine.cpu_seconds(pids)
        time.sleep(0.1)
        if machine.cpu_seconds(pids) == before:
            return pids


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End the server and wait for it; a server that does not listen is killed with its workers."""
    pids = machine.tree(process.pid)
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait(15)


@contextmanager
def serving(target: str, folder: Path, path: str = "/", **settings: str) -> Iterator[Running]:
    """A server with its data in `folder`; the log goes there too."""
    port = free_port()
    environment = {**os.environ, "DATA_DIR": str(folder), **settings}
    log = folder / "server.log"
    with log.open("ab") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            command(target, port), cwd=ROOT, env=environment, stdout=output, stderr=output
        )
    try:
        while not answers(port, path):
            if process.poll() is not None or time.perf_counter() - began > 120:
                last = log.read_text("utf-8", "replace").splitlines()[-5:]
                raise RuntimeError("\n".join([f"{target} does not answer:", *last]))
            time.sleep(0.002)
        seconds = time.perf_counter() - began
        yield Running(port, settled(process.pid), seconds)
    finally:
        stop(process)
