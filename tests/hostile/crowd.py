"""Many members at once, all of one machine that was broken into: each has the secret, and an id of
its own, as ids are free."""

import contextlib
import struct

import msgpack
from member import Member, dial

ANOTHER_ADDRESS = "127.0.0.66"  # of this machine, and none of its nodes'


def enter(node, secret, identity=None, source=ANOTHER_ADDRESS):
    """Through the handshake and not a word further; None where the node does not let it."""
    try:
        connection = dial(node, source)
        connection.settimeout(10)
        return Member(connection, secret, identity=identity)
    except (EOFError, OSError, struct.error):
        return None


def stands(member):
    """Whether its connection is there; what has come on it is dropped."""
    member.connection.setblocking(False)
    try:
        while member.connection.recv(1 << 16):
            pass
        return False
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        member.connection.settimeout(10)


def standing(members):
    return sum(map(stands, members))


def frame(message):
    payload = msgpack.packb(list(message))
    return struct.pack(">I", len(payload)) + payload


@contextlib.contextmanager
def crowd(node, secret, count, hello=False, source=ANOTHER_ADDRESS):
    members = []
    try:
        for number in range(count):
            member = enter(node, secret, source=source)
            if member is None:
                continue
            members.append(member)
            if hello:
                with contextlib.suppress(EOFError, OSError):
                    member.hello(name=f"member-{number}")
        yield members
    finally:
        for member in members:
            member.close()
