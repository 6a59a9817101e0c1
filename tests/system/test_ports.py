"""A port that a test has reserved."""

import errno
import socket

import pytest


def test_nobody_else_gets_it_and_its_owner_may_come_and_go(idle_net):
    port = idle_net.port("127.0.0.1", "127.0.0.2")
    for host in ("127.0.0.1", "127.0.0.2", "0.0.0.0"):
        with socket.socket() as other, pytest.raises(OSError) as refused:
            other.bind((host, port))
        assert refused.value.errno == errno.EADDRINUSE
    for _ in range(2):
        with socket.create_server(("127.0.0.1", port)):
            socket.create_connection(("127.0.0.1", port)).close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
