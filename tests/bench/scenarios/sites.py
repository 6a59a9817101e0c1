"""Two sites behind one thin line, the seeder at one of them: how often the content crosses the line.
Takes root."""

from content import seed
from figures import Figure
from inputs import MIB
from lab import Lab, why_not
from processes import Build
from scale import Scale
from swarm import TwoSites
from watched import Fetch

MBIT = 1e6 / 8
HOSTS_AT, LINE_AT = 100, 20  # Mbit/s, both ways
FOLLOWERS = 6  # a site


def measure(build, folder, size, followers):
    lab = Lab(Build.of(build), folder)
    try:
        net = TwoSites(lab, followers, HOSTS_AT, LINE_AT)
        seed("film", size, net.seeder)
        before = net.carried
        fetches = [Fetch(leecher) for leecher in net.leechers]
        last = max(fetch.finish().seconds for fetch in fetches)
        copies = (net.carried - before) / size
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
