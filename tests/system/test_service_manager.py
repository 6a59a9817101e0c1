"""What p2pd tells systemd, and takes from it; stood in for by a socket and systemd's own tool. The
units themselves are for tests/lab/test_package.py."""

import queue
import shutil
import socket
import threading

import pytest
from content import seed
from processes import PATIENCE, eventually


class Manager:
    """Takes a daemon's notifications as they come: only ten of them wait for one that does not."""

    def __init__(self, path):
        self.path = str(path)
        self._told = queue.SimpleQueue()
        self._ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._ear.bind(self.path)
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self):
        while told := self._ear.recv(4096):
            self._told.put(dict(line.split("=", 1) for line in told.decode().splitlines()))

    def next(self):
        """The next notification, as a dict."""
        return self._told.get(timeout=PATIENCE)

    def close(self):
        self._ear.shutdown(socket.SHUT_RD)
        self._thread.join()
        self._ear.close()


@pytest.fixture
def manager(scratch):
    made = Manager(scratch / "notify")
    yield made
    made.close()


def test_it_tells_how_it_does(net, manager):
    peer = net.peer("peer")
    peer.prefix = ["env", f"NOTIFY_SOCKET={manager.path}", "WATCHDOG_USEC=200000"]
    peer.launch()
    first = manager.next()
    assert first["READY"] == "1"
    assert first["STATUS"].startswith("peer: ")
    peer.ready()
    seed("file", 1000, peer)
    eventually(
        lambda: manager.next().get("STATUS") == "peer: 1 of 1 trackers, 1 contents",
        "it says what it has",
    )
    for _ in range(3):
        assert manager.next() == {"WATCHDOG": "1"}, "the same line is not said again"
    peer.ctl("reload")
    eventually(lambda: "RELOADING" in manager.next(), "it says that it reloads")
    eventually(lambda: "READY" in manager.next(), "it says that it has")
    peer.stop()
    assert eventually(lambda: "STOPPING" in manager.next(), "it says that it stops")


def test_it_is_started_by_its_control_socket(net):
    if not shutil.which("systemd-socket-activate"):
        pytest.skip("systemd-socket-activate is not there")
    peer = net.peer("peer")
    peer.prefix = ["systemd-socket-activate", "--listen", str(peer.socket)]
    peer.launch()
    eventually(peer.socket.exists, "systemd listens")
    assert "peer peer" not in peer.log_text(), "nobody has called yet"
    assert peer.ready().json("status")["role"] == "peer"
    peer.stop()
    assert peer.socket.exists(), "its file is systemd's"


def test_a_control_socket_elsewhere_is_refused(net):
    if not shutil.which("systemd-socket-activate"):
        pytest.skip("systemd-socket-activate is not there")
    peer = net.peer("peer")
    elsewhere = peer.home / "elsewhere"
    peer.prefix = ["systemd-socket-activate", "--listen", str(elsewhere)]
    peer.launch()
    eventually(lambda: "Listening on" in peer.log_text(), "systemd listens")
    with socket.socket(socket.AF_UNIX) as caller:
        caller.connect(str(elsewhere))
        peer.ends(1)
    assert f"systemd listens at {elsewhere} instead" in peer.log_text()
