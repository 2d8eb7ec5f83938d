"""The real server with a demo city, for tests in a browser and for pictures."""

import os
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from urllib.error import URLError
from urllib.request import urlopen

from app.config import ROOT
from deploy import develop

PREMISES = "60"
LAUNCH = {
    "executable_path": shutil.which("chromium"),
    "args": [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ],
}
RESIDENT = ("resident@demo.invalid", "demo resident passphrase")


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def environment(folder):
    """A developer's settings, with cheap passwords and everything in one folder."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("WATER_")}
    ours.pop("DATABASE_URL", None)
    return {
        **ours,
        "DATA_DIR": str(folder),
        "WATER_PASSWORD_MEMORY_KIB": "64",
        "WATER_PASSWORD_ROUNDS": "1",
    }


def flask(folder, *arguments):
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    subprocess.run(
        command, cwd=ROOT, env=environment(folder), check=True, stdout=subprocess.DEVNULL
    )


def wait_until_ready(process, address):
    """Ask for the health until it is good; raises when the server ends instead."""
    for _ in range(400):
        try:
            with urlopen(f"{address}/healthz", timeout=2):
                return
        except (URLError, OSError):
            try:
                process.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
            break
    raise RuntimeError("The server did not start.")


@contextmanager
def running():
    """The address of a server with its own demo city."""
    folder = Path(mkdtemp(prefix="city-"))
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    try:
        flask(folder, "assets", "build")
        flask(folder, "db", "migrate")
        flask(folder, "demo", "load", "--premises", PREMISES)
        command = develop.SERVER.replace(f"--port {develop.PORT}", f"--port {port}").split()
        texts, pay = str(free_port()), str(free_port())
        ours = {**environment(folder), "WATER_BASE_URL": address, "TEXTS_PORT": texts}
        ours["WATER_SMS_URL"] = f"http://127.0.0.1:{texts}"
        ours["WATER_PAY_URL"] = f"http://127.0.0.1:{pay}"
        hooks = f"{address}/hooks/payments"
        gateway = f"{sys.executable} -m app.sandbox.pay --port {pay} --webhooks {hooks}"
        with (folder / "server.log").open("wb") as log:
            processes = [
                subprocess.Popen(one, cwd=ROOT, env=ours, stdout=log, stderr=log)
                for one in (
                    command,
                    develop.WORKER.split(),
                    develop.EMULATOR.split(),
                    gateway.split(),
                )
            ]
        try:
            wait_until_ready(processes[0], address)
            yield address
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(20)
    finally:
        shutil.rmtree(folder)
