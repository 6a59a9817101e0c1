"""A tracker and peers on hosts of their own: on one LAN, at two sites, on several subnets."""

import json

from wires import run


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


class TwoSites:
    """Hosts of two sites with a router between them, `line`; the tracker and the seeder are at one."""

    def __init__(self, lab, followers, host_mbit, line_mbit):
        self.lab, self._mbit = lab, host_mbit
        one, two = lab.subnet("one"), lab.subnet("two")
        self.line = lab.router("line", inside=two, outside=one)
        tracker = lab.host("tracker", one)
        tracker.node(role="tracker").start()
        self._trackers = {"trackers": [f"{tracker.v4}:7440"]}
        nodes = [self._peer("seeder", one)]
        nodes += [self._peer(f"{at.name}{n}", at) for at in (one, two) for n in range(followers)]
        self.seeder, *self.leechers = [node.ready() for node in nodes]
        for device in ("eth0", "eth1"):
            self.line.shape(line_mbit, device)

    def _peer(self, name, subnet):
        host = self.lab.host(name, subnet)
        host.shape(self._mbit)
        subnet.shape(host, self._mbit)
        return host.node(peer=self._trackers, node={"site": subnet.name}).launch()

    @property
    def carried(self):
        """Bytes that went to the other site, headers included."""
        found = run("ip", "-n", self.line.namespace, "-s", "-j", "link", "show", "eth0")
        return json.loads(found)[0]["stats64"]["tx"]["bytes"]


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
