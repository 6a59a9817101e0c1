"""The swarm on links of known speed, each peer on a host of the lab: how near it comes to what the
links carry. Takes root."""

import contextlib
import time

from content import seed
from figures import Figure
from inputs import MIB
from lab import Lab, why_not
from processes import Build, eventually
from scale import Scale
from swarm import Swarm
from watched import Fetch

MBIT = 1e6 / 8


@contextlib.contextmanager
def wired(bench):
    lab = Lab(Build.of(bench.build), bench.folder)
    try:
        yield Swarm(lab)
    finally:
        lab.close()


def links(bench):
    if reason := why_not():
        return [Figure("links", "not measured", reason)]
    if bench.scale is Scale.SMOKE:
        return four_seeders(bench, MIB)
    size = (384 * MIB, 96 * MIB)[bench.scale]
    return [
        *four_seeders(bench, size),
        *eight_fetchers(bench, size // 3),
        *slots(bench),
        *limits(bench),
    ]


def four_seeders(bench, size):
    speeds = {"one": 10, "two": 20, "three": 40, "four": 80}
    with wired(bench) as net:
        seed("film", size, *net.shaped_peers(**speeds))
        (fetcher,) = net.peers("fetcher")
        fetch = Fetch(fetcher).finish()
    rate = f"{size / fetch.seconds / MBIT:.1f} of {sum(speeds.values())} Mbit/s"
    return [Figure("links", "four seeders of unlike speed", f"{rate}; {fetch}")]


def eight_fetchers(bench, size):
    """Of one seeder, beside one fetcher alone."""
    with wired(bench) as net:
        (seeder,) = net.shaped_peers(seeder=40)
        seed("film", size, seeder)
        alone, *fetchers = net.peers("alone", *(f"fetcher{number}" for number in range(8)))
        one = Fetch(alone).finish()
        alone.stop()
        before = seeder.json("status")["totals"]["up_bytes"]
        fetches = [Fetch(fetcher) for fetcher in fetchers]
        slowest = max((fetch.finish() for fetch in fetches), key=lambda fetch: fetch.seconds)
        copies = (seeder.json("status")["totals"]["up_bytes"] - before) / size
    ratio = f"{slowest.seconds / one.seconds:.2f} times as long as one alone"
    told = f"the slowest takes {ratio}; {copies:.2f} copies sent; {slowest}"
    return [Figure("links", "eight fetchers of a seeder at 40 Mbit/s", told)]


def slots(bench):
    """Six want what two slots give, and a seventh comes while they are served."""
    with wired(bench) as net:
        seeder = net.peer("seeder", peer={"upload_slots": 2}).start()
        seeder.host.shape(40)
        seed("film", 128 * MIB, seeder)
        *fetchers, newcomer = net.peers(*(f"fetcher{number}" for number in range(6)), "newcomer")
        fetches = [Fetch(fetcher, "film", "--from", "seeder") for fetcher in fetchers]
        time.sleep(5)  # what is measured, and so is the next
        late = Fetch(newcomer, "film", "--from", "seeder")
        time.sleep(4)
        longest = max(fetch.longest_wait for fetch in fetches)
    told = f"{longest:.1f} s without a byte at most, {late.first:.1f} s until the newcomer's first"
    return [Figure("links", "six fetchers of two slots, then one more", told)]


def limits(bench):
    """`limit` at the sender and at the receiver, and a change of it."""
    with wired(bench) as net:
        slow, fast = senders = net.peers("slow", "fast")
        seed("film", 256 * MIB, *senders, options=("--chunk-size", "128KiB"))
        first, second = net.peers("first", "second")
        limited = {"upload": (slow, "--up"), "download": (second, "--down")}

        def limit(rate):
            for node, way in limited.values():
                node.ctl("limit", way, rate)

        limit("20MB/s")
        fetches = [Fetch(first, "film", "--from", "slow"), Fetch(second, "film", "--from", "fast")]
        reach(fetches, 11.5)
        limit("10MB/s")
        changed = [fetch.now for fetch in fetches]
        reach(fetches, 14.8)
        limit("0")
        found = []
        for fetch, change, way in zip(fetches, changed, limited):
            fetch.finish()
            held, after = fetch.rate(1, 11) / 1e6, fetch.rate(change + 1, change + 3) / 1e6
            told = f"{held:.2f} MB/s of 20, {after:.2f} of 10 from a second after the change"
            found.append(Figure("links", f"a limit of the {way}", told))
    return found


def reach(fetches, moment):
    eventually(lambda: all(fetch.now > moment for fetch in fetches), f"{moment} s")


SCENARIOS = {"links": links}
