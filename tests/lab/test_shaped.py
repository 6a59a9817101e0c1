"""The swarm on links of known speed: how near it comes to what they carry."""

import os
import random
import secrets
import time

import pytest
from content import MIB, same_bytes, seed
from processes import eventually
from swarm import Swarm
from watched import Fetch

CHUNK = 512 * 1024

pytestmark = [pytest.mark.alone, pytest.mark.release_only]


@pytest.fixture
def wired(lab):
    return Swarm(lab)


@pytest.fixture
def scale(pytestconfig):
    """How much longer the long run is."""
    return 4 if pytestconfig.getoption("--long") else 1


def test_four_seeders_of_unlike_speed(wired, scale):
    speeds = {"one": 10, "two": 20, "three": 40, "four": 80}
    seeders = wired.shaped_peers(**speeds)
    size = scale * 96 * MIB
    seed("film", size, *seeders)
    (fetcher,) = wired.peers("fetcher")
    fetch = Fetch(fetcher).finish()
    rate = 8 * size / fetch.seconds / 1e6
    print(f"four seeders: {rate:.1f} of {sum(speeds.values())} Mbit/s; {fetch}")
    assert same_bytes(seeders[0].share / "film", fetcher.downloads / "film")
    assert rate >= 0.9 * sum(speeds.values())
    assert fetch.tail <= 0.03


def test_sources_that_come_and_go(wired, scale):
    """One of three is alive at a time; it is killed at a random moment, and another comes."""
    lasts, mbit = 60 if scale > 1 else 8, 40
    number = int(os.environ.get("P2PD_SEED") or secrets.randbits(32))
    print(f"P2PD_SEED={number} repeats the moments")
    chance = random.Random(number)
    sources = wired.shaped_peers(one=mbit, two=mbit, three=mbit)
    size = int(0.8 * lasts * mbit * 1e6 / 8)
    seed("film", size, *sources)
    for source in sources[1:]:
        source.kill9()
    (fetcher,) = wired.peers("fetcher")
    began, fetch, turns = time.monotonic(), Fetch(fetcher), 1
    while fetch.goes_on and time.monotonic() < began + lasts:
        time.sleep(chance.uniform(0.5, 4))  # a moment of the fetch, no condition
        alive = next(source for source in sources if source.running)
        alive.kill9()
        chance.choice([source for source in sources if source is not alive]).start()
        turns += 1
    fetch.finish()
    received = fetcher.json("status")["totals"]["down_bytes"]
    speed = f"{8 * size / fetch.seconds / 1e6:.1f} of {mbit} Mbit/s"
    twice = f"{received / size - 1:.1%} fetched twice"
    print(f"{turns} sources, one after another: {speed}, {twice}; {fetch}")
    assert same_bytes(sources[0].share / "film", fetcher.downloads / "film")
    assert len(fetcher.json("transfers")["transfers"]) == 1
    assert fetch.never_lost_any
    assert received <= size + turns * CHUNK
    assert fetch.tail <= 0.03


def uploaded(node):
    return node.json("status")["totals"]["up_bytes"]


def test_eight_fetchers_of_one_slow_seeder(wired, scale):
    (seeder,) = wired.shaped_peers(seeder=40)
    size = scale * 32 * MIB
    seed("film", size, seeder)
    alone, *fetchers = wired.peers("alone", *(f"fetcher{number}" for number in range(8)))
    one = Fetch(alone).finish()
    alone.stop()
    before = uploaded(seeder)
    fetches = [Fetch(fetcher) for fetcher in fetchers]
    slowest = max((fetch.finish() for fetch in fetches), key=lambda fetch: fetch.seconds)
    copies = (uploaded(seeder) - before) / size
    ratio = f"{slowest.seconds / one.seconds:.2f} times that"
    print(f"one fetcher: {one}; the slowest of eight: {slowest}, {ratio}; {copies:.2f} copies sent")
    for fetcher in fetchers:
        assert same_bytes(seeder.share / "film", fetcher.downloads / "film")
    assert slowest.seconds <= 1.25 * one.seconds
    assert copies <= 1.3
    assert max(fetch.tail for fetch in fetches) <= 0.03


def test_nobody_waits_long_for_a_slot(wired):
    """Six want what two slots give, and a seventh comes while they are served."""
    seeder = wired.peer("seeder", peer={"upload_slots": 2}).start()
    seeder.host.shape(40)
    seed("film", 128 * MIB, seeder)
    *fetchers, newcomer = wired.peers(*(f"fetcher{number}" for number in range(6)), "newcomer")
    fetches = [Fetch(fetcher, "film", "--from", "seeder") for fetcher in fetchers]
    eventually(lambda: fetches[0].now > 5, "some time has passed")
    late = Fetch(newcomer, "film", "--from", "seeder")
    eventually(lambda: late.now > 4, "some more")
    waits = [fetch.longest_wait for fetch in fetches]
    print("two slots; the longest waits of six:", ", ".join(f"{wait:.1f}" for wait in waits),
          f"s; a newcomer's first chunk after {late.first:.1f} s")  # fmt: skip
    assert max(waits) <= 5
    assert late.first <= 3
