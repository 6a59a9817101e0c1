"""Sites with a thin line between them, which carries hardly anything twice."""

import pytest
from content import MIB, same_bytes, seed
from swarm import TwoSites
from watched import Fetch

SIZE = 8 * MIB

pytestmark = pytest.mark.release_only


def test_a_content_crosses_the_line_about_once(lab):
    net = TwoSites(lab, followers=4, host_mbit=100, line_mbit=20)
    seed("film", SIZE, net.seeder)
    before = net.carried
    for fetch in [Fetch(leecher) for leecher in net.leechers]:
        fetch.finish()
    copies = (net.carried - before) / SIZE
    print(f"the line carried {copies:.2f} copies, headers included")
    for leecher in net.leechers:
        assert same_bytes(net.seeder.share / "film", leecher.downloads / "film")
    assert copies < 1.5, "each of the four would have fetched much of it by itself"
