"""The real server in the middle of payments: torn requests, a killed worker, the order to stop."""

import logging
import os
import signal
import socket
import subprocess
import threading
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlencode

import pytest
import urllib3

from app.clock import SEOUL
from app.config import ROOT
from app.db import database
from deploy import develop
from tests import postgres
from tests.conftest import CLUSTER, SETTINGS
from tests.payments import programs
from tests.payments.world import World, emulating
from tests.server import free_port, wait_until_ready

pytestmark = pytest.mark.slow
HEAD = b"POST /hooks/payments HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
HTTP = urllib3.PoolManager(retries=False, maxsize=8, timeout=30)
SLOW = 3
"""Fewer than the threads of one worker, which may get them all; a proxy keeps such lines away."""


@pytest.fixture
def world(request, app, db, tmp_path):
    """A world of its own beside the tests' database."""
    before, level = database.obj, logging.getLogger("arisu").level
    url = f"sqlite:///{tmp_path / 'world.db'}"
    if request.config.getoption("--database") == "postgres":
        url = postgres.new_database(os.environ[CLUSTER], f"server_{token_hex(4)}")
    with emulating() as emulator:
        yield World(url, tmp_path, emulator)
    database.close()
    database.initialize(before)
    logging.getLogger("arisu").setLevel(level)


@contextmanager
def serving(world):
    """The server with two workers on this world, its address and its process."""
    port = free_port()
    command = develop.SERVER.replace(f"--port {develop.PORT}", f"--port {port}").split()
    ours = {f"WATER_{name}": str(value) for name, value in SETTINGS.items()}
    ours |= {"DATABASE_URL": world.url, "DATA_DIR": str(world.folder)}
    ours |= {"WATER_PAY_URL": world.emulator.url, "WATER_BASE_URL": f"http://127.0.0.1:{port}"}
    with (world.folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **ours},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        wait_until_ready(process, f"http://127.0.0.1:{port}")
        yield port, process
    finally:
        with suppress(ProcessLookupError):  # it ended by itself
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def begun(world):
    """A payment whose customer has just said yes: where the window sends the browser."""
    bill = world.bill()
    order = world.run(programs.open_attempt, bill, world.account(), "card")
    with world.looking():
        attempt = programs.newest(bill[0])
    assert attempt.order_id == order
    values = {"orderId": order, "amount": int(attempt.amount)}
    return bill, urlencode({**values, "paymentKey": world.emulator.authenticate(attempt)})


def come_back(port, query, answers):
    """A browser that waits for its answer, in a thread."""

    def ask():
        try:
            url = f"http://127.0.0.1:{port}/payments/success?{query}"
            answers.append(HTTP.request("GET", url, redirect=False, timeout=30).status)
        except urllib3.exceptions.HTTPError as error:
            answers.append(type(error).__name__)

    thread = threading.Thread(target=ask)
    thread.start()
    return thread


def charged(world, wanted):
    """Wait until the gateway has charged so often; it answers late on purpose."""
    for _ in range(200):
        if sum(one["charges"] for one in world.emulator.money().values()) >= wanted:
            return
        threading.Event().wait(0.02)
    raise AssertionError("the gateway was not asked")


def state(world, bill):
    with world.looking():
        return str(programs.newest(bill[0]).state)


def workers(process):
    text = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [int(word) for word in text.split()]


def torn(port):
    """A notice of which only the beginning comes before the line is cut."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(HEAD + b"x" * 10)


def test_torn_notices_and_killed_workers_cost_nobody_else_anything(world):
    """F-40, F-41."""
    with serving(world) as (port, process):
        for _ in range(20):
            torn(port)
        with ExitStack() as slow:
            for _ in range(SLOW):
                line = slow.enter_context(socket.create_connection(("127.0.0.1", port)))
                line.sendall(HEAD)
            assert HTTP.request("GET", f"http://127.0.0.1:{port}/login").status == 200
        assert world.rows("SELECT count(*) FROM gateway_events") == [(0,)]

        bill, query = begun(world)
        world.emulator.post("faults", fault="delay_after", call="confirm", seconds=3)
        browser = come_back(port, query, answers := [])
        charged(world, 1)
        for worker in workers(process):
            os.kill(worker, signal.SIGKILL)
        browser.join(30)
        assert answers == ["ProtocolError"]
        wait_until_ready(process, f"http://127.0.0.1:{port}")
        assert HTTP.request("GET", f"http://127.0.0.1:{port}/login").status == 200

        other, query = begun(world)
        come_back(port, query, others := []).join(30)
        assert (others, state(world, other)) == ([303], "paid")
    assert state(world, bill) == "confirming"
    world.at(datetime.now(SEOUL) + timedelta(minutes=2))
    world.sweep()

    assert state(world, bill) == "paid"
    assert world.differences() == []


def test_a_server_that_is_told_to_stop_finishes_the_payment_in_hand(world):
    """F-42."""
    with serving(world) as (port, process):
        bill, query = begun(world)
        world.emulator.post("faults", fault="delay_after", call="confirm", seconds=1)
        browser = come_back(port, query, answers := [])
        charged(world, 1)

        process.terminate()
        browser.join(30)

        assert (answers, process.wait(30)) == ([303], 0)
    assert state(world, bill) == "paid"
    assert world.differences() == []
