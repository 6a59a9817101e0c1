"""Clients of the control socket that do what they like."""

import random
import socket
import struct
import threading

import msgpack
from processes import PATIENCE

COMMANDS = [("status",), ("files",), ("transfers",), ("--json", "peers"), ("search", "film")]


def connected(node):
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(PATIENCE)
    client.connect(str(node.socket))
    return client


class NeverReads:
    """Asks as much as it may at once, and takes no answer."""

    def __init__(self, node):
        self._client = connected(node)
        payload = msgpack.packb([1, "transfers", {}])
        self._client.sendall((struct.pack(">I", len(payload)) + payload) * 1000)

    def close(self):
        self._client.close()


class SendsRubbish:
    """Comes again each time that it is thrown out."""

    def __init__(self, node):
        self.times = 0
        self._go_on = True
        self._thread = threading.Thread(target=self._run, args=(node,))
        self._thread.start()

    def _run(self, node):
        chance = random.Random(7)
        while self._go_on:
            with connected(node) as client:
                try:
                    client.sendall(chance.randbytes(chance.randrange(1, 100_000)))
                    client.shutdown(socket.SHUT_WR)
                    while client.recv(65536):
                        pass
                except OSError:  # thrown out in mid-sentence
                    pass
            self.times += 1

    def close(self):
        self._go_on = False
        self._thread.join()
