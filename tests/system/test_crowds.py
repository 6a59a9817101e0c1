"""However many strangers there are, members come in and go on, and memory is bounded."""

import os
import re
import resource
from pathlib import Path

import pytest
from content import MIB, same_bytes, seed
from member import Member, dial
from processes import eventually
from strangers import Attack, Crowd, raise_descriptor_limit

HOW = ("connections", "too_long", "stranger")  # an attack does all of it
MOST_OF_ALL, MOST_OF_ONE_ADDRESS = 1024, 256  # open handshakes, from the page


def refused(node):
    return node.json("status")["refused"]


@pytest.fixture(scope="module")
def pair(shared_net):
    one, two = shared_net.peers("one", "two")
    seed("proof", MIB, one)
    return one, two


def peak_memory(node):
    status = Path(f"/proc/{node.process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024


def processor_seconds(node):
    fields = Path(f"/proc/{node.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def works(pair, name):
    """A member comes in, and a content from one to the other."""
    one, two = pair
    two.fetch("proof", "-o", two.home / name)
    assert same_bytes(one.share / "proof", two.home / name)


def open_files(node):
    return len(os.listdir(f"/proc/{node.process.pid}/fd"))


def test_a_crowd_at_the_door_keeps_nobody_out(shared_net, pair):
    raise_descriptor_limit()
    one, _ = pair
    files, memory, before = open_files(one), peak_memory(one), refused(one)
    crowd = Crowd(one, 1000, addresses=10)
    with_crowd = Member(dial(one), shared_net.secret).hello()
    assert with_crowd.remote_id == one.id
    works(pair, "beside a crowd")
    with_crowd.close()
    crowd.close()
    if not one.build.sanitized:
        assert peak_memory(one) - memory < 16 * MIB
    eventually(lambda: open_files(one) <= files + 4, "they are forgotten")
    assert refused(one)["replay"] == before["replay"]


def test_of_one_address_only_some_may_wait(shared_net, pair):
    one, _ = pair
    before = refused(one)
    crowd = Crowd(one, MOST_OF_ONE_ADDRESS + 50, addresses=1)
    eventually(
        lambda: refused(one)["address"] >= before["address"] + 50, "the oldest have made way"
    )
    member = Member(dial(one, "127.0.0.100"), shared_net.secret).hello()  # from there, too
    assert member.remote_id == one.id
    member.close()
    crowd.close()


def test_of_all_addresses_together_only_some_may_wait(shared_net):
    raise_descriptor_limit()
    tracker = shared_net.tracker  # a peer takes fewer connections
    before = refused(tracker)
    crowd = Crowd(tracker, MOST_OF_ALL + 50, addresses=10)
    eventually(lambda: refused(tracker)["crowd"] >= before["crowd"] + 50, "the oldest made way")
    member = Member(dial(tracker), shared_net.secret).hello()
    assert member.remote_id == tracker.id
    member.close()
    crowd.close()


def test_members_come_before_strangers(net):
    raise_descriptor_limit()
    one = net.peer("one", limits={"connections": 50}).start()
    (two,) = net.peers("two")
    seed("proof", MIB, one)
    crowd = Crowd(one, 200, addresses=20)
    eventually(lambda: refused(one)["connections"] >= 100, "strangers have made way")
    works((one, two), "copy")
    assert one.connected() and one.json("status")["connections"] <= 50
    crowd.close()


def test_descriptors_do_not_run_out(net):
    raise_descriptor_limit()
    one = net.peer("one")
    one.prefix = ["prlimit", "--nofile=256:256"]
    one.start()
    assert "LimitNOFILE" in one.log_text()
    (two,) = net.peers("two")
    seed("proof", MIB, one)
    begin = processor_seconds(one)
    crowd = Crowd(one, 600, addresses=20)
    eventually(lambda: refused(one)["connections"] > 0, "there was no room for all")
    works((one, two), "copy")
    assert open_files(one) < 256
    eventually(lambda: open_files(one) < 100, "the silent ones are dropped")
    assert processor_seconds(one) - begin < 3, "it does not spin"
    crowd.close()


# UBSan looks at an object by means of a pipe, and without a descriptor takes it for a broken one.
@pytest.mark.release_only
def test_without_a_free_descriptor_it_waits_for_one(net):
    raise_descriptor_limit()
    one, two = net.peers("one", "two")
    seed("proof", MIB, one)
    before, begin = open_files(one), processor_seconds(one)
    limit = resource.prlimit(one.process.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(one.process.pid, resource.RLIMIT_NOFILE, (before + 20, limit[1]))
    crowd = Crowd(one, 200, addresses=2)
    eventually(lambda: crowd.standing() < 100, "most are hung up on")
    eventually(lambda: crowd.standing() == 0, "they were silent for too long")
    assert processor_seconds(one) - begin < 3, "it does not spin"
    works((one, two), "copy")
    crowd.close()
    resource.prlimit(one.process.pid, resource.RLIMIT_NOFILE, limit)


@pytest.mark.release_only
def test_members_go_on_under_attack(net, pytestconfig):
    """How fast, the bench says (tests/bench/scenarios/trouble.py)."""
    raise_descriptor_limit()
    long = pytestconfig.getoption("--long")
    source, before_it, under_it = net.peers("source", "before-it", "under-it")
    seed("film", 128 * MIB, source)
    before_it.fetch("film")
    memory = peak_memory(source)
    with Attack(source, 10_000 if long else 1000):
        before = refused(source)
        eventually(lambda: all(refused(source)[how] > before[how] for how in HOW), "it is on")
        under_it.fetch("film", "--from", "source")
    assert same_bytes(source.share / "film", under_it.downloads / "film")
    assert peak_memory(source) - memory < 24 * MIB
