"""A tracker under load: how many peers it holds and what each costs, how many handshakes, announces
and questions it answers a second, how long it takes to list, to search, and to be whole again after
a crash. The peers are simulated by one process (tests/bench/tracker/), with real connections,
handshakes and messages. Beside it, where the Debian package opentracker is installed, how many
announces that answers by UDP."""

from functools import partial
from time import sleep

from bench import seconds
from figures import Figure
from inputs import KIB
from meter import resident
from processes import eventually
from rivals.opentracker import Opentracker
from tracker_load import program, quantiles, raise_descriptors, under_load

ANNOUNCERS, BATCH = 64, 32  # who announces at once, and how many announces each has under way
HELD, BATCH_TO_HOLD = 200, 64  # what each peer of the library has, and announces at a time
PING_PERIOD = 11  # seconds within which the tracker has pinged everybody
PARTS = (1, 10, 500)  # of which one is measured, by scale
TIMES = (15, 2, 1)  # seconds of load


def rate(figures, more=""):
    return f"{figures['count'] / figures['seconds']:,.0f} a second{more}"


def crowd(peers, time, net, load):
    """Many connections, of which a few announce and ask."""
    announcers = min(ANNOUNCERS, peers - 1)
    before = resident(net.tracker.process.pid)
    yield "handshakes", rate(load.order("connect", peers) | {"count": peers})
    sleep(PING_PERIOD)  # what is idle is pinged
    each = (resident(net.tracker.process.pid) - before) / peers
    yield "connections held", f"{connections(net):,}, {each / KIB:.1f} KiB each when idle"
    announced = load.order("announce", announcers, BATCH, time)
    yield "announces", rate(announced, f" by {announcers} of them, {BATCH} at a time")
    yield "files meanwhile", quantiles(announced)
    load.order("hold", max(1, peers // 10), 1)
    yield "locates", rate(load.order("locate", announcers, BATCH, time), ", of 10 sources each")


def library(peers, contents, net, load):
    """Few peers with many contents, who also lose their tracker."""
    load.order("connect", peers)
    before = resident(net.tracker.process.pid)
    pairs = peers * HELD
    figures = load.order("hold", contents, HELD) | {"count": pairs}
    assert net.tracker.json("status")["contents"] == contents
    yield "catalog", f"{contents:,} contents, {pairs:,} pairs of a full holder and a content"
    yield "memory", f"{(resident(net.tracker.process.pid) - before) / pairs:.0f} bytes a pair"
    yield "announced", rate(figures, f", {BATCH_TO_HOLD} at a time by {peers:,} peers")
    yield "search", quantiles(load.order("search", f"{contents // 2:06}", 20))
    load.begin("return")
    net.tracker.kill9()
    net.tracker.launch()
    yield "whole after kill -9", f"{seconds(load.figures):.1f} s"
    assert net.tracker.json("status")["contents"] == contents
    load.close()
    yield "all peers forgotten", f"{seconds(lambda: forgotten(net)):.1f} s after they broke off"


def connections(net):
    return net.tracker.json("status")["connections"]


def forgotten(net):
    eventually(lambda: connections(net) == 0, "the tracker has noticed", within=60)


def opentracker(time, _, load):
    """Its announces by UDP in one thread, with a whitelist of what the load announces."""
    if not Opentracker.installed():
        yield "opentracker, UDP", "not installed: opentracker"
        return
    rival = Opentracker()
    try:
        rival.start([bytes([byte]) * 20 for byte in range(256)])
        figures = load.order("udp", rival.port, time)
    finally:
        rival.close()
    yield "opentracker, UDP", rate(figures, " announces, neither encrypted nor authenticated")


def tracker(bench):
    if not program(bench.build).exists():
        return [Figure("tracker", "load generator", "not built: ninja tests/bench/tracker-load")]
    part, time = PARTS[bench.scale], TIMES[bench.scale]
    peers, holders, contents = 15_000 // part, 5000 // part, 100_000 // part
    raise_descriptors(peers)
    parts = (
        partial(crowd, peers, time),
        partial(opentracker, min(time, 5)),
        partial(library, holders, contents),
    )
    lines = (line for each in parts for line in under_load(bench.build, peers, each))
    return [Figure(f"tracker, {peers:,} peers", what, told) for what, told in lines]


SCENARIOS = {"tracker": tracker}
