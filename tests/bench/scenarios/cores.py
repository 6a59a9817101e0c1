"""One-to-one on one core and on two, and what each thread needs: the loop, which reads, writes and
speaks with peers, and the pool, for hashes and the disk."""

import contextlib
import os

from contest import one_round, set_up
from contestant import Task
from figures import Figure
from inputs import GIB, MIB, make_file
from meter import median, thread_seconds
from rivals.p2pd import P2pd
from scenarios.transfers import told

LINK = 25e9 / 8 / GIB  # GiB/s of a link of 25 Gbit/s


class Threads(P2pd):
    """Tells of each side how long its loop and its pool were busy while it acted."""

    def __init__(self, task):
        super().__init__(task)
        self.spent = []  # of each round: the seeder's loop and pool, and the leecher's

    def act(self):
        before = self._spent()
        super().act()
        self.spent.append([after - early for after, early in zip(self._spent(), before)])

    def _spent(self):
        return [each for pid in self.servers + self.clients for each in thread_seconds(pid)]


@contextlib.contextmanager
def on_cores(count):
    """What is started meanwhile has so many of them."""
    all_cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(all_cores)[:count])
    try:
        yield
    finally:
        os.sched_setaffinity(0, all_cores)


def cores(bench):
    size = (GIB, 256 * MIB, MIB)[bench.scale]
    content = make_file(bench.folder / "input" / "file", size)
    found = []
    for count in (1, 2):
        if count <= len(os.sched_getaffinity(0)):
            found += sweep(bench, content, size, count)
    return found


def sweep(bench, content, size, count):
    scenario = f"cores, one-to-one, {told(size)}, on {count}"
    folder = bench.folder / f"on-{count}"
    folder.mkdir()
    with on_cores(count), contextlib.ExitStack() as stack:
        host = set_up(Threads, Task(bench.build, folder, content), stack)
        runs = [one_round(host) for _ in range(bench.rounds)]
    rate = size / median([run.seconds for run in runs]) / 1e6
    spent = [median(each) * GIB / size for each in zip(*host.spent)]
    found = [Figure(scenario, "p2pd", f"{rate:.0f} MB/s")]
    for side, loop, pool in zip(("seeder", "leecher"), spent[::2], spent[1::2]):
        needs = f"{loop * LINK:.1f} and {pool * LINK:.1f} cores at 25 Gbit/s"
        figure = f"loop {loop:.2f} s/GiB, pool {pool:.2f} s/GiB; {needs}"
        found.append(Figure(scenario, side, figure))
    return found


SCENARIOS = {"cores": cores}
