"""What p2pd costs when nothing is fetched: after a restart, and idle."""

import contextlib
import time

from backing import back
from figures import Figure
from inputs import KIB, MIB, make_file
from meter import median, memory, scheduled_seconds
from network import Network
from processes import Build, eventually

BATCH = 1000  # paths in one command


@contextlib.contextmanager
def publisher(bench, contents):
    """A network with one peer that has published so many files of 1 KiB."""
    net = Network(Build.of(bench.build), bench.folder)
    try:
        net.tracker.start()
        (peer,) = net.peers("peer")
        paths = [peer.share / f"file-{number:05}" for number in range(contents)]
        for number, path in enumerate(paths):
            make_file(path, KIB, number)
        for first in range(0, contents, BATCH):
            peer.ctl("publish", *paths[first : first + BATCH], within=600)
        listed(net, contents)
        yield net, peer
    finally:
        net.close()


def listed(net, contents):
    eventually(
        lambda: net.tracker.json("status")["contents"] == contents, "all are listed", within=600
    )


def restart(bench):
    contents = (10_000, 1000, 20)[bench.scale]
    answering, whole = [], []
    with publisher(bench, contents) as (net, peer):
        for _ in range(bench.rounds):
            peer.stop()
            listed(net, 0)
            back(0)
            begin = time.monotonic()
            peer.launch()
            eventually(peer.answers, "it answers")
            answering.append(time.monotonic() - begin)
            listed(net, contents)
            whole.append(time.monotonic() - begin)
    scenario = f"restart, {contents:,} published files"
    return [
        Figure(scenario, "p2pctl is answered", f"{median(answering):.2f} s after the start"),
        Figure(scenario, "the tracker lists all", f"{median(whole):.2f} s after the start"),
    ]


def idle(bench):
    contents = (100, 100, 5)[bench.scale]
    window = (30, 10, 1)[bench.scale]
    with publisher(bench, contents) as (net, peer):
        nodes = (peer, net.tracker)
        pids = [node.process.pid for node in nodes]
        before = [scheduled_seconds(pid) for pid in pids]
        time.sleep(window)  # this is what is measured
        used = [scheduled_seconds(pid) - early for pid, early in zip(pids, before)]
        anonymous = [memory(pid)[1] for pid in pids]
    scenario = f"idle, {contents} published files, {window} s"
    return [
        Figure(scenario, node.name, f"{100 * busy / window:.3f} % of a core, {told(size)}")
        for node, busy, size in zip(nodes, used, anonymous)
    ]


def told(anonymous):
    return f"{anonymous / MIB:.1f} MiB of anonymous memory"


SCENARIOS = {"restart": restart, "idle": idle}
