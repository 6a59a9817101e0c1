"""What p2pd tells systemd, and takes from it; stood in for by a socket and systemd's own tool. The
units themselves are for tests/lab/test_package.py."""

import shutil
import socket
import time

import pytest
from content import seed
from processes import eventually


@pytest.fixture
def manager(scratch):
    """Where a daemon's notifications arrive."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(scratch / "notify"))
        ear.settimeout(20)
        yield ear


def next_of(manager):
    """The next notification, as a dict."""
    return dict(line.split("=", 1) for line in manager.recv(4096).decode().splitlines())


def test_it_tells_how_it_does(net, manager):
    peer = net.peer("peer")
    peer.prefix = ["env", f"NOTIFY_SOCKET={manager.getsockname()}", "WATCHDOG_USEC=200000"]
    peer.launch()
    first = next_of(manager)
    assert first["READY"] == "1"
    assert first["STATUS"].startswith("peer: ")
    peer.ready()
    seed("file", 1000, peer)
    eventually(
        lambda: next_of(manager).get("STATUS") == "peer: 1 of 1 trackers, 1 contents",
        "it says what it has",
    )
    for _ in range(3):
        assert next_of(manager) == {"WATCHDOG": "1"}, "the same line is not said again"
    peer.ctl("reload")
    eventually(lambda: "RELOADING" in next_of(manager), "it says that it reloads")
    eventually(lambda: "READY" in next_of(manager), "it says that it has")
    peer.stop()
    assert eventually(lambda: "STOPPING" in next_of(manager), "it says that it stops")


@pytest.mark.alone
@pytest.mark.release_only
def test_it_is_ready_within_50_ms(net, manager):
    """At its best: what else runs here may hold up a start, not speed it up."""
    peer = net.peer("peer")
    peer.prefix = ["env", f"NOTIFY_SOCKET={manager.getsockname()}"]

    def took():
        since = time.monotonic()
        peer.launch()
        assert "READY" in next_of(manager)
        ready = time.monotonic() - since
        peer.stop()
        while "STOPPING" not in next_of(manager):
            pass
        return ready

    assert eventually(lambda: took() < 0.05, "a start within 50 ms")


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
    eventually(elsewhere.exists, "systemd listens")
    with socket.socket(socket.AF_UNIX) as caller:
        caller.connect(str(elsewhere))
        peer.ends(1)
    assert f"systemd listens at {elsewhere} instead" in peer.log_text()
