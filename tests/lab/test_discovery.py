"""Finding the tracker on the LAN: hosts on a subnet, and peers that are told of no tracker."""

import pytest
from processes import eventually


@pytest.fixture
def lan(lab):
    return lab.subnet("lan")


@pytest.fixture
def tracker(lab, lan):
    """Not started."""
    return lab.host("tracker", lan).node(role="tracker")


@pytest.fixture
def host(lab, lan):
    """Makes one on the LAN."""
    return lambda name: lab.host(name, lan)


def trackers(peer):
    return peer.json("status")["trackers"]


def is_connected(peer):
    return [tracker["state"] for tracker in trackers(peer)] == ["connected"]


def test_a_peer_finds_its_tracker(host, tracker):
    tracker.start()
    peer = host("peer").node().start()
    eventually(lambda: is_connected(peer), "it has found the tracker")
    (found,) = trackers(peer)
    assert found["id"] == tracker.json("status")["id"]
    other = host("other").node().start()
    eventually(lambda: is_connected(other), "so has another one")
    peer.publish(peer.make("file", 1000))
    other.fetch("file")


def test_a_tracker_that_starts_later_is_found_at_once(host, tracker):
    peer = host("peer").node().start()
    assert trackers(peer) == []
    tracker.start()
    eventually(lambda: is_connected(peer), "its first beacon was heard")


def test_a_new_tracker_takes_the_place_of_one_that_is_gone(host, tracker):
    tracker.start()
    peer = host("peer").node().start()
    eventually(lambda: is_connected(peer), "it has found the tracker")
    tracker.kill9()
    eventually(lambda: not is_connected(peer), "it has lost the tracker")
    second = host("second").node(role="tracker").start()
    identity = second.json("status")["id"]
    eventually(lambda: is_connected(peer) and trackers(peer)[0]["id"] == identity, "the new one")


def test_strangers_and_those_who_were_told_otherwise_find_none(host, tracker):
    tracker.start()
    stranger = host("stranger").node(secret="ab" * 32).start()
    deaf = host("deaf").node(network={"beacon": False}).start()
    told = host("told").node(peer={"trackers": ["10.1.0.250:7440"]}).launch()
    eventually(told.answers, "it runs")
    witness = host("witness").node().start()
    eventually(lambda: is_connected(witness), "a beacon has gone to all")
    assert trackers(stranger) == [] and trackers(deaf) == []
    assert [tracker["address"] for tracker in trackers(told)] == ["10.1.0.250:7440"]


def test_both_sides_may_begin_later(host, tracker):
    """Of a tracker and a peer that were told to be silent, after a reload."""
    tracker.configure(network={"beacon": False})
    tracker.start()
    deaf = host("deaf").node(network={"beacon": False}).start()
    for node in (deaf, tracker):
        assert trackers(node) == []
        node.configure(network={"beacon": True})
        node.ctl("reload")
    eventually(lambda: is_connected(deaf), "a beacon was heard")


def test_an_interface_that_comes_is_told(host, tracker):
    tracker.start()
    peer = host("peer").node().start()
    eventually(lambda: is_connected(peer), "it has found the tracker")
    peer.host.address_add("10.1.0.77/24")
    eventually(lambda: "10.1.0.77" in peer.log_text(), "it says hello anew")
    eventually(lambda: is_connected(peer), "it is connected")
    assert " left" not in tracker.log_text(), "nobody is told that it was away"


def test_one_that_was_found_has_no_say_in_who_is_out(host, tracker):
    tracker.start()
    one, two = host("one").node().start(), host("two").node().start()
    for peer in (one, two):
        eventually(lambda: is_connected(peer), "it has found the tracker")
    one.publish(one.make("film", 1000))
    two.fetch("film")
    tracker.ctl("ban", one.json("status")["id"])
    eventually(lambda: not is_connected(one), "it is out there")
    assert two.json("bans")["bans"] == []
    names = [peer["name"] for peer in two.json("peers")["peers"]]
    assert one.name in names, "but not here"
    # People choose the tracker after all, and so what it says.
    two.ctl("connect", trackers(two)[0]["address"])
    eventually(lambda: two.json("bans")["bans"], "its bans hold now")
