"""The process of the simulated peers (tests/bench/tracker/), and a tracker with room for them."""

import resource
import socket
import subprocess

from backing import back
from bench import running_network
from inputs import KIB
from processes import eventually

PATIENCE = 300  # seconds for one order
SPARE = 2200  # open files beside those of the connections
CONNECTION = 16 * KIB  # about what both of its ends and its sockets take


def program(build):
    return build / "tests" / "bench" / "tracker-load"


def raise_descriptors(connections):
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most < connections + SPARE:
        raise SystemExit(
            f"bench: {connections:,} connections need {connections + SPARE:,} open files, and "
            f"{most:,} are allowed; raise it with ulimit -Hn, or ask for less with --quick"
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class Load:
    """Takes orders, and gives figures when one is carried out."""

    def __init__(self, build, net):
        path = net.scratch / "load.sock"
        self.process = subprocess.Popen([program(build), path, port_of(net), net.secret])
        eventually(path.exists, "the load generator listens")
        self.link = socket.socket(socket.AF_UNIX)
        self.link.settimeout(PATIENCE)
        self.link.connect(str(path))
        self.lines = self.link.makefile()

    def begin(self, *order):
        self.link.sendall(" ".join(map(str, order)).encode())

    def figures(self):
        line = self.lines.readline()
        if not line:
            raise SystemExit("bench: the load generator has ended")
        return {key: float(value) for key, value in (pair.split("=") for pair in line.split())}

    def order(self, *order):
        self.begin(*order)
        return self.figures()

    def close(self):
        self.link.close()
        self.process.kill()
        self.process.wait()


def port_of(net):
    return net.tracker.config["network"]["listen"][0].rpartition(":")[2]


def configured(net, connections):
    """The tracker, with room for so many, on every address of this machine."""
    net.tracker.config["network"]["listen"] = [f"0.0.0.0:{port_of(net)}"]
    net.tracker.config["limits"] = {"connections": connections + 100}


def under_load(build, connections, part):
    """What part(net, load) gives, with a tracker and a load generator of its own."""
    with running_network(build, None, lambda net: configured(net, connections)) as net:
        load = Load(build, net)
        try:
            back(connections * CONNECTION)
            yield from part(net, load)
        finally:
            load.close()


def quantiles(figures):
    return ", ".join(f"{name} {figures[name]:.1f} ms" for name in ("p50", "p99", "most"))
