"""Sources that give nothing, or next to nothing, beside one that gives all: they hold up nobody."""

import time

import pytest
from bounds import AT_MOST, SLOWER, bounded
from content import MIB, same_bytes, seed
from processes import eventually
from sources import (
    CHUNK,
    Announcing,
    Boasting,
    DrippingManifest,
    Hoarding,
    Mute,
    Refusing,
    Slow,
    Trickling,
    TricklingInTurn,
    sources,
)

SIZE = 60 * MIB
RATE = "20 MB/s"


class Swarm:
    """An honest source, and how long a fetch from it usually takes."""

    def __init__(self, net, limits=None):
        self.net, self.limits = net, limits or {}
        self.honest = net.peer("honest", limits={"upload": RATE}).start()
        self.content = seed("film", SIZE, self.honest, options=("--chunk-size", str(CHUNK)))
        usual = self.net.peer("usual", limits=self.limits).start()
        self.usual = self.fetch(usual)
        usual.stop()

    def fetch(self, fetcher, within=60.0):
        begin = time.monotonic()
        fetcher.spawn("fetch", "film", "-o", fetcher.home / "film").finish(0, within)
        return self.took(fetcher, begin)

    def took(self, fetcher, begin):
        took = time.monotonic() - begin
        assert same_bytes(self.honest.share / "film", fetcher.home / "film")
        return took

    def within_bounds(self, took, what):
        print(f"{what}: {took:.1f} s, usually {self.usual:.1f} s")
        assert took <= max(SLOWER * self.usual, self.usual + AT_MOST)

    def goes_on_beside(self, kind, count, **more):
        """They are there when the fetch begins, as the honest one is."""
        fetcher = self.net.peer("fetcher", limits=self.limits).start()
        with bounded(fetcher, allowance=100 * MIB):
            with sources(kind, count, self.net, self.content, "film", SIZE, **more) as made:
                took = self.fetch(fetcher)
        self.within_bounds(took, f"{count} {kind.__name__} beside")
        return made, took

    def goes_on_after(self, kind, count, **more):
        """They alone are there at first."""
        fetcher = self.net.peer("fetcher", limits=self.limits).start()
        self.honest.stop()
        with bounded(fetcher, allowance=100 * MIB):
            with sources(kind, count, self.net, self.content, "film", SIZE, **more) as made:
                fetcher.fetch("film", "-o", fetcher.home / "film", "--detach")
                eventually(lambda: sum(source.asked for source in made) >= min(count, 3), "asked")
                self.honest.start()
                begin = time.monotonic()
                fetcher.ctl("wait", "1", within=60)
                took = self.took(fetcher, begin)
        self.within_bounds(took, f"{count} {kind.__name__} before")


@pytest.fixture
def swarm(net):
    return Swarm(net)


@pytest.mark.parametrize("kind", [Mute, Announcing, DrippingManifest])
def test_who_gives_no_manifest_holds_up_nobody(swarm, kind):
    swarm.goes_on_after(kind, 5)


@pytest.mark.parametrize("kind", [Trickling, TricklingInTurn])
def test_tricklers_hold_up_nobody(swarm, kind):
    swarm.goes_on_beside(kind, 4)


def test_slow_sources_hold_up_nobody(swarm):
    swarm.goes_on_beside(Slow, 30, data=(swarm.honest.share / "film").read_bytes())


# Each of them is asked for several chunks, and more of them than there is memory for.
def test_tricklers_of_one_fetch_leave_memory_to_another(net):
    swarm = Swarm(net, limits={"memory": "16 MiB"})
    fetcher = net.peer("fetcher", limits=swarm.limits).start()
    members = [Hoarding(net, "hoard", SIZE, title=f"hoarder-{number}") for number in range(8)]
    fetcher.fetch("hoard", "-o", fetcher.home / "hoard", "--detach")
    eventually(lambda: sum(member.asked for member in members) >= 2 * len(members), "all are asked")
    swarm.within_bounds(swarm.fetch(fetcher), f"{len(members)} tricklers of another fetch")
    for member in members:
        member.close()


@pytest.mark.parametrize("kind", [Refusing, Boasting])
def test_those_who_refuse_everything_are_not_asked_without_end(swarm, kind):
    made, took = swarm.goes_on_beside(kind, 5)
    chunks = SIZE // CHUNK
    for source in made:
        assert 0 < source.asked <= 2 * chunks + 8 * took, "each once, and then a few a second"
