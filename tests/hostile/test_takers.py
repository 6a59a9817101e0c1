"""Members that ask for more than they take: what is on its way to them holds up nobody else."""

import contextlib
import socket
import threading
import time

import pytest
from bounds import Honest, bounded
from content import MIB, seed
from crowd import ANOTHER_ADDRESS
from member import Member, dial
from processes import eventually
from seeder import REQUEST, WANT

MANY = 80  # more than there are slots, five times
CHUNK = 512 * 1024
SIZE = 64 * MIB
SMALL_BUFFER = 16 * 1024  # so that little of it is in the kernel's
PAUSE = 0.1  # seconds


class Takers:
    """Ask for all of a content, and take so many bytes each of what comes in every PAUSE."""

    def __init__(self, node, secret, content, each):
        self.each = each
        self.members = []
        self._ended = threading.Event()
        for number in range(MANY):
            connection = dial(node, ANOTHER_ADDRESS)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
            member = Member(connection, secret).hello(name=f"taker-{number}")
            content_id = bytes.fromhex(content)
            wanted = [(REQUEST, 100 + i, content_id, i) for i in range(SIZE // CHUNK)]
            member.send((WANT, 1, content_id), *wanted)
            self.members.append(member)
        self._thread = threading.Thread(target=self._take)
        self._thread.start()

    def _take(self):
        while not self._ended.wait(PAUSE):
            for member in self.members if self.each else ():
                with contextlib.suppress(OSError):
                    member.connection.recv(self.each, socket.MSG_DONTWAIT)

    def close(self):
        self._ended.set()
        self._thread.join()
        for member in self.members:
            member.close()


def sends_little(node):
    """In a while: less than a chunk a member."""
    sent = [node.json("status")["totals"]["up_bytes"] for _ in range(2) if time.sleep(1) is None]
    return sent[0] > 0 and sent[1] - sent[0] < MANY * CHUNK


@pytest.fixture(params=[0, 1, 5000], ids=["mute", "by bytes", "slow"])
def takers(net, request):
    honest = Honest(net)
    content = seed("bait", SIZE, honest.source, options=("--chunk-size", str(CHUNK)))
    with bounded(honest.source, honest.fetcher, allowance=64 * MIB):
        made = Takers(honest.source, net.secret, content, request.param)
        eventually(lambda: sends_little(honest.source), "the kernel's buffers are full")
        yield honest
        made.close()


def test_takers_hold_up_nobody(takers):
    for _ in range(3):
        takers.goes_on()
