"""However much a member tells and asks, others wait for it for a moment only."""

import time

import pytest
from bounds import bounded
from member import DONE, FAILED, Member, dial
from processes import eventually
from seeder import PUBLISH, REGISTER

LIST, RESOLVE, DISCOVER = 21, 23, 7
MANY = 150_000


def publish(member, begin, end):
    """Contents with long names that a glob has work with, a thousand at a time."""
    for at in range(begin, end, 1000):
        member.send(
            *(
                (PUBLISH, n, n.to_bytes(32, "big"), b"%06d-" % n + b"a" * 60, 1, 16384, False, True, b"")
                for n in range(at, at + 1000)
            )
        )
        last = member.read_until(lambda m: m[0] in (DONE, FAILED) and m[1] == at + 999)
        if last[0] == FAILED:
            return last


@pytest.mark.long
def test_no_question_holds_a_tracker_up(net):
    holder = Member(dial(net.tracker, "127.0.0.66"), net.secret).hello(name="holder")
    holder.ask(REGISTER)
    publish(holder, 100_000, 100_000 + MANY)
    other = Member(dial(net.tracker), net.secret).hello(name="other")
    other.ask(REGISTER)
    asker = Member(dial(net.tracker, "127.0.0.67"), net.secret).hello(name="asker")
    asker.ask(REGISTER)
    questions = [
        (LIST, 1, b"*a" * 127 + b"b", b""),
        (LIST, 1, b"no such name", b""),
        (DISCOVER, 1, holder.identity.public.data, b""),
    ]
    with bounded(net.tracker, allowance=300 << 20):
        for question in questions:
            longest = 0.0
            for _ in range(5):
                asker.send(question)
                begin = time.monotonic()
                other.ask(RESOLVE, b"nothing is called so")
                longest = max(longest, time.monotonic() - begin)
            assert longest < 0.1, question
    for member in (holder, other, asker):
        member.close()


@pytest.mark.long
def test_one_address_fills_so_much_of_the_catalog(net):
    net.tracker.stop()
    net.tracker.configure(tracker={"peer_timeout": "10 min"})  # those who wait answer no ping
    net.tracker.start()
    members, refused = [], None
    with bounded(net.tracker, allowance=1200 << 20):
        for number in range(5):
            member = Member(dial(net.tracker, "127.0.0.66"), net.secret).hello()
            member.ask(REGISTER)
            members.append(member)
            refused = publish(member, number * MANY * 2, (number + 1) * MANY * 2)
            if refused and "address" in refused[3]:
                break
        assert "at this address" in refused[3]
        honest = Member(dial(net.tracker), net.secret).hello()
        honest.ask(REGISTER)
        assert publish(honest, 0, 1000) is None
        honest.close()
        for member in members:
            member.close()
    eventually(lambda: net.tracker.json("status")["contents"] == 0, "all of it is forgotten")
