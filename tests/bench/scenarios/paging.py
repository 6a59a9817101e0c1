"""How long a page of the catalog takes when it is long, and `p2pctl files` with all its pages, which
the peer collects and answers in one piece."""

import json

from bench import seconds
from figures import Figure
from inputs import MIB
from meter import median, memory
from tracker_load import port_of, program, quantiles, raise_descriptors, under_load

HELD = 200  # contents of each simulated peer
IN_ALL_NAMES = "0"  # of the simulated contents, so a page of them is full


def paging(bench):
    if not program(bench.build).exists():
        return [Figure("paging", "load generator", "not built: ninja tests/bench/tracker-load")]
    contents, questions = (100_000, 10_000, 400)[bench.scale], (500, 200, 5)[bench.scale]
    peers = contents // HELD
    raise_descriptors(peers)

    def part(net, load):
        load.order("connect", peers)
        load.order("hold", contents, HELD)
        yield "a page", quantiles(load.order("search", IN_ALL_NAMES, questions))
        peer = net.peer("peer", peer={"trackers": [f"127.0.0.1:{port_of(net)}"]}).start()
        found = []

        def ask():
            found[:] = json.loads(peer.ctl("--json", "files").stdout)["files"]

        times = [seconds(ask) for _ in range(bench.rounds)]
        assert len(found) == contents, f"{len(found)} of {contents} are listed"
        yield "p2pctl files, all of it", f"{median(times):.2f} s"
        lag, (_, held) = peer.json("status")["loop_lag_ms"]["max"], memory(peer.process.pid)
        yield "the peer meanwhile", f"busy for {lag:.0f} ms at a stretch, {held / MIB:.0f} MiB"

    lines = under_load(bench.build, peers, part)
    return [Figure(f"paging, {contents:,} contents", what, told) for what, told in lines]


SCENARIOS = {"paging": paging}
