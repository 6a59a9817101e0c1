"""A place on subnets: a network namespace, its addresses, and what goes wrong with them."""

import fcntl
import socket
import struct
from pathlib import Path

from processes import eventually
from wires import ip, namespace, nft, open_in, run

SET_FLAGS, UP = 0x8914, 1  # SIOCSIFFLAGS, IFF_UP: netdevice(7)

RULES = """table inet lab {
  chain input { type filter hook input priority filter; }
  chain output { type filter hook output priority filter; }
  chain forward { type filter hook forward priority filter; }
}
"""


class Place:
    """Its network is there when it is made; attach() wires it."""

    def __init__(self, name, ipv6=True, forwards=False):
        self.name, self.has_ipv6 = name, ipv6
        self.namespace = namespace(name)
        self.legs = []
        self._filters = False
        run("ip", "netns", "add", self.namespace)
        settings = {
            "ipv6/conf/default/accept_dad": 0,
            "ipv6/conf/all/disable_ipv6": not ipv6,
            "ipv6/conf/default/disable_ipv6": not ipv6,
            "ipv4/ip_forward": forwards,
            "ipv6/conf/all/forwarding": forwards,
        }
        self.open(lambda: prepare(settings))

    def open(self, make):
        """What make() returns in its network, such as a socket."""
        return open_in(self.namespace, make)

    def attach(self, subnet):
        """Wires it. The kernel makes a device's link-local address, which has it in use, in the
        background: it is there when this returns."""
        device = f"eth{len(self.legs)}"
        self.legs.append(subnet.attach(self, device))
        if self.has_ipv6:
            self.open(lambda: eventually(lambda: is_in_use(device), f"{device} is in use"))
        return self

    @property
    def v4(self):
        return str(self.legs[0].v4.ip)

    @property
    def v6(self):
        return str(self.legs[0].v6.ip)

    @property
    def address(self):
        """The first that it has, as one writes it before a port."""
        return self.v4 if self.legs[0].v4 else f"[{self.v6}]"

    @property
    def link_local(self):
        """Of its first device, without a zone."""
        show = ("-6", "-o", "address", "show", "dev", "eth0", "scope", "link")
        lines = run("ip", "-n", self.namespace, *show)
        return lines.split()[3].partition("/")[0]

    def address_add(self, address, device="eth0"):
        """With its prefix length, as "10.1.0.77/24"."""
        nodad = " nodad" if ":" in address else ""
        ip(self.namespace, f"address add {address} dev {device}{nodad}")

    def address_del(self, address, device="eth0"):
        ip(self.namespace, f"address del {address} dev {device}")

    def link(self, state, device="eth0"):
        """"up" or "down". Down, a device loses its IPv6 addresses and its routes."""
        ip(self.namespace, f"link set {device} {state}")

    def shape(self, mbit, device="eth0"):
        """So fast, headers included, is what it sends. Pieces of 16 KiB, not 64, leave its TCP, so
        that a few of them fit into the queue of a slow link and none is dropped."""
        ip(self.namespace, f"link set {device} gso_max_size 16384")
        where = ("-n", self.namespace, "qdisc", "replace", "dev", device, "root")
        run("tc", *where, "tbf", "rate", f"{mbit}mbit", "burst", "32kb", "latency", "100ms")

    def drop(self, what, at="input"):
        """Drops, without a word to the sender, what this nft expression matches: at "input",
        "output" or, on a router, "forward"."""
        if not self._filters:
            nft(self.namespace, RULES)
            self._filters = True
        nft(self.namespace, f"add rule inet lab {at} {what} drop\n")

    def pass_all(self):
        """Forgets what was to be dropped."""
        if self._filters:
            nft(self.namespace, "flush table inet lab\n")


def is_in_use(device):
    """In the network namespace of the thread that calls it: whether it has a link-local address."""
    lines = Path("/proc/thread-self/net/if_inet6").read_text().splitlines()
    scopes = [words[3] for words in map(str.split, lines) if words[5] == device]
    return "20" in scopes  # as include/net/ipv6.h has it


def prepare(settings):
    """The network namespace of the thread that calls it."""
    for name, value in settings.items():
        Path("/proc/sys/net", name).write_text(f"{int(value)}\n")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sH22x", b"lo", UP))
