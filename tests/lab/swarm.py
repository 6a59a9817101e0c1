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
