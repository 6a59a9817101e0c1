"""Two sites behind one thin line, the seeder at one of them: how often the content crosses the line.
Takes root."""

import json

from content import seed
from figures import Figure
from inputs import MIB
from lab import Lab, why_not
from processes import Build
from scale import Scale
from watched import Fetch
from wires import run

MBIT = 1e6 / 8
HOSTS_AT, LINE_AT = 100, 20  # Mbit/s, both ways
FOLLOWERS = 6  # a site


def carried(router):
    """Bytes that it has sent to its inside."""
    (device,) = json.loads(run("ip", "-n", router.namespace, "-s", "-j", "link", "show", "eth0"))
    return device["stats64"]["tx"]["bytes"]


def measure(build, folder, size, followers):
    lab = Lab(Build.of(build), folder)
    try:
        one, two = lab.subnet("one"), lab.subnet("two")
        line = lab.router("line", inside=two, outside=one)
        tracker = lab.host("tracker", one)
        tracker.node(role="tracker").start()
        trackers = {"trackers": [f"{tracker.v4}:7440"]}

        def peer(name, subnet):
            host = lab.host(name, subnet)
            host.shape(HOSTS_AT)
            subnet.shape(host, HOSTS_AT)
            return host.node(peer=trackers, node={"site": subnet.name}).launch()

        nodes = [peer("seeder", one)]
        nodes += [peer(f"{at.name}{n}", at) for at in (one, two) for n in range(followers)]
        seeder, *leechers = [node.ready() for node in nodes]
        seed("film", size, seeder)
        for device in ("eth0", "eth1"):
            line.shape(LINE_AT, device)
        before = carried(line)
        fetches = [Fetch(leecher) for leecher in leechers]
        last = max(fetch.finish().seconds for fetch in fetches)
        copies = (carried(line) - before) / size
    finally:
        lab.close()
    return (
        f"the last host at {last / (size / (LINE_AT * MBIT)):.2f} times the bound; the line carried "
        f"{copies:.2f} copies, headers included"
    )


def sites(bench):
    if reason := why_not():
        return [Figure("sites", "not measured", reason)]
    mib, followers = (1, 2) if bench.scale is Scale.SMOKE else (32, FOLLOWERS)
    found = []
    for turn in range(bench.rounds if bench.scale is not Scale.SMOKE else 1):
        folder = bench.folder / f"sites-{turn}"
        folder.mkdir()
        of = f"{followers} and {followers} of {HOSTS_AT} Mbit/s, line {LINE_AT} Mbit/s, {mib} MiB"
        found.append(Figure("sites", of, measure(bench.build, folder, mib * MIB, followers)))
    return found


SCENARIOS = {"sites": sites}
