"""What a member does too much of, or wrong, is held up or ended, and counted; no other member
notices."""

import os

import pytest
from content import MIB, same_bytes, seed
from flood import FLOODS, RESOLVE, Flood, library
from member import FAILED, GOODBYE, PING, PONG, Member, dial
from processes import PATIENCE, eventually

REQUEST, BUSY = 70, 3
A_SECOND, MOST_WAITING = 100_000, 1024  # messages and requests, as the page has it


def refused(node, cause):
    return node.json("status")["refused"][cause]


@pytest.fixture(scope="module")
def pair(shared_net):
    one, two = shared_net.peers("one", "two")
    seed("proof", MIB, one)
    return one, two


@pytest.fixture
def member(shared_net, pair):
    """Dialled to the first peer, and ready."""
    made = Member(dial(pair[0]), shared_net.secret).hello()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def others_go_on(pair, request):
    yield
    one, two = pair
    copy = two.home / request.node.name
    two.fetch("proof", "-o", copy)
    assert same_bytes(one.share / "proof", copy)


def test_a_record_that_is_forged_ends_the_link(pair, member):
    before = refused(pair[0], "record")
    member.connection.sendall(b"\0\x40" + os.urandom(64))
    assert member.closed_within(PATIENCE)
    assert refused(pair[0], "record") == before + 1


def test_a_message_that_is_none_ends_the_link(pair, member):
    before = refused(pair[0], "message")
    member.send((200, "what is this?"))
    assert member.read_until(lambda message: message[0] == GOODBYE)[1] == 0
    assert member.closed_within(PATIENCE)
    assert refused(pair[0], "message") == before + 1


def test_too_many_messages_are_held_up(pair, member):
    before, count = refused(pair[0], "rate"), A_SECOND + 1000
    for begin in range(0, count, 4000):
        member.send(*((PING, nonce) for nonce in range(begin, min(begin + 4000, count))))
        while member.read_until(lambda m: m[0] == PONG)[1] < begin:
            pass
    member.read_until(lambda message: message == [PONG, count - 1])
    assert refused(pair[0], "rate") in (before, before + 1), "once, if all came in a second"


def test_too_many_requests_are_refused(shared_net, pair, member):
    content = bytes.fromhex(pair[0].file("proof")["id"])
    before = refused(pair[0], "requests")
    # It reads nothing, so that what is served cannot leave.
    member.send(*((REQUEST, number, content, 0) for number in range(MOST_WAITING + 500)))
    eventually(lambda: refused(pair[0], "requests") > before, "some are refused")
    answer = member.read_until(lambda message: message[0] == FAILED)
    assert answer[2] == BUSY


@pytest.fixture(scope="module")
def listed(shared_net, pair):
    with library(shared_net) as member:
        yield member


@pytest.mark.parametrize("kind", FLOODS)
def test_a_tracker_has_time_for_the_others(shared_net, listed, kind):
    tracker = shared_net.tracker
    before = refused(tracker, "rate")
    with Flood(tracker, shared_net.secret, FLOODS[kind]):
        eventually(lambda: refused(tracker, "rate") > before, "it is held up")
        for _ in range(20):
            listed.ask(RESOLVE, b"flood-2000")
