"""Which addresses a node tells to whom: only those that they can dial."""

import pytest
from processes import eventually

LISTEN = {"listen": ["[::]:7450", "0.0.0.0:7450"]}  # as the README has it


def tracker_on(host):
    return host.node("tracker", role="tracker", network=LISTEN).start()


def joined(host, tracker):
    node = host.newcomer().start()
    said = node.json("join", tracker.json("invite")["token"])
    assert said["state"] == "connected", said
    return node


def test_a_token_holds_what_others_can_dial(lab):
    lan = lab.subnet("lan")
    anna, bert = lab.host("anna", lan), lab.host("bert", lan)
    tracker = tracker_on(anna)
    said = tracker.json("invite")
    assert sorted(said["addresses"]) == sorted([f"{anna.v4}:7450", f"[{anna.v6}]:7450"])
    assert said["warning"] == ""
    assert tracker.json("status")["addresses"] == said["addresses"]
    assert said["addresses"][0] in tracker.ctl("status").stdout
    joined(bert, tracker)


def test_without_a_network_there_is_no_token(lab):
    anna = lab.host("anna", lab.subnet("lan"))
    anna.link("down")
    tracker = tracker_on(anna)
    said = tracker.refusal("invite", code=1)
    assert "no network yet" in said and "advertise" in said
    assert "no network yet" in tracker.json("status")["unreachable"]
    anna.link("up")
    eventually(lambda: tracker.json("status")["addresses"], "the network is there")
    assert f"{anna.v4}:7450" in tracker.json("invite")["addresses"]


def test_a_kernel_without_ipv6(lab):
    lan = lab.subnet("lan")
    anna, bert = lab.host("anna", lan, ipv6=False), lab.host("bert", lan)
    tracker = tracker_on(anna)
    assert tracker.json("invite")["addresses"] == [f"{anna.v4}:7450"]
    joined(bert, tracker)


def test_an_address_that_is_not_up_yet_is_waited_for(lab):
    lan = lab.subnet("lan")
    anna, bert = lab.host("anna", lan), lab.host("bert", lan)
    later = ["10.1.0.77:7450", "[fd00:1::77]:7450"]
    tracker = anna.node("tracker", role="tracker", network={"listen": later}).start()
    assert "10.1.0.77:7450 is not an address of this machine yet" in tracker.log_text()
    assert "not an address of this machine yet" in tracker.refusal("invite", code=1)
    anna.address_add("10.1.0.77/24")
    anna.address_add("fd00:1::77/64")
    eventually(lambda: len(tracker.json("status")["addresses"]) == 2, "both are up")
    assert tracker.json("invite")["addresses"] == later
    joined(bert, tracker)


@pytest.mark.parametrize("at", ["own", "third"])
def test_a_link_local_network(lab, at):
    """A cable between hosts, which they have at devices of different names."""
    wire, other = lab.subnet("wire", v4=None, v6=None), lab.subnet("other", v4=None, v6=None)
    anna, bert = lab.host("anna", wire), lab.host("bert", other, wire)
    place = anna if at == "own" else lab.host("carl", wire)
    tracker = tracker_on(place)
    said = tracker.json("invite")
    assert said["addresses"] == [f"[{place.link_local}]:7450"], "without a zone"
    assert "link-local" in said["warning"]
    one, two = joined(anna, tracker), joined(bert, tracker)
    one.publish(one.make("film", 100_000))
    two.fetch("film")
    two.publish(two.make("book", 100_000))
    one.fetch("book")


def test_a_peer_beside_its_tracker_is_reached_from_other_hosts(lab):
    lan = lab.subnet("lan")
    anna, bert = lab.host("anna", lan), lab.host("bert", lan)
    tracker_on(anna)
    beside = anna.node(peer={"trackers": ["127.0.0.1:7450"]}).start()
    far = bert.node(peer={"trackers": [f"{anna.v4}:7450"]}).start()
    beside.publish(beside.make("film", 100_000))
    bert.drop("tcp dport 7440")  # so it is bert who dials
    far.fetch("film")
    (row,) = far.json("files")["files"]
    address = row["publishers"][0]["address"]
    assert address in (f"{anna.v4}:7440", f"[{anna.v6}]:7440")
