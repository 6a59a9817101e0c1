"""A tracker and peers on loopback."""

import secrets

from gate import Gate
from node import Node, close_all
from own_network import Ports


class Network:
    """A tracker and peers that share a secret. Nothing runs before it is started."""

    def __init__(self, build, scratch):
        self.build, self.scratch = build, scratch
        self.secret = secrets.token_hex(32)
        self.nodes = []
        self.gates = []
        self._ports = Ports()
        listen = {"listen": [f"127.0.0.1:{self.port()}"]}
        self.tracker = self.node("tracker", role="tracker", network=listen)

    def port(self, *hosts):
        """A port at these addresses of the loopback (127.0.0.1 if none is given) that is nobody
        else's as long as this network is there."""
        return self._ports.reserve(*hosts)

    def node(self, name, secret=None, **config):
        """A node of this network that is not started; sections of its config may be given."""
        home = self.scratch / name
        node = Node(self.build, home, name, secret or self.secret, **config)
        self.nodes.append(node)
        return node

    def peer(self, name, network=None, peer=None, **more):
        """A peer that knows the tracker, not started."""
        trackers = {"trackers": self.tracker.config["network"]["listen"]}
        return self.node(name, network=network or {}, peer=trackers | (peer or {}), **more)

    def peers(self, *names):
        """Started peers, connected to the tracker."""
        nodes = [self.peer(name).launch() for name in names]
        return [node.ready() for node in nodes]

    def gated_peer(self, name, allow):
        """A started peer that the others can reach only through a gate."""
        port = self.port("127.0.0.1", "127.0.0.2")
        network = {"listen": [f"127.0.0.2:{port}"], "advertise": [f"127.0.0.1:{port}"]}
        self.gates.append(Gate(port, allow))
        return self.peer(name, network=network).start(), self.gates[-1]

    def close(self):
        for gate in self.gates:
            gate.close()
        try:
            close_all(self.nodes)
        finally:
            self._ports.close()
