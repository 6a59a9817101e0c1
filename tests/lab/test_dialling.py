"""How peers reach each other where most of what they know of each other leads nowhere."""

import time

import pytest

LISTEN = {"listen": ["[::]:7450", "0.0.0.0:7450"]}
LONG = 20  # seconds; one dead address after the other took 45


def dead(count):
    """Addresses on the tracker's subnet that nobody has: what is sent there is lost."""
    return [f"10.1.0.{100 + i}:7440" for i in range(count)]


@pytest.fixture
def wan(lab):
    return lab.subnet("wan")


@pytest.fixture
def tracker(lab, wan):
    return lab.host("tracker", wan).node(role="tracker", network=LISTEN).start()


def behind_nat(lab, wan, name):
    """A host and its router."""
    lan = lab.subnet(name)
    router = lab.router(f"{name}-router", inside=lan, outside=wan, nat=True)
    return lab.host(name, lan), router


def timed_fetch(node, name):
    began = time.monotonic()
    node.fetch(name)
    took = time.monotonic() - began
    print(f"fetched after {took:.2f} s")
    return took


def test_fourteen_dead_addresses_and_a_good_one(lab, wan, tracker):
    """Only the source's second port is let through to it, and the other peer cannot be dialled at
    all, so no other way helps."""
    far, router = behind_nat(lab, wan, "far")
    router.forward_port(7999, far)
    good = f"{router.legs[1].v4.ip}:7999"
    peer = {"trackers": [f"{tracker.host.v4}:7450"]}
    network = {"listen": ["0.0.0.0:7440", "0.0.0.0:7999"], "advertise": [*dead(14), good]}
    source = far.node(peer=peer, network=network).start()
    near, _ = behind_nat(lab, wan, "near")
    fetcher = near.node(peer=peer).start()
    source.publish(source.make("file", 100_000))
    assert timed_fetch(fetcher, "file") < LONG


def test_one_that_cannot_be_dialled_dials_back_at_once(lab, wan, tracker):
    far, _ = behind_nat(lab, wan, "far")
    peer = {"trackers": [f"{tracker.host.v4}:7450"]}
    source = far.node(peer=peer, network={"advertise": dead(14)}).start()
    fetcher = lab.host("near", wan).node(peer=peer).start()
    source.publish(source.make("file", 100_000))
    assert timed_fetch(fetcher, "file") < LONG
