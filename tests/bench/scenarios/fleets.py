"""Fleets that fetch from one seeder at the same time, each host behind a link of known speed both
ways: how near the last one comes to what no swarm can beat. Takes root."""

from dataclasses import dataclass

from content import seed
from figures import Figure
from inputs import MIB
from lab import Lab, why_not
from processes import Build
from scale import Scale
from swarm import Swarm
from watched import Fetch

MBIT = 1e6 / 8


@dataclass(frozen=True)
class Fleet:
    """Rates in Mbit/s, up and down alike."""

    leechers: int
    seeds_at: int
    fetch_at: int
    mib: int

    @property
    def size(self):
        return self.mib * MIB

    @property
    def bound(self):
        """Seconds: the seeder sends all of it once, each leecher takes it, all together send what all
        take."""
        all_send = self.seeds_at + self.leechers * self.fetch_at
        slowest = min(self.seeds_at, self.fetch_at, all_send / self.leechers)
        return self.size / (slowest * MBIT)

    def __str__(self):
        hosts = f"{self.leechers} of {self.fetch_at} Mbit/s"
        return f"{hosts}, seeder {self.seeds_at} Mbit/s, {self.mib} MiB"


FLEETS = (Fleet(16, 20, 20, 32), Fleet(4, 50, 50, 16), Fleet(12, 10, 100, 16), Fleet(48, 10, 10, 16))


@dataclass
class Finding:
    last: float  # times the bound, as the next
    median: float
    copies: float  # that the seeder sent
    received: float  # by that needed

    def __str__(self):
        return (
            f"the last host at {self.last:.2f} times the bound, the median at {self.median:.2f}; "
            f"{self.copies:.2f} copies sent by the seeder, {self.received:.3f} of the payload received"
        )


def measure(build, folder, fleet, options=()):
    lab = Lab(Build.of(build), folder)
    try:
        net = Swarm(lab)
        seeder, *leechers = net.peers("seeder", *(f"leecher{n}" for n in range(fleet.leechers)))
        seed("film", fleet.size, seeder, options=options)
        for node, mbit in [(seeder, fleet.seeds_at), *((each, fleet.fetch_at) for each in leechers)]:
            node.host.shape(mbit)
            net.lan.shape(node.host, mbit)
        fetches = [Fetch(leecher) for leecher in leechers]
        times = sorted(fetch.finish().seconds / fleet.bound for fetch in fetches)
        sent = seeder.json("status")["totals"]["up_bytes"]
        received = sum(node.json("status")["totals"]["down_bytes"] for node in leechers)
    finally:
        lab.close()
    needed = fleet.size * fleet.leechers
    return Finding(times[-1], times[len(times) // 2], sent / fleet.size, received / needed)


def fleets(bench):
    if reason := why_not():
        return [Figure("fleets", "not measured", reason)]
    chosen = (FLEETS, FLEETS[:3], (Fleet(2, 20, 20, 1),))[bench.scale]
    found = []
    for number, fleet in enumerate(chosen):
        for turn in range(bench.rounds if bench.scale is not Scale.SMOKE else 1):
            folder = bench.folder / f"fleet-{number}-{turn}"
            folder.mkdir()
            found.append(Figure("fleets", str(fleet), str(measure(bench.build, folder, fleet))))
    return found


SCENARIOS = {"fleets": fleets}
