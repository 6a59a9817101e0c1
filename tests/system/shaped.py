"""Nodes on a network of their own, whose links are as fast as a test says.

Each node lives in a network namespace, with one veth pair to a bridge that lives in another:
nothing of it is in the machine's own network. tbf holds what a node sends to a rate. The control
sockets are files, so p2pctl needs no namespace. The namespaces bear the number of this process, and
those that a killed run has left behind are removed by the next one.
"""

import contextlib
import ctypes
import functools
import os
import signal
import socket
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from network import Network

PREFIX = "p2pd-test"
HUB = "hub"  # where the bridge is
FRAME, PAYLOAD = 1514, 1448  # bytes of a full frame, and of what TCP carries in it
WARM_UP = 512 * 1024  # bytes; what a bucket lets through at once is among them


def run(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def remove(namespace):
    """With what still runs in it, which only a run that was killed leaves."""
    for process in run("ip", "netns", "pids", namespace).split():
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(process), signal.SIGKILL)
    run("ip", "netns", "delete", namespace)


def remove_leftovers():
    for line in run("ip", "netns", "list").splitlines():
        namespace = line.split()[0]
        prefix, _, rest = namespace.partition(f"{PREFIX}-")
        program = Path("/proc", rest.partition("-")[0], "exe")  # a zombie has none
        if not prefix and not program.exists():
            remove(namespace)


class Wires:
    """The namespaces, the bridge and the links."""

    def __init__(self):
        self._addresses = {}

    def close(self):
        for name in self._addresses:
            remove(self._namespace(name))

    def bridge(self):
        """The middle of it, to be made first."""
        self._add(HUB)
        self._ip(HUB, "link", "add", "bridge", "up", "type", "bridge")

    def add(self, name):
        """A place on the network."""
        self._add(name)
        port = f"port{len(self._addresses)}"
        peer = ("peer", port, "netns", self._namespace(HUB))
        self._ip(name, "link", "add", "eth0", "type", "veth", *peer)
        self._ip(name, "address", "add", f"{self.address(name)}/24", "dev", "eth0")
        for device in ("lo", "eth0"):
            self._ip(name, "link", "set", device, "up")
        self._ip(HUB, "link", "set", port, "up", "master", "bridge")
        # Debian's congestion control, whatever the machine has otherwise.
        route = ("10.0.0.0/24", "dev", "eth0", "src", self.address(name), "congctl", "cubic")
        self._ip(name, "route", "replace", *route)

    def address(self, name):
        return self._addresses[name]

    def shape(self, name, mbit):
        """So fast, headers included, is what it sends. Pieces of 16 KiB, not 64, leave its TCP, so
        that a few of them fit into the queue of a slow link and none is dropped."""
        self._ip(name, "link", "set", "eth0", "gso_max_size", "16384")
        where = ("-n", self._namespace(name), "qdisc", "replace", "dev", "eth0", "root")
        run("tc", *where, "tbf", "rate", f"{mbit}mbit", "burst", "32kb", "latency", "100ms")

    def inside(self, name):
        """What starts a command there."""
        return ["ip", "netns", "exec", self._namespace(name)]

    def open(self, name, make):
        """What make() returns, such as a socket there: it stays where it was made."""
        place = Path("/run/netns", self._namespace(name))
        with place.open() as there, ThreadPoolExecutor(1) as one:
            return one.submit(enter_and, there.fileno(), make).result()

    def _add(self, name):
        run("ip", "netns", "add", self._namespace(name))
        self._addresses[name] = f"10.0.0.{len(self._addresses) + 1}"

    def _ip(self, name, *words):
        run("ip", "-n", self._namespace(name), *words)

    @staticmethod
    def _namespace(name):
        return f"{PREFIX}-{os.getpid()}-{name}"


def enter_and(namespace, make):
    """For a thread that ends after this: it stays in the namespace."""
    if ctypes.CDLL(None, use_errno=True).setns(namespace, 0) != 0:
        raise OSError(ctypes.get_errno(), "setns")
    return make()


@contextlib.contextmanager
def wires():
    remove_leftovers()
    made = Wires()
    try:
        made.bridge()
        yield made
    finally:
        made.close()


@functools.cache
def why_not():
    """Why there can be no shaped links here; None where there can."""
    try:
        with wires() as made:
            made.add("probe")
            made.shape("probe", 1)
    except (OSError, subprocess.CalledProcessError) as error:
        return f"no shaped links: {getattr(error, 'stderr', None) or error}"
    return None


def tcp_rate(links, sender, receiver, seconds):
    """Bits per second of a plain TCP stream between two places, once it flows."""
    listener = links.open(receiver, lambda: socket.create_server((links.address(receiver), 0)))
    client = links.open(sender, socket.socket)
    with listener, client:
        client.connect(listener.getsockname())
        server, _ = listener.accept()
        threading.Thread(target=send_until_closed, args=(client,), daemon=True).start()
        with server:
            began = now = time.monotonic()
            count = skipped = 0
            while now < began + seconds:
                count += len(server.recv(1024 * 1024))
                now = time.monotonic()
                if count < WARM_UP:
                    began, skipped = now, count
            return 8 * (count - skipped) / (now - began)


def send_until_closed(client):
    try:
        while True:
            client.sendall(bytes(256 * 1024))
    except OSError:
        pass  # the other side has seen enough


class ShapedNetwork(Network):
    """Its nodes are places on wires; what a peer sends may be slow."""

    def __init__(self, build, scratch, links):
        self.links = links
        super().__init__(build, scratch)

    def node(self, name, secret=None, **config):
        self.links.add(name)
        config["network"] = config["network"] | {"listen": [f"{self.links.address(name)}:7440"]}
        node = super().node(name, secret, **config)
        node.prefix = self.links.inside(name)
        return node

    @classmethod
    @contextlib.contextmanager
    def made(cls, build, scratch):
        """One that is taken down again; where there can be none, the test is skipped."""
        if reason := why_not():
            pytest.skip(reason)
        with wires() as links:
            network = cls(build, scratch, links)
            try:
                yield network
            finally:
                network.close()

    def shaped_peers(self, **mbits):
        """Started peers, by the rates of what they send."""
        nodes = self.peers(*mbits)
        for name, mbit in mbits.items():
            self.links.shape(name, mbit)
        return nodes
