"""A member that asks without end, as fast as it can, and reads no answer. In a process of its own,
so that it takes no time from the test."""

import contextlib
import multiprocessing
import socket
import struct

import msgpack
from member import DONE, MOST_PLAINTEXT, Member, dial
from processes import PATIENCE

REGISTER, PUBLISH, UNPUBLISH, LIST, RESOLVE, HAVE_BATCH = 16, 19, 20, 21, 23, 27


def content_id(number):
    return number.to_bytes(32, "big")


def publication(number):
    return [PUBLISH, number, content_id(number), b"flood-%d" % number, 1, 16384, False, True, b""]


FLOODS = {
    "questions": [[LIST, 1, b"*no such name*", b""]] * 1000,
    "announcements": [
        [kind, 1, content_id(9), *rest]
        for kind, rest in ((PUBLISH, publication(9)[3:]), (UNPUBLISH, ()))
    ]
    * 500,
    "large frames": [[HAVE_BATCH, [[content_id(1), list(range(16_384))]] * 3]],
}


@contextlib.contextmanager
def library(net):
    """A member that has told the tracker of many contents; others have to be searched among them."""
    holder = Member(dial(net.tracker), net.secret).hello()
    holder.ask(REGISTER)
    for begin in range(100, 3100, 1000):
        holder.send(*map(publication, range(begin, begin + 1000)))
        holder.read_until(lambda message: message[:2] == [DONE, begin + 999])
    try:
        yield holder
    finally:
        holder.close()


def _flood(address, secret, messages, begun):
    connection = socket.create_connection(address, timeout=PATIENCE)
    member = Member(connection, secret).hello(name="flooder")
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
        assert begun.wait(PATIENCE), "the flood has begun"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.join()
