"""Others may fill the control socket and the pages: root, the daemon's user and the next who asks
are served all the same."""

import os
import socket
import subprocess
import sys
import time

import pytest
from processes import PATIENCE, eventually
from strangers import raise_descriptor_limit
from test_access import MEMBER, READER, peer_for_others
from test_metrics import ask, open_files

CONTROLLER = MEMBER | {"user": 42_500}  # another user than the reader

# Connects as often as it may and says nothing; tells how many stand, and waits.
HOLD = """
import resource, select, socket, sys, time
count = int(sys.argv[2])
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
held = []
for _ in range(count):
    one = socket.socket(socket.AF_UNIX)
    one.connect(sys.argv[1])
    held.append(one)
print("connected", flush=True)
for _ in sys.stdin:
    poll = select.poll()
    for one in held:
        poll.register(one, select.POLLIN)
    print(count - len(poll.poll(0)), flush=True)
"""


class Holder:
    def __init__(self, node, count, caller):
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLD, node.socket, str(count)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            **caller,
        )
        assert self.process.stdout.readline() == "connected\n"

    def standing(self):
        print(file=self.process.stdin, flush=True)
        return int(self.process.stdout.readline())

    def close(self):
        self.process.kill()
        self.process.communicate()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can act as other users")
def test_a_reader_who_stays_keeps_nobody_out(net):
    peer = peer_for_others(net, readers="proxy")
    subprocess.run(["prlimit", f"--pid={peer.process.pid}", "--nofile=1024:1024"], check=True)
    peer.ctl("reload")
    before = open_files(peer)
    holder = Holder(peer, 2000, READER)
    try:
        eventually(lambda: holder.standing() < 50, "most of them are let go")
        assert holder.standing() > 0
        peer.ctl("status")
        peer.ctl("status", **CONTROLLER)
        assert "as many as one user may" in peer.refusal("status", code=1, **READER)
        assert open_files(peer) < before + 100
        mates = [Holder(peer, 50, READER | {"user": 42_000 + n}) for n in range(8)]
        peer.ctl("status")
        peer.ctl("status", **CONTROLLER)
        for mate in mates:
            mate.close()
    finally:
        holder.close()
    eventually(lambda: open_files(peer) < before + 10, "they are let go")
    peer.ctl("status", **READER)
    assert peer.log_text().count("as many as one user may") < 5


def with_pages(net):
    port = net.port()
    node = net.peer("peer", http={"listen": f"127.0.0.1:{port}"}).start()
    node.http = ("127.0.0.1", port)
    return node


def trickle(connections):
    """A byte of a request to each that still stands; how many those are."""
    standing = 0
    for one in connections:
        try:
            standing += one.send(b"X")
        except OSError:  # it was let go
            pass
    return standing


def test_slow_callers_delay_no_page(net):
    node = with_pages(net)
    raise_descriptor_limit()
    before = open_files(node)
    slow = [socket.create_connection(node.http, timeout=PATIENCE) for _ in range(300)]
    for one in slow:
        one.sendall(b"GET /healthz HTTP/1.1\r\nX-Slow: ")
    slowest = 0
    for _ in range(10):
        trickle(slow)
        started = time.monotonic()
        assert ask(node, "/healthz").text == "ok\n"
        slowest = max(slowest, time.monotonic() - started)
    assert slowest < 1, f"{slowest:.1f} s"
    assert open_files(node) < before + 40
    for one in slow:
        one.close()
    eventually(lambda: open_files(node) <= before, "they are let go")


def test_a_caller_that_never_ends_is_let_go(net):
    node = with_pages(net)
    slow = socket.create_connection(node.http, timeout=PATIENCE)
    slow.sendall(b"GET /healthz HTTP/1.1\r\nX-Slow: ")
    slow.settimeout(0.3)
    sent = 0

    def ended():
        nonlocal sent
        sent += trickle([slow])
        try:
            return slow.recv(100) == b""
        except TimeoutError:
            return False
        except OSError:
            return True

    eventually(ended, "it is let go")
    assert sent > 10, "its silence was not what ended it"
