"""The swarm on links of known speed: who gives how much. How near it comes to what the links carry
is for the bench to say (tests/bench/scenarios/links.py)."""

import os
import random
import secrets
import time

import pytest
from content import MIB, same_bytes, seed
from processes import eventually
from swarm import Swarm
from test_main_job import bytes_by_source
from watched import Fetch

CHUNK = 512 * 1024

pytestmark = pytest.mark.release_only


@pytest.fixture
def wired(lab):
    return Swarm(lab)


def test_four_seeders_of_unlike_speed(wired):
    speeds = {"one": 10, "two": 20, "three": 40, "four": 80}
    seeders = wired.shaped_peers(**speeds)
    content = seed("film", 48 * MIB, *seeders)
    (fetcher,) = wired.peers("fetcher")
    fetcher.fetch("film")
    assert same_bytes(seeders[0].share / "film", fetcher.downloads / "film")
    shares = bytes_by_source(fetcher, content)
    print("shares of sources of", speeds, "Mbit/s:", shares)
    assert sorted(shares, key=shares.get) == list(speeds), "the faster gives more"


def test_sources_that_come_and_go(wired, pytestconfig):
    """One of three is alive at a time; it is killed at a random moment, and another comes."""
    lasts, mbit = 60 if pytestconfig.getoption("--long") else 8, 40
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
    print(f"{turns} sources, one after another; {received / size - 1:.1%} fetched twice; {fetch}")
    assert same_bytes(sources[0].share / "film", fetcher.downloads / "film")
    assert len(fetcher.json("transfers")["transfers"]) == 1
    assert fetch.never_lost_any
    assert received <= size + turns * CHUNK


def uploaded(node):
    return node.json("status")["totals"]["up_bytes"]


def test_eight_fetchers_of_one_slow_seeder(wired):
    (seeder,) = wired.shaped_peers(seeder=40)
    size = 32 * MIB
    seed("film", size, seeder)
    fetchers = wired.peers(*(f"fetcher{number}" for number in range(8)))
    fetches = [Fetch(fetcher) for fetcher in fetchers]
    for fetch in fetches:
        fetch.finish()
        assert same_bytes(seeder.share / "film", fetch.node.downloads / "film")
    copies = uploaded(seeder) / size
    print(f"{copies:.2f} copies sent")
    assert copies <= 1.3


def test_everybody_gets_a_slot(wired):
    """Six want what two slots give, and a seventh comes while they are served."""
    seeder = wired.peer("seeder", peer={"upload_slots": 2}).start()
    seeder.host.shape(40)
    seed("film", 256 * MIB, seeder)
    *fetchers, newcomer = wired.peers(*(f"fetcher{number}" for number in range(6)), "newcomer")
    fetches = [Fetch(fetcher, "film", "--from", "seeder") for fetcher in fetchers]
    eventually(lambda: all(fetch.had > 0 for fetch in fetches), "each of six has got something")
    late = Fetch(newcomer, "film", "--from", "seeder")
    eventually(lambda: late.had > 0, "so has the newcomer")
    assert all(fetch.goes_on for fetch in fetches)
