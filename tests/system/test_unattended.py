"""What nobody looks at mends itself: fetches of auto_fetch that lack something, and what is verified
by itself. And a limit on the size of files is an error, not the end."""

import os
import resource
import sqlite3
import subprocess
import time

import pytest
from content import MIB, rot, same_bytes, seed
from disks import Disk
from processes import eventually

YEAR = 366 * 24 * 3600


@pytest.fixture
def disk(request, scratch):
    made = Disk(request.param, scratch)
    try:
        yield made.mount().place
    finally:
        made.close()


def follower_onto(net, place):
    folder = place / "downloads"
    return net.peer("follower", peer={"auto_fetch": ["*"], "download_dir": str(folder)})


@pytest.mark.parametrize("disk", ["ext4"], indirect=True)
def test_auto_fetch_waits_for_space(net, disk):
    ballast = disk / "ballast"
    ballast.write_bytes(os.urandom(48 * MIB))
    (source,) = net.peers("source")
    follower = follower_onto(net, disk).start()
    content = seed("film", 16 * MIB, source)
    eventually(lambda: (follower.transfer(content) or {}).get("state") == "paused", "it waits")
    assert "free" in follower.transfer(content)["error"]
    follower.stop()
    follower.start()
    eventually(lambda: (follower.transfer(content) or {}).get("state") == "paused", "it waits after a restart")
    ballast.unlink()
    eventually(lambda: follower.transfer(content)["state"] == "done", "it goes on by itself")
    assert same_bytes(source.share / "film", disk / "downloads" / "film")


@pytest.mark.parametrize("disk", ["btrfs"], indirect=True)
def test_a_quota_pauses_as_a_full_disk_does(net, disk):
    def btrfs(*words):
        subprocess.run(["btrfs", *words], check=True, capture_output=True)

    folder = disk / "downloads"
    btrfs("quota", "enable", disk)
    btrfs("subvolume", "create", folder)
    btrfs("qgroup", "limit", "1M", folder)
    (source,) = net.peers("source")
    follower = follower_onto(net, disk).start()
    content = seed("film", 3 * MIB, source)
    eventually(lambda: (follower.transfer(content) or {}).get("state") == "paused", "it waits")
    assert "quota" in follower.transfer(content)["error"]
    assert "quota" in follower.json("why", follower.transfer_id(content))["transfers"][0]["reasons"][0]["cause"]
    btrfs("qgroup", "limit", "none", folder)
    eventually(lambda: follower.transfer(content)["state"] == "done", "it goes on by itself")
    assert same_bytes(source.share / "film", folder / "film")


def limit_files(node, size):
    _, hard = resource.prlimit(node.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(node.process.pid, resource.RLIMIT_FSIZE, (hard if size is None else size, hard))


def test_a_file_that_may_not_be_so_large(net):
    source, fetcher = net.peers("source", "fetcher")
    seed("film", 3 * MIB, source)
    limit_files(fetcher, 2 * MIB)
    message = fetcher.refusal("fetch", "film", code=1)
    assert "downloads/film" in message and "File too large" in message and "LimitFSIZE" in message
    limit_files(fetcher, None)
    fetcher.fetch("film")
    assert same_bytes(source.share / "film", fetcher.downloads / "film")


def test_a_limit_on_files_that_comes_later_does_not_end_it(net):
    source = net.peer("source", limits={"upload": "400 kB/s"}).start()
    (fetcher,) = net.peers("fetcher")
    content = seed("film", 16 * MIB, source)
    fetcher.fetch("film", "--detach")
    eventually(lambda: fetcher.done_bytes(content) > 0, "something has come")
    limit_files(fetcher, MIB)
    eventually(lambda: fetcher.transfer(content)["state"] == "failed", "it says so")
    assert "LimitFSIZE" in fetcher.transfer(content)["error"]
    limit_files(fetcher, None)
    source.ctl("limit", "--up", "0")
    fetcher.fetch("film")
    assert same_bytes(source.share / "film", fetcher.downloads / "film")


def test_what_was_verified_in_the_future_is_due(net):
    source, keeper = net.peers("source", "keeper")
    seed("film", MIB, source)
    keeper.fetch("film")
    keeper.stop()
    with sqlite3.connect(keeper.state / "state.db") as database:
        database.execute("UPDATE library SET verified = ?", (int(time.time()) + 10 * YEAR,))
    database.close()
    keeper.configure(peer={"scrub": "1 s"})
    keeper.start()
    copy = keeper.downloads / "film"
    rot(copy, MIB // 2)
    eventually(lambda: same_bytes(source.share / "film", copy), "the damage is found and repaired")
    assert "chunks of film are damaged" in keeper.log_text()
