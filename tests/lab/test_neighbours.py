"""Whom the hosts of a fleet are linked with while they fetch, and afterwards."""

from content import MIB, same_bytes, seed
from processes import eventually
from swarm import Swarm
from watched import Fetch

FLEET = 16
KEPT = 8 + 1  # links that nobody needs, and the tracker's


def links(node):
    return node.json("status")["connections"]


def test_a_fleet_lets_go_of_its_links_and_takes_a_latecomer(lab):
    wired = Swarm(lab)
    (seeder,) = wired.shaped_peers(seeder=200)
    seed("film", 24 * MIB, seeder)
    fleet = wired.peers(*(f"host{number}" for number in range(FLEET)))
    fetches = [Fetch(node) for node in fleet]
    for fetch in fetches:
        fetch.finish()
        assert same_bytes(seeder.share / "film", fetch.node.downloads / "film")
    nodes = [seeder, *fleet]
    eventually(lambda: all(links(node) <= KEPT for node in nodes), "few links stay")
    seeder.kill9()
    (late,) = wired.peers("late")
    late.fetch("film")
    assert same_bytes(seeder.share / "film", late.downloads / "film")
