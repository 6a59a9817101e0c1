"""A tracker and peers on one LAN, each on a host of its own."""


class Swarm:
    """Its peers are told the tracker's address."""

    def __init__(self, lab):
        self.lab, self.lan = lab, lab.subnet("lan")
        self.tracker = lab.host("tracker", self.lan).node(role="tracker").start()

    def peer(self, name, peer=None, **config):
        """Not started; its host is `host` of it."""
        trackers = {"trackers": [f"{self.tracker.host.v4}:7440"]}
        return self.lab.host(name, self.lan).node(peer=trackers | (peer or {}), **config)

    def peers(self, *names):
        """Started and connected to the tracker."""
        nodes = [self.peer(name).launch() for name in names]
        return [node.ready() for node in nodes]

    def shaped_peers(self, **mbits):
        """The same, by the rates of what they send."""
        nodes = self.peers(*mbits)
        for node, mbit in zip(nodes, mbits.values()):
            node.host.shape(mbit)
        return nodes


def around_a_hole(lab, nat=False, **families):
    """Two subnets and an MTU hole between them: what is larger than 1,280 bytes vanishes there, and
    no ICMP message says so. With nat, the far one is behind it."""
    near, hole, far = [lab.subnet(name, **families) for name in ("near", "hole", "far")]
    lab.router("here", inside=near, outside=hole)
    lab.router("there", inside=far, outside=hole, nat=nat)
    hole.mtu(1280)
    return near, far


def on_subnets(lab, tracker, **subnets):
    """Peers that are not started, by name, and a tracker that is."""
    at = lab.host("tracker", tracker)
    at.node(role="tracker").start()
    trackers = {"trackers": [f"{at.address}:7440"]}
    return [lab.host(name, subnet).node(peer=trackers) for name, subnet in subnets.items()]
