"""`make run`: the ports that it asks for, and its processes."""

import os
import shlex
import signal
import socket
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path
from threading import Event

import pytest

from deploy import develop
from tests.server import environment, free_port


def listening():
    found = socket.create_server(("127.0.0.1", 0))
    return found, str(found.getsockname()[1])


def test_a_port_that_somebody_listens_on_is_not_free(monkeypatch):
    server, port = listening()
    monkeypatch.setattr(develop, "PORT", port)

    with closing(server):
        assert not develop.port_is_free()


def test_commands_in_another_terminal_are_given_its_addresses_and_folder(tmp_path):
    line = develop.settings_line(tmp_path)

    said = dict(word.split("=", 1) for word in shlex.split(line)[1:])
    assert said["WATER_BASE_URL"] == f"http://{develop.PLACE}"
    assert (said["WATER_SMS_URL"], said["WATER_PAY_URL"]) == (develop.TEXTS, develop.PAY)
    assert said["DATA_DIR"] == str(tmp_path)


def started(*commands):
    return {name: subprocess.Popen(command) for name, command in commands}


def test_the_process_that_ends_first_is_told_and_the_other_one_stopped():
    running = started(("server", ["sleep", "60"]), ("worker", ["true"]))

    ended = develop.first_to_end(running)
    develop.stop(running)

    assert ended == "worker"
    assert running["server"].returncode == -signal.SIGTERM


DISTURBED = """
import signal, subprocess
from deploy import develop
asks = "trap 'kill -TERM $PPID; kill -INT $PPID; exit 7' TERM; echo; while :; do sleep 0.02; done"
child = subprocess.Popen(["sh", "-c", asks], stdout=subprocess.PIPE)
child.stdout.readline()
signal.signal(signal.SIGTERM, develop.interrupt)
develop.stop_undisturbed({"server": child})
print(child.returncode)
"""


def test_more_signals_while_it_stops_change_nothing():
    done = subprocess.run(
        [sys.executable, "-c", DISTURBED], cwd=develop.ROOT, capture_output=True, text=True
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "7\n", "")


def test_the_log_of_what_has_ended_is_shown(tmp_path, capsys):
    (tmp_path / "worker.log").write_text("first line\nlast line\n")

    develop.show_log(tmp_path, "worker")

    said = capsys.readouterr().out
    assert said.startswith("The worker does not run;")
    assert said.endswith("last line\n")


def test_a_port_is_free_as_soon_as_its_server_has_gone(monkeypatch):
    server, port = listening()
    monkeypatch.setattr(develop, "PORT", port)
    visitor = socket.create_connection(("127.0.0.1", int(port)))
    answering, _ = server.accept()

    answering.close()  # the side that closes first waits a minute
    visitor.close()
    server.close()

    assert develop.port_is_free()


def test_the_emulated_gateway_runs_beside_the_server(monkeypatch, tmp_path):
    monkeypatch.delenv("WATER_MODE", raising=False)
    monkeypatch.delenv("WATER_PAY_URL", raising=False)

    found = develop.commands(tmp_path)

    assert list(found) == ["server", "worker", "texts", "gateway"]
    assert f"--port {develop.PAY_PORT} " in found["gateway"]
    assert f"--webhooks http://{develop.PLACE}/hooks/payments" in found["gateway"]
    assert develop.settings()["WATER_PAY_URL"] == develop.PAY


def test_production_and_another_gateway_have_no_emulator(monkeypatch, tmp_path):
    monkeypatch.setenv("WATER_PAY_URL", "http://127.0.0.1:9999")
    assert list(develop.commands(tmp_path)) == ["server", "worker", "texts"]
    assert develop.settings()["WATER_PAY_URL"] == "http://127.0.0.1:9999"

    monkeypatch.delenv("WATER_PAY_URL")
    monkeypatch.setenv("WATER_MODE", "production")
    assert list(develop.commands(tmp_path)) == ["server", "worker", "texts"]


def starting(process):
    """The server's workers as soon as they import the program; they do not serve yet."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    for _ in range(1000):
        found = children.read_text().split()
        maps = [Path(f"/proc/{one}/maps").read_text() for one in found]
        if len(found) == 2 and all("_sqlite3" in one for one in maps):
            return
        Event().wait(0.005)
    raise AssertionError("the server has no workers")


@pytest.mark.slow
def test_a_server_that_is_told_to_stop_while_it_starts_ends(tmp_path):
    command = develop.SERVER.replace(f"--port {develop.PORT}", f"--port {free_port()}")
    process = subprocess.Popen(
        command.split(), cwd=develop.ROOT, env=environment(tmp_path), start_new_session=True
    )
    try:
        starting(process)
        process.terminate()
        assert process.wait(20) == 0
    finally:
        with suppress(ProcessLookupError):  # it has ended
            os.killpg(process.pid, signal.SIGKILL)
