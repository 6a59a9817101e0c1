"""[limits] lan_exempt: whose limits count is told by the networks of the hosts, not by a setting."""

from content import MIB
from processes import eventually

LISTEN = {"listen": ["[::]:7450", "0.0.0.0:7450"]}
SLOW = {"upload": "1 kB/s", "lan_exempt": True}  # a file would take a quarter of an hour


def test_a_peer_of_the_same_subnet_is_not_limited_and_one_behind_a_router_is(lab):
    lan, far = lab.subnet("lan"), lab.subnet("far")
    lab.router("router", inside=far, outside=lan)
    tracker = lab.host("tracker", lan)
    tracker.node(role="tracker", network=LISTEN).start()
    trackers = {"trackers": [f"{tracker.v4}:7450"]}
    source = lab.host("source", lan).node(peer=trackers, limits=SLOW).start()
    near = lab.host("near", lan).node(peer=trackers).start()
    away = lab.host("away", far).node(peer=trackers).start()
    content = source.publish(source.make("film", MIB))
    away.fetch("--detach", "--from", "source", "film")
    eventually(lambda: away.transfer(content)["state"] == "running", "the far one has begun")
    near.fetch("--from", "source", "film")
    assert near.transfer(content)["state"] == "done"
    assert away.transfer(content)["state"] == "running"
    assert away.done_bytes(content) < MIB
