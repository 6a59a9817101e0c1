"""Who does not know the secret gets not one byte."""

import struct
import time

import pytest
from member import closed_in_silence, dial, first_message
from processes import eventually
from strangers import SPEECHES


def refused(node):
    return node.json("status")["refused"]


@pytest.fixture(scope="module")
def peer(shared_net):
    return shared_net.peers("peer")[0]


@pytest.fixture(params=["tracker", "peer"])
def target(request, shared_net, peer):
    return shared_net.tracker if request.param == "tracker" else peer


def say(node, data):
    """Says it on a connection of its own, and hears that nothing comes but the end."""
    with dial(node) as client:
        client.sendall(data)
        assert closed_in_silence(client)


def moves(node, cause, act):
    before = refused(node)
    act()
    after = eventually(
        lambda: (now := refused(node))[cause] > before[cause] and now, f"{cause} is counted"
    )
    others = {key for key in after if after[key] != before[key]} - {cause}
    assert not others, f"only {cause} is counted"


@pytest.mark.parametrize("what", SPEECHES)
def test_a_stranger_is_told_nothing(target, what):
    data, cause = SPEECHES[what]
    moves(target, cause, lambda: say(target, data))


def test_another_version_is_told_nothing(shared_net, target):
    message = first_message(shared_net.secret, prologue=b"p2pd/2")
    moves(target, "stranger", lambda: say(target, message))


def test_a_first_message_that_goes_on_is_told_nothing(shared_net, target):
    message = first_message(shared_net.secret)
    longer = struct.pack(">H", len(message) - 2 + 1) + message[2:] + b"\0"
    moves(target, "stranger", lambda: say(target, longer))


def test_a_repeated_first_message_is_told_nothing(shared_net, target):
    message = first_message(shared_net.secret)
    with dial(target) as member:
        member.sendall(message)
        assert len(member.recv(1000)) == 2 + 96, "the first time it is a member's"
        moves(target, "replay", lambda: say(target, message))
    moves(target, "replay", lambda: say(target, message))


def trickle(node, message):
    """Says it, one byte a second, and returns what came and how long that took."""
    begin = time.monotonic()
    with dial(node) as client:
        client.settimeout(1)
        for byte in message:
            try:
                client.sendall(bytes([byte]))
                return client.recv(1), time.monotonic() - begin
            except TimeoutError:
                continue  # a second has passed, and it listens still
            except ConnectionError:
                return b"", time.monotonic() - begin
    raise AssertionError("it has waited for all of it")


def test_a_handshake_of_one_byte_a_second_is_cut_off(shared_net, target):
    before = refused(target)["late"]
    said, seconds = trickle(target, first_message(shared_net.secret))
    assert said == b"" and 4 < seconds < 30
    assert refused(target)["late"] == before + 1
