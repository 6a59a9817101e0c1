"""A lab: subnets, hosts and routers of a test, and what runs on them."""

import functools
import re
import secrets
import subprocess

import wires
from booted import Booted
from dns import NameServer
from hosts import Host
from node import close_all
from router import Router

# What a user without rights, a container or a kernel without these devices answers, and a machine
# without the commands.
NOT_ALLOWED = "not permitted|denied|not supported|[Uu]nknown|Read-only|No such file.*'(ip|nft)'"


class Lab:
    """Nothing is there before it is asked for; close() takes all of it down."""

    def __init__(self, build, scratch):
        self.build, self.scratch = build, scratch
        self.secret = secrets.token_hex(32)  # of the nodes that are given no other one
        self.nodes = []
        self._hosts, self._subnets, self._servers = [], [], []
        wires.remove_leftovers()
        self._hub = wires.namespace("hub")
        wires.run("ip", "netns", "add", self._hub)

    def close(self):
        try:
            close_all(self.nodes)
        finally:
            for server in self._servers:
                server.close()
            wires.remove([host.namespace for host in self._hosts] + [self._hub])
            for host in self._hosts:
                host.close()

    def subnet(self, name, v4="auto", v6="auto"):
        """A bridge with prefixes of its own; with None for both, its hosts have link-local
        addresses only."""
        number = len(self._subnets) + 1
        v4 = f"10.{number}.0.0/24" if v4 == "auto" else v4
        v6 = f"fd00:{number:x}::/64" if v6 == "auto" else v6
        self._subnets.append(wires.Subnet(self._hub, name, number, v4, v6))
        return self._subnets[-1]

    def host(self, name, *subnets, ipv6=True):
        """With a device on each subnet: eth0, eth1, ... Without ipv6 its kernel has none."""
        return self._made(Host(self, name, ipv6=ipv6), subnets)

    def router(self, name, inside, outside, nat=False):
        return self._made(Router(self, name, inside, outside, nat), ())

    def booted(self, name, *subnets):
        """A whole machine, not booted yet."""
        return self._made(Booted(name), subnets)

    def _made(self, host, subnets):
        self._hosts.append(host)
        for subnet in subnets:
            host.attach(subnet)
        return host

    def dns(self, host, names, search=()):
        """A name server that this host asks, and others that are given to its serve()."""
        self._servers.append(NameServer(names))
        self._servers[-1].serve(host, search)
        return self._servers[-1]


@functools.cache
def why_not():
    """Why there can be no lab here; None where there can."""

    class Nothing:
        p2pd = p2pctl = "/bin/false"

    try:
        lab = Lab(Nothing, None)
        try:
            host = lab.host("probe", lab.subnet("probe"))
            host.drop("tcp dport 1")
            host.shape(1)
        finally:
            lab.close()
    except (OSError, subprocess.CalledProcessError) as error:
        cause = getattr(error, "stderr", None) or str(error)
        if not re.search(NOT_ALLOWED, cause):
            raise  # it would go unnoticed that nothing of the lab was run
        return f"no hosts of its own: {cause}"
    return None
