"""Publish on one host and fetch on another, with the package's config, in each kind of network."""

import pytest
from content import MIB, same_bytes
from processes import eventually

LISTEN = {"listen": ["[::]:7450", "0.0.0.0:7450"]}  # as in the README


def tracker_on(host):
    return host.node("tracker", role="tracker", network=LISTEN).start()


def peer_on(host, tracker):
    return host.node(peer={"trackers": [tracker]}).start()


def delivers(publisher, fetcher):
    publisher.publish(publisher.make("film", MIB))
    fetcher.fetch("film")
    assert same_bytes(publisher.share / "film", fetcher.downloads / "film")


@pytest.mark.parametrize("families", [{}, {"v6": None}, {"v4": None}], ids=["both", "IPv4", "IPv6"])
def test_a_lan(lab, families):
    lan = lab.subnet("lan", **families)
    anna, carla = lab.host("anna", lan), lab.host("carla", lan)
    tracker = tracker_on(anna).address
    delivers(peer_on(anna, tracker), peer_on(carla, tracker))


def test_an_old_host_among_others(lab):
    lan = lab.subnet("lan")
    anna, old = lab.host("anna", lan), lab.host("old", lan, ipv6=False)
    tracker = tracker_on(anna).address
    one, two = peer_on(anna, tracker), peer_on(old, tracker)
    delivers(one, two)


def test_a_link_without_addresses(lab):
    """But those that IPv6 makes up; the beacon tells of the tracker."""
    wire = lab.subnet("wire", v4=None, v6=None)
    anna, carla = lab.host("anna", wire), lab.host("carla", wire)
    tracker_on(anna)
    one, two = anna.node().start(), carla.node().start()
    eventually(lambda: one.connected() and two.connected(), "the beacon was heard")
    delivers(one, two)


def test_two_sites(lab):
    one, two = lab.subnet("one"), lab.subnet("two")
    lab.router("between", inside=one, outside=two)
    anna, carla = lab.host("anna", one), lab.host("carla", two)
    tracker = tracker_on(anna).address
    delivers(peer_on(anna, tracker), peer_on(carla, tracker))


@pytest.mark.parametrize("inside", ["publisher", "fetcher"])
def test_one_side_behind_nat(lab, inside):
    """The one outside cannot dial the other; the one inside dials it."""
    home, wan = lab.subnet("home"), lab.subnet("wan")
    lab.router("router", inside=home, outside=wan, nat=True)
    public, private = lab.host("public", wan), lab.host("private", home)
    tracker = tracker_on(public).address
    outside, inner = peer_on(public, tracker), peer_on(private, tracker)
    delivers(*((inner, outside) if inside == "publisher" else (outside, inner)))
    assert outside.json("ping", "private")["via"] == "direct"


def test_a_tracker_behind_a_forwarded_port(lab):
    home, wan = lab.subnet("home"), lab.subnet("wan")
    router = lab.router("router", inside=home, outside=wan, nat=True)
    anna, carla = lab.host("anna", home), lab.host("carla", wan)
    tracker = tracker_on(anna)
    router.forward_port(7450, anna)
    inner = peer_on(anna, tracker.address)
    outside = peer_on(carla, f"{router.legs[1].v4.ip}:7450")
    delivers(inner, outside)


def test_both_sides_behind_nat_ping_through_the_tracker(lab):
    wan = lab.subnet("wan")
    tracker = tracker_on(lab.host("public", wan))
    sites = []
    for name in ("one", "two"):
        home = lab.subnet(name)
        lab.router(f"router-{name}", inside=home, outside=wan, nat=True)
        sites.append(peer_on(lab.host(name, home), tracker.address))
    one, _ = sites
    answer = one.json("ping", "two")
    assert (answer["alive"], answer["via"], len(answer["rtt_ms"])) == (True, "tracker", 3)
    assert answer["tracker"] == tracker.address
    (line,) = one.ctl("ping", "two", "-c", "1").stdout.splitlines()
    assert line.split("\t")[3:5] == ["tracker", tracker.address]
    assert tracker.json("ping", "two")["via"] == "direct"
