"""A link is a link once it said hello, an id has one, and a network no more than its part."""

import secrets
import struct

import pytest
from bounds import bounded, memory, open_files, status
from content import MIB
from crowd import crowd, enter, stands, standing
from member import GOODBYE, HELLO, PEER, Member, dial, new_identity
from processes import PATIENCE, eventually

FEW = 50  # connections
HEAD = struct.pack(">I", 1 << 20)  # of the largest frame that there is
REGISTER, REGISTERED = 16, 17


def registers(net, source="127.0.0.1"):
    member = Member(dial(net.tracker, source), net.secret).hello()
    assert member.ask(REGISTER)[0] == REGISTERED
    return member


@pytest.fixture
def few(net):
    """A tracker with few connections."""
    net.tracker.stop()
    net.tracker.configure(limits={"connections": FEW})
    net.tracker.start()
    return net


def test_who_says_no_hello_keeps_nobody_out(few):
    with bounded(few.tracker), crowd(few.tracker, few.secret, 2 * FEW) as members:
        registers(few).close()
        eventually(lambda: standing(members) == 0, "their time is over", within=15)


def test_links_of_one_machine_keep_no_other_out(few):
    with bounded(few.tracker), crowd(few.tracker, few.secret, FEW + 10, hello=True) as members:
        assert standing(members) >= FEW - 5
        for _ in range(3):
            registers(few).close()


def test_links_of_one_machine_keep_no_other_from_a_peer(net):
    one = net.peer("one", limits={"connections": FEW}).start()
    with bounded(one), crowd(one, net.secret, FEW + 10, hello=True):
        Member(dial(one, "127.0.0.1"), net.secret).hello().close()
        assert one.connected()


def test_one_id_has_one_link_before_hello_as_well(net):
    identity = new_identity()
    with bounded(net.tracker):
        members = [enter(net.tracker, net.secret, identity) for _ in range(20)]
        eventually(lambda: standing(members) <= 1, "all but one are closed", within=4)
        for member in members:
            member.close()


def test_a_frame_before_hello_is_small(net):
    with bounded(net.tracker):
        member = enter(net.tracker, net.secret)
        member.send_plaintext(HEAD + bytes(1000))
        assert member.read_until(lambda message: message[0] == GOODBYE)[1] == 0
        member.close()


def test_the_largest_hello_is_heard(net):
    member = enter(net.tracker, net.secret)
    addresses = ["a" * 265 + ":7440"[:5] for _ in range(16)]
    member.send(
        (HELLO, 1, 2**64 - 1, PEER, "n" * 255, "s" * 64, "a" * 32, 1, addresses, secrets.randbits(64))
    )
    assert member.read()[0] == HELLO
    assert member.ask(REGISTER)[0] == REGISTERED
    member.close()


def test_frames_that_do_not_end_share_a_bound(net):
    """Each holds all of the largest frame but its last byte."""
    part = HEAD + bytes((1 << 20) - 1)
    before = memory(net.tracker)
    with bounded(net.tracker), crowd(net.tracker, net.secret, 150, hello=True) as members:
        for member in members:
            try:
                for at in range(0, len(part), 65_000):
                    member.send_plaintext(part[at : at + 65_000])
            except OSError:
                pass  # it made way
        registers(net).close()
        if not net.tracker.build.sanitized:
            assert memory(net.tracker) - before < 150 * MIB
        assert standing(members) < 100
