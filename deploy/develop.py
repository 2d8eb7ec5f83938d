"""`make run`: starts everything that a developer or a visitor needs, and stops it with Ctrl-C."""

import os
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
GATEWAY_PORT = str(int(PORT) + 1) if PORT.isdecimal() else ""
GATEWAY = f"http://127.0.0.1:{GATEWAY_PORT}"
PLACE = f"{f'[{HOST}]' if ':' in HOST else HOST}:{PORT}"

SERVER = (
    f"{BIN}/granian --interface wsgi --host {HOST} --port {PORT} --workers 2 --blocking-threads 4 "
    "--blocking-threads-idle-timeout 600 --no-ws --respawn-failed-workers --log-level warning "
    "wsgi:app"
)
WORKER = f"{BIN}/flask --app wsgi worker"
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


def own_gateway() -> bool:
    """Whether the emulated payment gateway is wanted: not in production, nor beside another one."""
    production = os.environ.get("WATER_MODE") == "production"
    return not production and not os.environ.get("WATER_PAY_URL")


def commands(folder: Path) -> dict[str, str]:
    """What runs, by name."""
    found = {"server": SERVER, "worker": WORKER}
    if own_gateway():
        notices = f"http://{PLACE}/hooks/payments"
        kept = f"--file {folder / 'gateway.db'} --webhooks {notices}"
        found["gateway"] = f"{sys.executable} -m app.sandbox.pay --port {GATEWAY_PORT} {kept}"
    return found


def settings() -> dict[str, str]:
    """What the server and the worker are told; what is set already comes first."""
    gateway = {"WATER_PAY_URL": GATEWAY} if own_gateway() else {}
    return {"WATER_BASE_URL": f"http://{PLACE}", **os.environ, **gateway}


def port_is_free(host: str = HOST, port: str = "") -> bool:
    """Whether nobody listens there yet; two servers would share the port without a word."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # free since a moment is free
        try:
            probe.bind((host, int(port or PORT)))
        except OSError:
            return False
    return True


def start(folder: Path) -> Running:
    """Each program in a group of its own, so that Ctrl-C reaches it once, from here; its log is
    `server.log` and so on.
    """
    folder.mkdir(parents=True, exist_ok=True)
    running: Running = {}
    for name, command in commands(folder).items():
        with (folder / f"{name}.log").open("ab") as output:
            running[name] = subprocess.Popen(
                command.split(),
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
        print(f"Port {PORT} of {HOST} is in use or not ours; try PORT={int(PORT) + 2} make run")
        return 1
    if own_gateway() and not port_is_free("127.0.0.1", GATEWAY_PORT):
        print(f"Port {GATEWAY_PORT} is in use: the emulated gateway needs it. Try another PORT.")
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
        if own_gateway():
            print(f"Payments go to an emulated gateway; its bank's counter is at {GATEWAY}/bank")
        print("\nSign-ins of the demo city:")
        subprocess.run([BIN / "flask", "--app", "wsgi", "demo", "who"], cwd=ROOT, check=False)
        sys.stdout.flush()
        show_log(folder, first_to_end(running))
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        stop(running)


if __name__ == "__main__":
    sys.exit(main())
