"""`make run`: starts everything that a developer or a visitor needs, and stops it with Ctrl-C."""

import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
HOST = os.environ.get("HOST", "127.0.0.1")
PORT = os.environ.get("PORT", "8000")
PLACE = f"{f'[{HOST}]' if ':' in HOST else HOST}:{PORT}"
NEXT = int(PORT) + 1 if PORT.isdecimal() else 0
TEXTS_PORT = os.environ.get("TEXTS_PORT") or str(NEXT)
TEXTS = f"http://127.0.0.1:{TEXTS_PORT}"
"""The emulator of text messages and push; the program calls it on this machine."""
PAY_PORT = os.environ.get("PAY_PORT") or str(NEXT + 1)
PAY = f"http://127.0.0.1:{PAY_PORT}"
"""The emulator of the payment gateway, with its window and its bank's counter."""

SERVER = (
    f"{BIN}/granian --interface wsgi --host {HOST} --port {PORT} --workers 2 --blocking-threads 4 "
    "--blocking-threads-idle-timeout 600 --no-ws --respawn-failed-workers "
    "--workers-kill-timeout 75s --log-level warning wsgi:app"
)
WORKER = f"{BIN}/flask --app wsgi worker"
EMULATOR = f"{sys.executable} -m app.sandbox.texts"
OWN = {"WATER_BASE_URL": f"http://{PLACE}", "WATER_SMS_URL": TEXTS, "WATER_PAY_URL": PAY}
"""Where the parts find each other."""
Running = dict[str, subprocess.Popen[bytes]]


def ready(process: subprocess.Popen[bytes]) -> bool:
    """Wait until the server answers; False when it gives up."""
    for _ in range(200):
        if process.poll() is not None:
            return False
        try:
            with urllib.request.urlopen(f"http://{PLACE}/healthz", timeout=2):
                return True
        except (URLError, OSError):
            time.sleep(0.1)
    return False


def port_is_free(host: str = "", port: str = "") -> bool:
    """Whether nobody listens there yet; two servers would share the port without a word."""
    host, port = host or HOST, port or PORT
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # free since a moment is free
        try:
            probe.bind((host, int(port)))
        except OSError:
            return False
    return True


def settings() -> dict[str, str]:
    """Those of the processes; what is set already stays."""
    return {**OWN, "TEXTS_PORT": TEXTS_PORT, **os.environ}


def commands(folder: Path) -> dict[str, str]:
    """Every process by name. The gateway keeps its payments in a file: the database knows them.
    Production and who has set another gateway have no emulator of it.
    """
    found = {"server": SERVER, "worker": WORKER, "texts": EMULATOR}
    if settings()["WATER_PAY_URL"] == PAY and os.environ.get("WATER_MODE") != "production":
        kept = shlex.quote(str(folder / "gateway.sqlite3"))
        found["gateway"] = (
            f"{sys.executable} -m app.sandbox.pay --port {PAY_PORT} "
            f"--webhooks http://{PLACE}/hooks/payments --file {kept}"
        )
    return found


def settings_line(folder: Path) -> str:
    """What to copy into another terminal, so that commands there speak of the same places."""
    values = {**OWN, "DATA_DIR": str(folder)}
    values |= {name: os.environ[name] for name in (*OWN, "DATABASE_URL") if os.environ.get(name)}
    return "export " + " ".join(f"{name}={shlex.quote(value)}" for name, value in values.items())


def start(folder: Path) -> Running:
    """The web server, the worker and the emulators, each in a group of its own, so that Ctrl-C
    reaches them once, from here; their logs are `server.log`, `worker.log` and so on.
    """
    folder.mkdir(parents=True, exist_ok=True)
    running: Running = {}
    for name, command in commands(folder).items():
        with (folder / f"{name}.log").open("ab") as output:
            running[name] = subprocess.Popen(
                shlex.split(command),
                cwd=ROOT,
                env=settings(),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
    return running


def first_to_end(running: Running) -> str:
    """Wait until one of the processes ends; its name."""
    while True:
        for name, process in running.items():
            if process.poll() is not None:
                return name
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)


def stop(running: Running) -> None:
    """End the processes and their workers; those that do not listen are killed."""
    for process in running.values():
        process.terminate()
    for process in running.values():
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def stop_undisturbed(running: Running) -> None:
    """As `stop`, whatever signals still come: all of them must end."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    stop(running)


def show_log(folder: Path, name: str) -> None:
    log = folder / f"{name}.log"
    print(f"The {name} does not run; the last lines of {log}:")
    print(*log.read_text("utf-8").splitlines()[-10:], sep="\n")


def interrupt(number: int, frame: object) -> None:
    """As Ctrl-C, also where that is ignored: behind nohup or &."""
    raise KeyboardInterrupt


def main() -> int:
    if not PORT.isdecimal() or not 0 < int(PORT) < 65536:
        print(f"PORT is {PORT!r}; it must be a number from 1 to 65535.")
        return 1
    if not port_is_free():
        print(f"Port {PORT} of {HOST} is in use or not ours; try PORT={int(PORT) + 1} make run")
        return 1
    for name, port in {"TEXTS_PORT": TEXTS_PORT, "PAY_PORT": PAY_PORT}.items():
        if not 0 < int(port) < 65536 or not port_is_free("127.0.0.1", port):
            print(f"Port {port} is in use; try {name}={int(port) + 7} make run")
            return 1
    folder = Path(os.environ.get("DATA_DIR", ROOT / "var")).absolute()
    running = start(folder)
    signal.signal(signal.SIGTERM, interrupt)
    try:
        if not ready(running["server"]):
            show_log(folder, "server")
            return 1
        print(f"\nArisu runs at http://{PLACE}/ (Ctrl-C stops it; logs: {folder}/*.log)")
        print(f"The mails that it sends are at http://{PLACE}/mailbox/")
        print(f"The text messages that it sends are at {TEXTS}/")
        print(f"Payments go to an emulated gateway; deposits are made at its bank: {PAY}/bank")
        print("\nFor flask commands in another terminal, so that links and texts are right:")
        print(settings_line(folder))
        print("\nSign-ins of the demo city:")
        subprocess.run([BIN / "flask", "--app", "wsgi", "demo", "who"], cwd=ROOT, check=False)
        sys.stdout.flush()
        show_log(folder, first_to_end(running))
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        stop_undisturbed(running)


if __name__ == "__main__":
    sys.exit(main())
