"""`make run`: starts everything that a developer or a visitor needs, and stops it with Ctrl-C."""

import os
import signal
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

SERVER = (
    f"{BIN}/granian --interface wsgi --host {HOST} --port {PORT} --workers 2 --blocking-threads 1 "
    "--no-ws --respawn-failed-workers --log-level warning wsgi:app"
)


def ready(process: subprocess.Popen[bytes]) -> bool:
    """Wait until the server answers; False when it gives up."""
    for _ in range(200):
        if process.poll() is not None:
            return False
        try:
            with urllib.request.urlopen(f"http://{HOST}:{PORT}/healthz", timeout=2):
                return True
        except (URLError, OSError):
            time.sleep(0.1)
    return False


def main() -> int:
    log = Path(os.environ.get("DATA_DIR", ROOT / "var")).absolute() / "server.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        server = subprocess.Popen(SERVER.split(), cwd=ROOT, stdout=output, stderr=output)
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    if not ready(server):
        server.terminate()
        print(f"The server did not start; the last lines of {log}:")
        print(*log.read_text("utf-8").splitlines()[-10:], sep="\n")
        return 1
    print(
        f"\nArisu runs at http://{HOST}:{PORT}/   (Ctrl-C stops it; log: {log})"
    )
    print("\nSign-ins of the demo city:")
    subprocess.run([BIN / "flask", "--app", "wsgi", "demo", "who"], cwd=ROOT, check=False)
    sys.stdout.flush()
    try:
        return server.wait()
    except KeyboardInterrupt:
        server.terminate()
        server.wait(20)
        return 0


if __name__ == "__main__":
    sys.exit(main())
