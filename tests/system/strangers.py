"""Those who have no secret: what they say, and many of them at once."""

import itertools
import os
import resource
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

from member import dial, first_message
from processes import eventually

WRONG = "ab" * 32  # the secret of another network
MOST_OF_A_PEER = 1000  # connections, as the default is

# What is said, and as what it is refused.
SPEECHES = {
    "http": (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "too_long"),
    "noise": (b"\xa7" + os.urandom(100_000), "too_long"),
    "noise of the right length": (b"\0\x30" + os.urandom(48), "stranger"),
    "an empty message": (b"\0\0", "stranger"),
    "another secret": (first_message(WRONG), "stranger"),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(600), "too_long"),
}


def raise_descriptor_limit():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Crowd:
    """Connections that say nothing, from several addresses; closed ones come again."""

    def __init__(self, node, count, addresses):
        self.answers = 0
        host, _, port = node.address.rpartition(":")
        self._to = (host, int(port))
        self._from = itertools.cycle(f"127.0.0.{100 + i}" for i in range(addresses))
        self._sockets = [self._connect() for _ in range(count)]
        self._round = itertools.cycle(range(count))

    def _connect(self):
        client = socket.socket()
        client.bind((next(self._from), 0))
        client.setblocking(False)
        client.connect_ex(self._to)
        return client

    def standing(self):
        """How many the node has not closed."""
        return sum(map(self._stands, self._sockets))

    def renew(self, count):
        """Looks at the next so many, and connects those anew that the node has closed."""
        for index in itertools.islice(self._round, count):
            if not self._stands(self._sockets[index]):
                self._sockets[index].close()
                self._sockets[index] = self._connect()

    def _stands(self, client):
        try:
            self.answers += len(client.recv(1))
        except BlockingIOError:
            return True
        except OSError:
            pass
        return False

    def close(self):
        for client in self._sockets:
            client.close()


class Attack:
    """All at once, for as long as the block lasts: a crowd that stays, byte after byte, and
    strangers who talk. Its pace is bounded: what is under test is the node, and not how a machine
    of two cores is shared between it and its attacker."""

    TURN = 0.05  # seconds; 20 new connections in each, and somebody who talks

    def __init__(self, node, count, addresses=8):
        self._node, self._count, self._addresses = node, count, addresses
        self._enough = threading.Event()
        self._answers = 0

    def __enter__(self):
        self._crowd = Crowd(self._node, self._count, self._addresses)
        eventually(lambda: self._crowd.standing() <= MOST_OF_A_PEER, "all have connected")
        self._speeches = itertools.cycle([data for data, _ in SPEECHES.values()])
        self._run = ThreadPoolExecutor(1).submit(self._go_on)
        return self

    def __exit__(self, *_):
        self._enough.set()
        self._run.result()
        self._crowd.close()
        assert self._crowd.answers + self._answers == 0, "a stranger was answered"

    def _go_on(self):
        slow = [dial(self._node, "127.0.0.99") for _ in range(20)]
        while not self._enough.wait(self.TURN):
            self._crowd.renew(20)
            for client in slow:
                self._drip(client)
            self._talk()
        for client in slow:
            client.close()

    def _drip(self, client):
        try:
            client.send(b"\0")
        except OSError:
            pass  # it was closed, as it should be

    def _talk(self):
        try:
            with dial(self._node, "127.0.0.98") as client:
                client.settimeout(1)
                client.sendall(next(self._speeches))
                self._answers += len(client.recv(1000))
        except OSError:
            pass  # it made way for others
