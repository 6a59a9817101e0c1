"""What a member does too much of, or wrong, is held up or ended, and counted; no other member
notices."""

import os
import statistics
import time

import pytest
from content import MIB, same_bytes, seed
from flood import Flood
from member import DONE, FAILED, GOODBYE, PING, PONG, Member, dial
from processes import eventually

REGISTER, PUBLISH, UNPUBLISH, LIST, RESOLVE, HAVE_BATCH = 16, 19, 20, 21, 23, 27
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
    assert member.closed_within(20)
    assert refused(pair[0], "record") == before + 1


def test_a_message_that_is_none_ends_the_link(pair, member):
    before = refused(pair[0], "message")
    member.send((200, "what is this?"))
    assert member.read_until(lambda message: message[0] == GOODBYE)[1] == 0
    assert member.closed_within(20)
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


@pytest.fixture(scope="module")
def library(shared_net, pair):
    """A member that has told the tracker of many contents; others have to be searched among them."""
    holder = Member(dial(shared_net.tracker), shared_net.secret).hello()
    holder.ask(REGISTER)
    for begin in range(100, 3100, 1000):
        holder.send(*map(publication, range(begin, begin + 1000)))
        holder.read_until(lambda message: message[:2] == [DONE, begin + 999])
    yield holder
    holder.close()


@pytest.mark.parametrize("kind", FLOODS)
def test_a_tracker_has_time_for_the_others(shared_net, library, kind):
    tracker = shared_net.tracker
    before, waits = refused(tracker, "rate"), []
    with Flood(tracker, shared_net.secret, FLOODS[kind]):
        eventually(lambda: refused(tracker, "rate") > before, "it is held up")
        for _ in range(100):
            begun = time.monotonic()
            library.ask(RESOLVE, b"flood-2000")
            waits.append((time.monotonic() - begun) * 1000)
    print(f"answers after {statistics.median(waits):.1f} ms, {max(waits):.1f} ms at most")
    assert statistics.median(waits) < 50
    assert max(waits) < 1000
