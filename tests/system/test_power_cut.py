"""Power cuts in the midst of a fetch: the database never claims a chunk that is not on the disk, and
what people have put into a folder that is replaced is never lost."""

import os
import random
import secrets
import time
from pathlib import Path

import pytest
from content import MIB, part_of, same_bytes
from power_cut import PowerCut, compiled
from processes import eventually
from state import assert_on_disk, synced_chunks

# Another library before theirs is what the sanitizers do not bear.
pytestmark = pytest.mark.release_only

CHUNK = 64 * 1024
SIZE = 16 * MIB
LONGEST_ROUND = 1.6  # seconds from the first chunk on


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    return compiled(tmp_path_factory.mktemp("power_cut"))


def make_film(node):
    return node.make("content", SIZE)


def make_album(node):
    """Files that begin and end within chunks."""
    album = node.share / "content"
    album.mkdir()
    for number in range(64):
        node.make(f"content/{number:02}", SIZE // 64 - 1 + number % 3, seed=number)
    return album


class Fetch:
    """A slow fetch by a node that suffers power cuts."""

    def __init__(self, net, library, make, rate):
        number = int(os.environ.get("P2PD_SEED") or secrets.randbits(32))
        print(f"P2PD_SEED={number} repeats the moments")
        self.chance = random.Random(number)
        self.source = net.peer("source", limits={"upload": f"{rate} B/s"}).start()
        self.original = make(self.source)
        self.content = self.source.publish(self.original, "--chunk-size", "64KiB")
        self.node = net.peer("fetcher")
        self.power = PowerCut(self.node, library, self.chance)
        self.node.start()
        self.node.fetch("--detach", "content")
        self.synced = set()

    def flows(self):
        return self.node.json("status")["totals"]["down_bytes"] > 0

    def claimed(self):
        return synced_chunks(self.node, self.content)

    def cut(self):
        self.power.cut()
        before, self.synced = self.synced, self.claimed()
        assert before <= self.synced, "what has survived a cut survives the next one"
        assert_on_disk(part_of(self.node.downloads / "content"), self.original, self.synced, CHUNK)
        self.node.launch()
        eventually(self.node.answers, "it answers")

    def finish(self):
        self.source.ctl("limit", "--up", "0")
        self.node.ready()
        self.node.ctl("wait", self.node.transfer_id(self.content))
        assert "it is hashed" not in self.node.log_text(), "its mark lasts as its chunks do"
        everything = range(self.node.file("content")["chunks"])
        assert_on_disk(self.node.downloads / "content", self.original, everything, CHUNK)


def cut_at_random(net, library, make, rounds):
    fetch = Fetch(net, library, make, SIZE // (rounds * 16))  # it lasts for all of them
    for _ in range(rounds):
        eventually(fetch.flows, "it goes on by itself")
        time.sleep(fetch.chance.uniform(0, LONGEST_ROUND))  # a moment, no condition
        fetch.cut()
    print(f"{fetch.power.taken_back} bytes were lost in {rounds} cuts")
    assert fetch.power.taken_back > 0
    fetch.finish()


@pytest.mark.parametrize("make", [make_film, make_album])
def test_power_cuts(net, library, make):
    cut_at_random(net, library, make, rounds=4)


@pytest.mark.parametrize("make", [make_film, make_album])
def test_what_is_claimed_lasts(net, library, make):
    """No more is forgotten than the last batch."""
    fetch = Fetch(net, library, make, rate=1_000_000)
    first = eventually(fetch.claimed, "a batch is synced")
    eventually(lambda: fetch.claimed() > first, "and another one")
    fetch.cut()
    assert first <= fetch.synced
    fetch.finish()


def test_power_cuts_while_a_folder_is_replaced(net, library):
    number = int(os.environ.get("P2PD_SEED") or secrets.randbits(32))
    print(f"P2PD_SEED={number} repeats the moments")
    chance = random.Random(number)
    source, node = net.peers("source", "fetcher")
    album = make_album(source)
    source.publish(album)
    node.fetch("content")
    (node.downloads / "content" / "mine").write_text("mine")
    node.stop()
    power = PowerCut(node, library, chance)
    node.start()
    for path in album.iterdir():
        path.write_bytes(chance.randbytes(path.stat().st_size))
    content = source.publish(album)
    node.fetch("--detach", "--force", "content")
    for _ in range(4):
        time.sleep(chance.uniform(0, 0.4))  # a moment, no condition
        power.cut()
        node.start()
    node.ctl("wait", node.transfer_id(content))
    rest = node.downloads / "content.old-1"
    eventually(lambda: set(os.listdir(node.downloads)) == {"content", rest.name}, "the rest is kept")
    assert {path.name: path.read_text() for path in rest.iterdir()} == {"mine": "mine"}
    for path in album.iterdir():
        assert same_bytes(path, node.downloads / "content" / path.name)
    assert len(os.listdir(node.downloads / "content")) == len(os.listdir(album))


class AllLost:
    """No chance: whatever may be lost is."""

    @staticmethod
    def choice(values):
        return values[0]

    @staticmethod
    def random():
        return 0


def test_a_power_cut_just_after_a_small_file_was_replaced(net, library, scratch):
    """What p2pd wrote of the old one is known by then, so that is removed and not kept as others'."""
    source, node = net.peers("source", "fetcher")
    source.publish(source.make("film", 1000, seed=1))
    node.fetch("film")
    node.stop()
    power = PowerCut(node, library, AllLost)
    dies = compiled(scratch, Path(__file__).with_name("die_renamed.c"))
    whole = list(node.prefix)
    node.prefix[1] += f":{dies}"
    node.start()
    content = source.publish(source.make("film", 1000, seed=2))
    node.fetch("film", "--force", "--detach")
    eventually(lambda: not node.running, "it was killed when it had put it in its place")
    power.cut()
    node.prefix = whole
    node.start()
    node.ctl("wait", node.transfer_id(content))
    assert same_bytes(source.share / "film", node.downloads / "film")
    eventually(lambda: os.listdir(node.downloads) == ["film"], "the old one is removed")


@pytest.mark.long
@pytest.mark.parametrize("make", [make_film, make_album])
def test_many_power_cuts(net, library, make):
    cut_at_random(net, library, make, rounds=20)
