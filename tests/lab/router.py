"""A host that forwards between two subnets, with or without NAT."""

from hosts import Host
from wires import nft

# Connections from the inside leave with the router's own address; from the outside nothing comes in
# but what answers them and what is forwarded by a rule.
NAT = """table inet nat {
  chain out {
    type nat hook postrouting priority srcnat
    oifname "eth1" masquerade
  }
  chain in {
    type nat hook prerouting priority dstnat
  }
  chain gate {
    type filter hook forward priority filter
    iifname "eth1" ct state != { established, related } ct status & dnat != dnat drop
  }
}
"""


class Router(Host):
    """eth0 is its inside, eth1 its outside. Hosts inside take it for their way to everything;
    those outside know of the inside only where there is no NAT."""

    def __init__(self, lab, name, inside, outside, nat):
        super().__init__(lab, name, forwards=True)
        self.attach(inside).attach(outside)
        near, far = self.legs
        for address in near.addresses:
            inside.route("default", str(address.ip))
        if nat:
            nft(self.namespace, NAT)
        else:
            for mine, theirs in ((near.v4, far.v4), (near.v6, far.v6)):
                if mine and theirs:
                    outside.route(str(mine.network), str(theirs.ip))

    def drop(self, what, at="forward"):
        super().drop(what, at)

    def forward_port(self, port, to):
        """What comes from the outside to this TCP port goes to that host inside."""
        family = "ip" if to.legs[0].v4 else "ip6"
        target = f"{to.address}:{port}"
        rule = f"meta nfproto ipv{4 if family == 'ip' else 6} iifname eth1 tcp dport {port}"
        nft(self.namespace, f"add rule inet nat in {rule} dnat {family} to {target}\n")
