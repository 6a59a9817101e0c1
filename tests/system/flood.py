"""A member that asks without end, as fast as it can, and reads no answer. In a process of its own,
so that it takes no time from the test."""

import multiprocessing
import socket
import struct

import msgpack
from member import MOST_PLAINTEXT, Member

REGISTER = 16


def _flood(address, secret, messages, begun):
    member = Member(socket.create_connection(address, timeout=20), secret).hello(name="flooder")
    member.ask(REGISTER)
    frames = b"".join(struct.pack(">I", len(m)) + m for m in map(msgpack.packb, messages))
    begun.set()
    member.connection.setblocking(False)
    out = b""
    while True:
        try:
            if len(out) < MOST_PLAINTEXT:
                for at in range(0, len(frames), MOST_PLAINTEXT):
                    sealed = member._seal.encrypt_with_ad(b"", frames[at : at + MOST_PLAINTEXT])
                    out += struct.pack(">H", len(sealed)) + sealed
            out = out[member.connection.send(out) :]
        except BlockingIOError:
            pass
        try:
            member.connection.recv(1 << 20)
        except BlockingIOError:
            pass


class Flood:
    """These messages, again and again, to a node."""

    def __init__(self, node, secret, messages):
        context = multiprocessing.get_context("spawn")
        begun = context.Event()
        host, _, port = node.address.rpartition(":")
        self._process = context.Process(
            target=_flood, args=((host, int(port)), secret, messages, begun)
        )
        self._process.start()
        assert begun.wait(20), "the flood has begun"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.join()
