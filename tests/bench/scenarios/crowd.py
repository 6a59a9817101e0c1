"""A publisher and its followers on one machine, which has far fewer cores than there are of them:
what the swarm sends in all, and what that costs, when everybody is late."""

import contextlib
import re
import time
from collections import Counter
from dataclasses import dataclass

from backing import back
from figures import Figure
from inputs import GIB, MIB, make_file
from meter import processor_seconds
from network import Network
from processes import Build, eventually

PATIENCE = 600  # seconds


@dataclass
class Finding:
    """Of one content that all but its publisher have fetched."""

    peers: int
    needed: int  # bytes
    received: int  # bytes of payload, by all peers together
    processor: float  # seconds, of all peers and their tracker
    seconds: float
    lines: int  # in all logs, since it was published
    most_alike: int  # of those lines, in one log and but for their numbers

    @property
    def ratio(self):
        return self.received / self.needed

    def __str__(self):
        per_gib = self.processor * GIB / self.needed
        return (
            f"{self.ratio:.3f} of the payload received, {per_gib:.2f} s/GiB, {self.seconds:.1f} s, "
            f"{self.lines} lines logged, one of them {self.most_alike} times in one log"
        )


@contextlib.contextmanager
def crowd(build, folder, peers):
    """A network of a publisher and followers that are connected to its tracker."""
    net = Network(Build.of(build), folder)
    try:
        net.tracker.start()
        names = [f"follower-{number:02}" for number in range(peers - 1)]
        followers = [net.peer(name, peer={"auto_fetch": ["film"]}) for name in names]
        (publisher,) = net.peers("publisher")
        for follower in followers:
            follower.launch()
        for follower in followers:
            follower.ready()
        yield net, publisher, followers
    finally:
        net.close()


def lines_of(node):
    """Of its log, without times and numbers."""
    return [re.sub(r"[0-9]+", "N", line) for line in node.log_text().splitlines()]


def received(nodes):
    return sum(node.json("status")["totals"]["down_bytes"] for node in nodes)


def fetched_by_all(net, publisher, followers, size):
    """Publishes a file of this size and waits until all have it."""
    content = make_file(publisher.share / "film", size)
    back(size * len(followers))
    pids = [node.process.pid for node in net.nodes]
    before = {node: len(lines_of(node)) for node in net.nodes}
    busy, _ = processor_seconds(pids)
    begin = time.monotonic()
    publisher.ctl("publish", content)
    copies = [follower.downloads / "film" for follower in followers]
    eventually(lambda: all(copy.exists() for copy in copies), "all have it", within=PATIENCE)
    seconds = time.monotonic() - begin
    used = processor_seconds(pids)[0] - busy
    logged = {node: lines_of(node)[count:] for node, count in before.items()}
    return Finding(
        peers=len(followers) + 1,
        needed=size * len(followers),
        received=received(followers),
        processor=used,
        seconds=seconds,
        lines=sum(map(len, logged.values())),
        most_alike=max(count for lines in logged.values() for count in Counter(lines).values()),
    )


def measure(build, folder, peers, size):
    with crowd(build, folder, peers) as (net, publisher, followers):
        return fetched_by_all(net, publisher, followers, size)


def all_crowds(bench):
    size = (64 * MIB, 16 * MIB, MIB)[bench.scale]
    found = []
    for peers in ((2, 8, 20, 60), (2, 20), (2, 4))[bench.scale]:
        folder = bench.folder / f"crowd-of-{peers}"
        folder.mkdir()
        finding = measure(bench.build, folder, peers, size)
        found.append(Figure(f"crowd, {size // MIB} MiB", f"{peers} peers", str(finding)))
    return found


SCENARIOS = {"crowd": all_crowds}
