"""A tracker under load: how many peers it holds and what each costs, how many handshakes, announces
and questions it answers a second, how long it takes to list, to search, and to be whole again after
a crash. The peers are simulated by one process (tests/bench/tracker/), with real connections,
handshakes and messages. Beside it, where the Debian package opentracker is installed, how many
announces that answers by UDP."""

import argparse
import resource
import shutil
import socket
import struct
import subprocess
import tempfile
from pathlib import Path
from time import sleep

from bench import TOP, running_network, seconds
from network import free_port
from processes import eventually

ANNOUNCERS, BATCH = 64, 32  # who announces at once, and how many announces each has under way
HELD, BATCH_TO_HOLD = 200, 64  # what each peer of the library has, and announces at a time
PING_PERIOD = 11  # seconds within which the tracker has pinged everybody
PATIENCE = 300  # seconds for one order


class Load:
    """The process of the simulated peers."""

    def __init__(self, build, net):
        program = build / "tests" / "bench" / "tracker-load"
        path = net.scratch / "load.sock"
        port = net.tracker.config["network"]["listen"][0].rpartition(":")[2]
        self.process = subprocess.Popen([program, path, port, net.secret])
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


def memory(node):
    """Bytes that the process has in memory."""
    for line in Path(f"/proc/{node.process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no VmRSS")


def told(name, figure):
    print(f"{name:<22}{figure}", flush=True)


def rate(name, figures, more=""):
    told(name, f"{figures['count'] / figures['seconds']:,.0f} a second{more}")


def quantiles(figures):
    return ", ".join(f"{name} {figures[name]:.1f} ms" for name in ("p50", "p99", "most"))


def configured(net, connections):
    """The tracker, with room for so many, on every address of this machine."""
    port = net.tracker.config["network"]["listen"][0].rpartition(":")[2]
    net.tracker.config["network"]["listen"] = [f"0.0.0.0:{port}"]
    net.tracker.config["limits"] = {"connections": connections + 100}


def crowd(net, load, peers, time):
    """Many connections, of which a few announce and ask."""
    before = memory(net.tracker)
    rate("handshakes", load.order("connect", peers) | {"count": peers})
    sleep(PING_PERIOD)  # what is idle is pinged
    each = (memory(net.tracker) - before) / peers
    told("connections held", f"{connections(net):,}, {each / 1024:.1f} KiB each when idle")
    announced = load.order("announce", ANNOUNCERS, BATCH, time)
    rate("announces", announced, f" by {ANNOUNCERS} of them, {BATCH} at a time")
    told("  files meanwhile", quantiles(announced))
    load.order("hold", peers // 10, 1)
    rate("locates", load.order("locate", ANNOUNCERS, BATCH, time), ", of 10 sources each")


def library(net, load, peers, contents):
    """Few peers with many contents, who also lose their tracker."""
    load.order("connect", peers)
    before = memory(net.tracker)
    pairs = peers * HELD
    figures = load.order("hold", contents, HELD) | {"count": pairs}
    assert net.tracker.json("status")["contents"] == contents
    told("catalog", f"{contents:,} contents, {pairs:,} pairs of a full holder and a content")
    told("  memory", f"{(memory(net.tracker) - before) / pairs:.0f} bytes a pair")
    rate("  announced", figures, f", {BATCH_TO_HOLD} at a time by {peers:,} peers")
    told("  search", quantiles(load.order("search", f"{contents // 2:06}", 20)))
    load.begin("return")
    net.tracker.kill9()
    net.tracker.launch()
    told("whole after kill -9", f"{seconds(load.figures):.1f} s")
    assert net.tracker.json("status")["contents"] == contents
    load.close()
    told("all peers forgotten", f"{seconds(lambda: forgotten(net)):.1f} s after they broke off")


def connections(net):
    return net.tracker.json("status")["connections"]


def forgotten(net):
    eventually(lambda: connections(net) == 0, "the tracker has noticed", within=60)


def answers(port):
    """Whether a BitTorrent tracker gives out connection ids there (BEP 15)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.settimeout(0.1)
        probe.connect(("127.0.0.1", port))
        try:
            probe.send(struct.pack(">QII", 0x41727101980, 0, 1))
            return len(probe.recv(100)) == 16
        except OSError:
            return False


def opentracker(load, time):
    """Its announces by UDP in one thread, with a whitelist of what the load announces."""
    if shutil.which("opentracker") is None:
        return told("opentracker, UDP", "not compared: its Debian package is not installed")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="opentracker-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # where it is started by root, it becomes somebody else
        (home / "whitelist").write_text("".join(f"{byte:02x}" * 20 + "\n" for byte in range(256)))
        (home / "conf").write_text(
            f"listen.udp.workers 0\nlisten.udp 127.0.0.1:{port}\n"
            f"tracker.rootdir {home}\naccess.whitelist whitelist\n"
        )
        process = subprocess.Popen(
            ["opentracker", "-f", home / "conf"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            eventually(lambda: answers(port), "opentracker answers")
            figures = load.order("udp", port, time)
        finally:
            process.kill()
            process.wait()
    rate("opentracker, UDP", figures, " announces, neither encrypted nor authenticated")


def run(build, room, part):
    """One part of the bench, with a tracker and a load generator of its own."""
    with running_network(build, None, lambda net: configured(net, room)) as net:
        load = Load(build, net)
        try:
            part(net, load)
        finally:
            load.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, default=TOP / "build", help="the build folder")
    parser.add_argument("--quick", action="store_true", help="a tenth of all, in half a minute")
    asked = parser.parse_args()
    part = 10 if asked.quick else 1
    peers, holders, contents = 15_000 // part, 5000 // part, 100_000 // part
    time = 2 if asked.quick else 15
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most < peers + 2200:
        raise SystemExit(
            f"bench: {peers:,} connections need {peers + 2200:,} open files, and {most:,} are "
            "allowed; raise it with ulimit -Hn, or ask for less with --quick"
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    build = asked.build.resolve()
    run(build, peers, lambda net, load: crowd(net, load, peers, time))
    run(build, peers, lambda _, load: opentracker(load, 5))
    run(build, peers, lambda net, load: library(net, load, holders, contents))


main()
