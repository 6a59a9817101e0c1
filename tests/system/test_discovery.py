"""Finding the tracker on the LAN: machines on a bridge, each with an address and nothing else."""

import subprocess
import time

import pytest
from processes import eventually
from shaped import ShapedNetwork


class Lan(ShapedNetwork):
    """Nodes that listen on all addresses of their machines, and are told of no tracker."""

    def node(self, name, secret=None, **config):
        node = super().node(name, secret, **config)
        node.config["network"] |= {"listen": ["0.0.0.0:7440", "[::]:7440"], "beacon": True}
        return node

    def peer(self, name, network=None, peer=None, **more):
        return super().peer(name, network, {"trackers": []} | (peer or {}), **more)


@pytest.fixture
def lan(build, scratch):
    with Lan.made(build, scratch) as network:
        yield network


def trackers(peer):
    return peer.json("status")["trackers"]


def is_connected(peer):
    return [tracker["state"] for tracker in trackers(peer)] == ["connected"]


def test_a_peer_finds_its_tracker(lan):
    lan.tracker.start()
    peer = lan.peer("peer").start()
    began = time.monotonic()
    eventually(lambda: is_connected(peer), "it has found the tracker")
    print(f"found after {time.monotonic() - began:.1f} s")
    (found,) = trackers(peer)
    assert found["id"] == lan.tracker.json("status")["id"]
    other = lan.peer("other").start()
    eventually(lambda: is_connected(other), "so has another one")
    peer.publish(peer.make("file", 1000))
    other.fetch("file")


def test_a_tracker_that_starts_later_is_found_at_once(lan):
    peer = lan.peer("peer").start()
    assert trackers(peer) == []
    lan.tracker.start()
    eventually(lambda: is_connected(peer), "its first beacon was heard")


def test_a_new_tracker_takes_the_place_of_one_that_is_gone(lan):
    lan.tracker.start()
    peer = lan.peer("peer").start()
    eventually(lambda: is_connected(peer), "it has found the tracker")
    lan.tracker.kill9()
    eventually(lambda: not is_connected(peer), "it has lost the tracker")
    second = lan.node("second", role="tracker", network={}).start()
    identity = second.json("status")["id"]
    eventually(lambda: is_connected(peer) and trackers(peer)[0]["id"] == identity, "the new one")


def test_strangers_and_those_who_were_told_otherwise_find_none(lan):
    lan.tracker.start()
    stranger = lan.node("stranger", secret="ab" * 32, network={}, peer={"trackers": []}).start()
    deaf = lan.node("deaf", network={}, peer={"trackers": []})
    deaf.config["network"]["beacon"] = False
    deaf.start()
    told = lan.node("told", network={}, peer={"trackers": ["10.0.0.250:7440"]}).launch()
    eventually(told.answers, "it runs")
    witness = lan.peer("witness").start()
    eventually(lambda: is_connected(witness), "a beacon has gone to all")
    assert trackers(stranger) == [] and trackers(deaf) == []
    assert [tracker["address"] for tracker in trackers(told)] == ["10.0.0.250:7440"]


def test_both_sides_may_begin_later(lan):
    """Of a tracker and a peer that were told to be silent, after a reload."""
    lan.tracker.configure(network={"beacon": False})
    lan.tracker.start()
    deaf = lan.peer("deaf")
    deaf.configure(network={"beacon": False})
    deaf.start()
    for node in (deaf, lan.tracker):
        assert trackers(node) == []
        node.configure(network={"beacon": True})
        node.ctl("reload")
    eventually(lambda: is_connected(deaf), "the first beacon was heard", within=4)


def test_an_interface_that_comes_is_told(lan):
    lan.tracker.start()
    peer = lan.peer("peer").start()
    eventually(lambda: is_connected(peer), "it has found the tracker")
    command = [*lan.links.inside("peer"), "ip", "address", "add", "10.0.0.77/24", "dev", "eth0"]
    subprocess.run(command, check=True)
    eventually(lambda: lan.tracker.log_text().count("peer came from") == 2, "it says hello anew")
    assert "10.0.0.77" in peer.log_text()
    eventually(lambda: is_connected(peer), "it is connected again")
