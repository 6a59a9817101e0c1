"""kill -9 at random moments of a fetch, and at the worst one: nothing that was synced is lost, nor
fetched again, and the database speaks of no chunk that is not in the part."""

import os
import random
import secrets
import time
from pathlib import Path

import pytest
from content import MIB, part_of, same_bytes, seed
from power_cut import compiled
from processes import eventually
from state import assert_on_disk, synced_chunks

CHUNK = 256 * 1024
SYNC_WINDOW = 64 * MIB  # at most so much was written and not synced when it ends
LONGEST_ROUND = 2.0  # seconds; a batch is synced when it is a second old


class Fetch:
    """One fetch, from a source that gives `rate` bytes per second, through many crashes."""

    def __init__(self, net, size, rate, files):
        self.size = size
        self.source = net.peer("source", limits={"upload": f"{rate} B/s"}).start()
        film = self.source.share / "film"
        if files > 1:
            make_files(film, size, files)
        else:
            self.source.make("film", size)
        self.content = self.source.publish(film, "--chunk-size", "256KiB")
        self.fetcher = net.peer("fetcher").start()
        self.fetcher.fetch("--detach", "film")
        self.synced = set()
        self.film, self.copy = film, self.fetcher.downloads / "film"

    @property
    def sent(self):
        return self.source.json("status")["totals"]["up_bytes"]

    @property
    def received(self):
        """Since the last crash."""
        return self.fetcher.json("status")["totals"]["down_bytes"]

    def crash_after(self, seconds):
        """Whether the fetch goes on; on a busy machine a round lasts longer, and it may be over."""
        time.sleep(seconds)  # a moment of the fetch, no condition that could be waited for
        self.look()
        self.fetcher.kill9()
        synced = synced_chunks(self.fetcher, self.content)
        assert_on_disk(part_of(self.copy), self.film, synced, CHUNK)
        if self.copy.exists():
            return False
        # None where it was about to be renamed; then all of it is there.
        whole = set(range(self.size // CHUNK))
        assert self.synced <= (synced or whole), "what was synced once stays"
        self.synced = synced or self.synced
        return True

    def look(self):
        """The transfer while it fetches; of what was synced before, nothing is fetched again."""
        row = self.fetcher.transfer(self.content)
        if row["stage"] == "fetch":
            fetched = sum(source["bytes"] for source in row["sources_detail"])
            assert row["done_bytes"] - fetched >= len(self.synced) * CHUNK

    def restart(self, flows):
        self.fetcher.launch()
        eventually(self.fetcher.answers, "it answers")
        if flows:
            eventually(lambda: self.received > 0 or self.over, "it goes on by itself")

    @property
    def over(self):
        return self.fetcher.transfer(self.content)["state"] == "done"

    def finish(self):
        self.source.ctl("limit", "--up", "0")
        self.fetcher.ready()
        self.fetcher.ctl("wait", self.fetcher.transfer_id(self.content), within=300)
        for name in os.listdir(self.film) if self.film.is_dir() else [""]:
            assert same_bytes(self.film / name, self.copy / name)
        assert self.received <= self.size - len(self.synced) * CHUNK
        assert "it is hashed" not in self.fetcher.log_text(), "its mark lasts as its chunks do"


def make_files(folder, size, files):
    """So many bytes in files of many sizes."""
    chance = random.Random(1)
    folder.mkdir()
    ends = sorted(chance.choices(range(size), k=files - 1)) + [size]
    for number, (begin, end) in enumerate(zip([0] + ends, ends)):
        (folder / f"{number:04}").write_bytes(chance.randbytes(end - begin))


def crash(net, size, rounds, files=1):
    number = int(os.environ.get("P2PD_SEED") or secrets.randbits(32))
    print(f"P2PD_SEED={number} repeats the moments")
    chance = random.Random(number)
    rate = int(size / (rounds * LONGEST_ROUND * 0.75))  # so that it takes all the rounds
    fetch = Fetch(net, size, rate, files)
    for _ in range(rounds):
        goes_on = fetch.crash_after(chance.uniform(0, LONGEST_ROUND))
        fetch.restart(flows=goes_on and chance.random() < 0.75)  # the others end soon after their start
        if not goes_on:
            break
    sent = fetch.sent
    fetch.finish()
    print(f"{rounds} crashes: {sent / size:.2f} of the size was sent until the last of them")
    assert fetch.sent <= size + rounds * SYNC_WINDOW


@pytest.mark.threads
def test_crashes_at_random_moments(net):
    crash(net, 24 * MIB, rounds=8)


@pytest.mark.threads
def test_crashes_while_a_tree_of_small_files_comes(net):
    crash(net, 8 * MIB, rounds=4, files=1000)


# Another library before theirs is what the sanitizers do not bear.
@pytest.mark.release_only
def test_a_crash_between_the_rename_and_the_database(net, scratch):
    """What was claimed is gone with the part, and what is in its place is found again."""
    library = compiled(scratch, Path(__file__).with_name("die_renamed.c"))
    source = net.peer("source", limits={"upload": "200 kB/s"}).start()
    content = seed("film", 4 * MIB, source, options=("--chunk-size", "64KiB"))
    fetcher = net.peer("fetcher")
    fetcher.prefix = ["env", f"LD_PRELOAD={library}"]
    fetcher.start().fetch("--detach", "film")
    eventually(lambda: synced_chunks(fetcher, content), "a batch was synced")
    source.ctl("limit", "--up", "0")
    eventually(lambda: not fetcher.running, "it was killed")
    fetcher.kill9()  # and reaped
    assert not part_of(fetcher.downloads / "film").exists()
    assert not synced_chunks(fetcher, content), "no chunk is claimed of a part that is gone"
    fetcher.prefix = []
    fetcher.start()
    fetcher.ctl("wait", fetcher.transfer_id(content))
    assert same_bytes(source.share / "film", fetcher.downloads / "film")
    assert fetcher.json("status")["totals"]["down_bytes"] == 0, "nothing is fetched again"


@pytest.mark.long
@pytest.mark.alone
@pytest.mark.release_only
def test_200_crashes_at_random_moments(net):
    crash(net, 512 * MIB, rounds=200)
