"""`make run`: the port that it asks for."""

import socket
from contextlib import closing

from deploy import develop


def listening():
    found = socket.create_server(("127.0.0.1", 0))
    return found, str(found.getsockname()[1])


def test_a_port_that_somebody_listens_on_is_not_free(monkeypatch):
    server, port = listening()
    monkeypatch.setattr(develop, "PORT", port)

    with closing(server):
        assert not develop.port_is_free()


def test_a_port_is_free_as_soon_as_its_server_has_gone(monkeypatch):
    server, port = listening()
    monkeypatch.setattr(develop, "PORT", port)
    visitor = socket.create_connection(("127.0.0.1", int(port)))
    answering, _ = server.accept()

    answering.close()  # the side that closes first waits a minute
    visitor.close()
    server.close()

    assert develop.port_is_free()
