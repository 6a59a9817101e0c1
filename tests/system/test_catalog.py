"""What the network holds and who has it, as both roles tell it."""

import signal

import pytest
from content import seed


@pytest.fixture(scope="module")
def pair(shared_net):
    return shared_net.peers("one", "two")


# search


def test_search(shared_net, pair):
    one, two = pair
    for name in ("debian-12.iso", "debian-11.iso", "notes [old].txt"):
        seed(name, 1000, one, variant=name)
    for node in (shared_net.tracker, one, two):
        for pattern, names in {
            "debian": {"debian-11.iso", "debian-12.iso"},
            "12": {"debian-12.iso"},
            "*.iso": {"debian-11.iso", "debian-12.iso"},
            "*1[2-9]*": {"debian-12.iso"},
            "*.is": set(),
            "a" * 255: set(),
        }.items():
            answer = node.json("search", pattern)
            assert {row["name"] for row in answer["files"]} == names, pattern
            assert answer["warning"] == ""
        assert "255 bytes" in node.refusal("search", "a" * 256, code=2)
    assert two.json("search", "*") == two.json("files")
    assert one.ctl("search", "nothing has this").stdout == ""


def test_a_tracker_that_does_not_answer_is_named(net):
    (one,) = net.peers("one")
    seed("file", 1000, one)
    net.tracker.process.send_signal(signal.SIGSTOP)
    try:
        asked = one.ctl("search", "file")
        assert asked.stdout == ""
        assert net.tracker.config["network"]["listen"][0] in asked.message
    finally:
        net.tracker.process.send_signal(signal.SIGCONT)


def test_a_peer_without_a_tracker_says_so(idle_net):
    alone = idle_net.node("alone").start()
    assert "no tracker is connected" in alone.ctl("files").message
    assert "no tracker is connected" in alone.json("search", "x")["warning"]
