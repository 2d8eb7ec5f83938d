"""The emulated gateway's server: connections are kept, callers may go, errors are told."""

import http.client
import socket
import struct
from threading import Thread

import pytest

from app.sandbox.pay import Emulator, served

ASK = b"GET /control/sums HTTP/1.1\r\n\r\n"


@pytest.fixture
def server():
    """A server that accepts nobody by itself."""
    with served(Emulator()) as found:
        yield found


@pytest.fixture
def running(server):
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()


def asked(connection):
    connection.request("GET", "/control/sums")
    answer = connection.getresponse()
    answer.read()
    return answer


def test_a_connection_is_kept_for_the_next_call(running):
    connection = http.client.HTTPConnection(*running.server_address)
    asked(connection)
    first = connection.sock.getsockname()

    assert asked(connection).status == 200
    assert connection.sock.getsockname() == first
    connection.close()


def reset(server, sent):
    """A connection over which this came before its caller cut it off."""
    with socket.create_connection(server.server_address) as caller:
        found = server.get_request()
        caller.sendall(sent)
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return found


@pytest.mark.parametrize("sent", [b"GET /v1", ASK, ASK * 3])
def test_a_caller_that_has_gone_is_nothing_to_tell(server, capsys, sent):
    server.process_request_thread(*reset(server, sent))

    assert capsys.readouterr().err == ""


def test_a_real_error_is_told_and_answered(server, capsys):
    with socket.create_connection(server.server_address) as caller:
        caller.sendall(b"POST /control/stray HTTP/1.1\r\nContent-Length: 2\r\n\r\n{]")
        server.process_request_thread(*server.get_request())

        assert caller.recv(12) == b"HTTP/1.1 500"
    assert "JSONDecodeError" in capsys.readouterr().err
