"""What is fetched onto file systems that are not as ext4 is."""

import os

from pathlib import Path

import pytest
from content import MIB, SMALL_CHUNK, same_bytes, seed
from disks import Disk
from power_cut import compiled
from processes import eventually
from state import synced_chunks

PIECES = ("--chunk-size", "16KiB")
FUSE = ["bindfs", "mergerfs", "unionfs", "ntfs"]


@pytest.fixture
def disk(request, scratch):
    made = Disk(request.param, scratch)
    try:
        yield made.mount()
    finally:
        made.close()


@pytest.fixture
def pair(disk, net):
    """A source, and a fetcher that fetches onto the disk."""
    source = net.peer("source").start()
    return source, net.peer("fetcher", peer={"download_dir": str(disk.place / "downloads")}).start()


def make_album(node, version):
    album = node.share / "album"
    album.mkdir(exist_ok=True)
    for number in range(3):
        (album / f"{number}").write_text(f"{version} {number}\n" * 3000)
    (album / version).write_text(version)
    return node.publish(album, *PIECES)


def assert_same_album(source, fetcher):
    folder = fetcher.downloads
    assert sorted(os.listdir(folder / "album")) == sorted(os.listdir(source.share / "album"))
    for path in (folder / "album").iterdir():
        assert same_bytes(source.share / "album" / path.name, path)


@pytest.mark.parametrize("disk", FUSE, indirect=True)
def test_a_tree_is_replaced(disk, pair):
    """Where a file system cannot swap two names in one step as well."""
    source, fetcher = pair
    fetcher.downloads = disk.place / "downloads"
    make_album(source, "first")
    fetcher.fetch("album")
    assert_same_album(source, fetcher)
    (source.share / "album" / "first").unlink()
    make_album(source, "second")
    fetcher.fetch("--force", "album")
    assert_same_album(source, fetcher)
    assert os.listdir(fetcher.downloads) == ["album"], "nothing else is left"


# Another library before theirs is what the sanitizers do not bear.
@pytest.mark.release_only
@pytest.mark.parametrize("disk", ["bindfs"], indirect=True)
@pytest.mark.parametrize("last", [".old", ".part"])
def test_a_crash_between_two_renames(disk, pair, scratch, last):
    """What was replaced has lost its name, and what comes in its place has none yet or just got it."""
    source, fetcher = pair
    fetcher.downloads = disk.place / "downloads"
    make_album(source, "first")
    fetcher.fetch("album")
    library = compiled(scratch, Path(__file__).with_name("die_renamed.c"))
    fetcher.stop()
    fetcher.prefix = ["env", f"LD_PRELOAD={library}", f"DIE_AFTER={last}"]
    fetcher.start()
    (source.share / "album" / "first").unlink()
    content = make_album(source, "second")
    fetcher.fetch("--detach", "--force", "album")
    eventually(lambda: not fetcher.running, "it was killed")
    fetcher.kill9()  # and reaped
    fetcher.prefix = []
    fetcher.start()
    fetcher.ctl("wait", fetcher.transfer_id(content))
    assert fetcher.json("status")["totals"]["down_bytes"] == 0, "nothing is fetched again"
    assert_same_album(source, fetcher)
    assert os.listdir(fetcher.downloads) == ["album"], "nothing else is left"


@pytest.mark.parametrize("disk", ["bindfs"], indirect=True)
@pytest.mark.parametrize("then", ["go on", "forget"])
def test_a_part_that_shows_another_owner(disk, pair, then):
    source, fetcher = pair
    source.ctl("limit", "--up", "400 kB/s")
    content = seed("film", MIB, source, options=PIECES)
    fetcher.fetch("--detach", "film")
    eventually(lambda: synced_chunks(fetcher, content), "something has come, for good")
    fetcher.stop()
    fetcher.start()
    if then == "go on":
        source.ctl("limit", "--up", "0")
        fetcher.ctl("wait", fetcher.transfer_id(content))
        assert same_bytes(source.share / "film", disk.place / "downloads" / "film")
    else:
        fetcher.ctl("cancel", fetcher.transfer_id(content))
        assert os.listdir(disk.place / "downloads") == []
