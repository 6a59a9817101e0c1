"""Every message of the page as it should not be, out of its place, and far too often: the sender's link
ends, or it waits, and nobody else notices."""

import contextlib
import secrets
import socket
import struct
import time

import msgpack
import pytest
from bounds import Honest, bounded
from malformed import PAGE, message, mutations
from member import GOODBYE, HELLO, PING, PONG, Member, dial
from seeder import REGISTER

TITLES = sorted(PAGE.messages)
ENDS = {"goodbye"}  # the link, and rightly so
BAD_REQUEST = 0
SOURCE = "127.0.0.66"


@pytest.fixture(scope="module")
def targets(shared_net):
    """A tracker and a peer, and honest work between the peer and another one."""
    honest = Honest(shared_net)
    yield {"tracker": shared_net.tracker, "peer": honest.source}
    honest.goes_on()


def linked(node, secret, registered=True):
    member = Member(dial(node, SOURCE), secret).hello(name="odd")
    if registered and node.config["node"]["role"] == "tracker":
        member.ask(REGISTER)
    return member


def outcome(member, *messages):
    """Of these messages: the goodbye's reason; None where the link goes on. All is in one record, as a
    connection that is closed before all was read takes the goodbye with it."""
    member.connection.settimeout(10)
    nonce = secrets.randbits(64)
    try:
        member.send(*messages, (PING, nonce))
        while (said := member.read())[0] != GOODBYE:
            if said == [PONG, nonce]:
                return None
        return said[1]
    except (EOFError, ConnectionResetError):
        return "closed"


def odd_ones(some):
    for title in TITLES:
        for name, odd in mutations(title):
            if some is None or name in some:
                yield title, name, odd


def each_is_refused(node, secret, some=None):
    wrong = []
    for title, name, odd in odd_ones(some):
        member = linked(node, secret)
        if (how := outcome(member, odd)) != BAD_REQUEST:
            wrong.append((title, name, how))
        member.close()
    assert not wrong


@pytest.mark.parametrize("role", ["tracker", "peer"])
def test_what_is_missing_or_surplus_ends_the_link(shared_net, targets, role):
    with bounded(targets[role]):
        each_is_refused(targets[role], shared_net.secret, {"missing", "surplus", "nothing"})


@pytest.mark.long
@pytest.mark.parametrize("role", ["tracker", "peer"])
def test_each_field_of_each_message_is_looked_at(shared_net, targets, role):
    with bounded(targets[role]):
        each_is_refused(targets[role], shared_net.secret)


@pytest.mark.parametrize("role", ["tracker", "peer"])
def test_nothing_comes_before_hello(shared_net, targets, role):
    with bounded(targets[role]):
        for title in TITLES:
            if title == "hello":
                continue
            member = Member(dial(targets[role], SOURCE), shared_net.secret)
            assert outcome(member, message(title)) == BAD_REQUEST, title
            member.close()


@pytest.mark.parametrize("role", ["tracker", "peer"])
def test_each_message_is_borne_where_it_is_not_expected(shared_net, targets, role):
    with bounded(targets[role]):
        for title in TITLES:
            if title in ("hello", "segment"):  # another instance's, and bytes that do not come
                continue
            member = linked(targets[role], shared_net.secret)
            how = outcome(member, message(title))
            assert how in (None, BAD_REQUEST, *("closed",) * (title in ENDS)), title
            member.close()


FLOOD = 3000


@pytest.mark.long
@pytest.mark.parametrize("role", ["tracker", "peer"])
@pytest.mark.parametrize("title", sorted(set(TITLES) - {"goodbye", "segment"}))
def test_a_flood_of_each_is_held_up(shared_net, targets, role, title):
    with bounded(targets[role]):
        member = linked(targets[role], shared_net.secret)
        member.connection.settimeout(20)
        with contextlib.suppress(OSError):
            for _ in range(5):
                member.send(*[message(title)] * FLOOD)
        member.close()


def test_a_byte_at_a_time_is_a_message_as_well(shared_net, targets):
    node = targets["peer"]
    with bounded(node):
        member = Member(dial(node, SOURCE), shared_net.secret)
        member.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        frame = msgpack.packb([HELLO, 1, 0, 0, "slow", "", "slow/1", 0, [], secrets.randbits(64)])
        plaintext = struct.pack(">I", len(frame)) + frame
        for at in range(0, len(plaintext)):  # each in a record of its own
            sealed = member._seal.encrypt_with_ad(b"", plaintext[at : at + 1])
            for byte in struct.pack(">H", len(sealed)) + sealed:
                member.connection.send(bytes([byte]))
        assert member.read()[0] == HELLO
        assert outcome(member) is None
        member.close()


def test_empty_records_are_no_reason(shared_net, targets):
    node = targets["peer"]
    with bounded(node):
        member = linked(node, shared_net.secret)
        begin = time.monotonic()
        for _ in range(20_000):
            member.send_plaintext(b"")
        assert outcome(member) is None
        member.close()
        assert time.monotonic() - begin < 30
