"""The swarm on links of known speed: how near it comes to what they carry."""

import pytest
from content import MIB, same_bytes, seed
from shaped import FRAME, PAYLOAD, ShapedNetwork, tcp_rate, why_not, wires
from watched import Fetch

pytestmark = [pytest.mark.alone, pytest.mark.release_only]


@pytest.fixture
def wired(build, memory_scratch):
    """A tracker on wires that tests may shape."""
    if reason := why_not():
        pytest.skip(reason)
    with wires() as links:
        made = ShapedNetwork(build, memory_scratch, links)
        try:
            made.tracker.start()
            yield made
        finally:
            made.close()


def test_a_link_is_as_fast_as_it_says(wired):
    wired.links.add("near")
    wired.links.add("far")
    wired.links.shape("far", 40)
    rate = tcp_rate(wired.links, "far", "near", 1.5) * FRAME / PAYLOAD
    print(f"a TCP stream fills {rate / 1e6:.2f} of 40 Mbit/s")
    assert abs(rate / 40e6 - 1) < 0.03


def test_four_seeders_of_unlike_speed(wired):
    speeds = {"one": 10, "two": 20, "three": 40, "four": 80}
    seeders = wired.shaped_peers(**speeds)
    size = 96 * MIB
    seed("film", size, *seeders)
    (fetcher,) = wired.peers("fetcher")
    fetch = Fetch(fetcher).finish()
    rate = 8 * size / fetch.seconds / 1e6
    print(f"four seeders: {rate:.1f} of {sum(speeds.values())} Mbit/s; {fetch}")
    assert same_bytes(seeders[0].share / "film", fetcher.downloads / "film")
    assert rate >= 0.9 * sum(speeds.values())
    assert fetch.tail <= 0.03
