"""Network namespaces and what they are wired with: one namespace of bridges, a veth pair a leg.

Nothing of it is in the machine's own network. The namespaces bear the number of this process; those
that a killed run has left behind are removed by the next one.
"""

import contextlib
import ctypes
import functools
import ipaddress
import itertools
import os
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

PREFIX = "p2pd-lab"
serial = itertools.count()


def run(*words, **options):
    return subprocess.run(words, check=True, capture_output=True, text=True, **options).stdout


def ip(namespace, *lines):
    """All of these in one go, or none of the rest after one that fails."""
    where = ["-n", namespace] if namespace else []
    run("ip", *where, "-batch", "-", input="\n".join(lines) + "\n")


def nft(namespace, rules):
    run("nsenter", f"--net=/run/netns/{namespace}", "nft", "-f", "-", input=rules)


def namespace(name):
    """The full name of one to be made."""
    return f"{PREFIX}-{os.getpid()}-{next(serial)}-{name}"


def remove(namespaces):
    """With what still runs in them."""
    for name in namespaces:
        for process in run("ip", "netns", "pids", name).split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(process), signal.SIGKILL)
    if namespaces:
        ip(None, *(f"netns delete {name}" for name in namespaces))


@functools.cache
def remove_leftovers():
    """Of runs whose process is gone; once a run. Another one may be at it as well."""
    listed = [line.split()[0] for line in run("ip", "netns", "list").splitlines()]
    ours = [name for name in listed if name.startswith(f"{PREFIX}-")]
    pids = {name: name.removeprefix(f"{PREFIX}-").partition("-")[0] for name in ours}
    for name in ours:
        if not Path("/proc", pids[name], "exe").exists():  # a zombie has none
            with contextlib.suppress(subprocess.CalledProcessError):
                remove([name])


def open_in(namespace, make):
    """What make() returns in this namespace; a socket stays where it was made."""
    with Path("/run/netns", namespace).open() as there, ThreadPoolExecutor(1) as one:
        return one.submit(_enter_and, there.fileno(), make).result()


def _enter_and(namespace, make):
    """For a thread that ends after this: it stays in the namespace."""
    if ctypes.CDLL(None, use_errno=True).setns(namespace, 0) != 0:
        raise OSError(ctypes.get_errno(), "setns")
    return make()


@dataclass
class Leg:
    """Where a host is on a subnet: its device there, the bridge's port, its addresses."""

    device: str
    port: str
    v4: ipaddress.IPv4Interface | None
    v6: ipaddress.IPv6Interface | None

    @property
    def addresses(self):
        return [address for address in (self.v4, self.v6) if address]


class Subnet:
    """A bridge in the hub. Hosts get the addresses .1, .2, ... of its prefixes in order."""

    def __init__(self, hub, name, number, v4, v6):
        self.hub, self.name = hub, name
        self.v4 = ipaddress.ip_network(v4) if v4 else None
        self.v6 = ipaddress.ip_network(v6) if v6 else None
        self._bridge = f"br{number}"
        self._legs = []  # (host, leg)
        self._routes = []  # (prefix, via)
        self._mtu = None
        ip(hub, f"link add {self._bridge} up type bridge")

    def attach(self, host, device):
        """Wires a host's device to it, up and with addresses and routes."""
        number = len(self._legs) + 1
        v4, v6 = (
            ipaddress.ip_interface(f"{net[number]}/{net.prefixlen}") if net else None
            for net in (self.v4, self.v6)
        )
        leg = Leg(device, f"{self._bridge}-{number}", v4, v6 if host.has_ipv6 else None)
        self._legs.append((host, leg))
        ip(
            self.hub,
            f"link add {leg.port} up master {self._bridge} type veth"
            f" peer name {device} netns {host.namespace}",
        )
        ip(
            host.namespace,
            *(f"address add {address} dev {device} nodad" for address in leg.addresses),
            f"link set {device} up",
            # Debian's congestion control, whatever the machine has otherwise.
            *(f"route replace {leg.v4.network} dev {device} src {leg.v4.ip} congctl cubic"
              for _ in [leg.v4] if leg.v4),
            *(self._route(*route, host) for route in self._routes if self._reaches(route, leg)),
        )  # fmt: skip
        if self._mtu:
            self._narrow(host, leg)
        return leg

    def route(self, prefix, via):
        """Tells all hosts on it, also those that come later, that a prefix is reached by via."""
        self._routes.append((prefix, via))
        for host, leg in self._legs:
            if self._reaches((prefix, via), leg):
                ip(host.namespace, self._route(prefix, via, host))

    def shape(self, host, mbit):
        """So fast, headers included, is what reaches it; what it sends is for the host to say."""
        port = next(leg.port for each, leg in self._legs if each is host)
        where = ("-n", self.hub, "qdisc", "replace", "dev", port, "root")
        run("tc", *where, "tbf", "rate", f"{mbit}mbit", "burst", "32kb", "latency", "100ms")

    def mtu(self, size):
        """Makes it a hole: what is larger than this vanishes on the way, and nobody is told."""
        self._mtu = size
        for host, leg in self._legs:
            self._narrow(host, leg)

    @staticmethod
    def _reaches(route, leg):
        """Whether the host has an address of that family, and is not the router itself."""
        via = ipaddress.ip_address(route[1])
        mine = leg.v4 if via.version == 4 else leg.v6
        return mine is not None and mine.ip != via

    @staticmethod
    def _route(prefix, via, host):
        return f"route replace {prefix} via {via} congctl cubic"

    def _narrow(self, host, leg):
        # A bridge lets any super-packet through, so no larger than one frame leaves a host.
        ip(host.namespace, f"link set {leg.device} gso_max_segs 1")
        ip(self.hub, f"link set {leg.port} mtu {self._mtu}")
