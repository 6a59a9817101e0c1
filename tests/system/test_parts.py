"""What is saved of a fetch counts for the very bytes that it was saved of, and for no others."""

import shutil
import subprocess

import pytest
from content import MIB, past_own_writes, rot, same_bytes, seed
from disks import Disk
from processes import eventually
from state import synced_chunks

CHUNK = 64 * 1024
PIECES = ("--chunk-size", "64KiB")
SIZE = 4 * MIB


def make_film(node):
    return seed("content", SIZE, node, options=PIECES)


def make_album(node):
    album = node.share / "content"
    album.mkdir()
    for number in range(16):
        node.make(f"content/{number:02}", SIZE // 16 - 1 + number % 3, seed=number)
    return node.publish(album, *PIECES)


def assert_same(original, copy):
    names = [path.name for path in original.iterdir()] if original.is_dir() else [""]
    for name in names:
        assert same_bytes(original / name, copy / name)
    if original.is_dir():
        assert len(list(copy.iterdir())) == len(names), "nothing else is in it"


class Fetch:
    """A slow fetch onto a disk of its own, which has come to somewhere in the middle."""

    def __init__(self, net, disk, make):
        self.disk = disk
        self.source = net.peer("source", limits={"upload": "200 kB/s"}).start()
        self.content = make(self.source)
        peer = {"download_dir": str(disk.place / "downloads")}
        self.node = net.peer("fetcher", peer=peer).start()
        self.folder = disk.place / "downloads"
        self.node.fetch("--detach", "content")
        self.synced = set()
        self.more()

    def more(self):
        before = len(self.synced)
        eventually(lambda: len(synced_chunks(self.node, self.content)) > before, "more is synced")
        self.node.stop()
        self.synced = synced_chunks(self.node, self.content)

    def waits(self):
        transfer = self.node.transfer(self.content)
        return "is not there" in (transfer["error"] or "") and transfer["state"] == "paused"

    def finish(self):
        self.source.ctl("limit", "--up", "0")
        self.node.ready()
        self.node.ctl("wait", self.node.transfer_id(self.content))
        assert_same(self.source.share / "content", self.folder / "content")
        return self.node.json("status")["totals"]["down_bytes"]


@pytest.fixture
def disk(request, scratch):
    made = Disk(getattr(request, "param", "folder"), scratch)
    try:
        yield made.mount()
    finally:
        made.close()


@pytest.mark.parametrize("disk", ["ext4"], indirect=True)
def test_a_disk_that_is_not_mounted_at_the_start(net, disk):
    """The empty mount point is no place to begin anew in."""
    fetch = Fetch(net, disk, make_film)
    disk.unmount()
    fetch.folder.mkdir()  # as a config that names it has p2pd make it
    fetch.node.start()
    eventually(fetch.waits, "it waits for its part")
    assert not list(fetch.folder.iterdir()), "nothing is begun in the mount point"
    (found,) = [row for row in fetch.node.json("doctor")["checks"] if row["name"] == "mount"]
    assert found["state"] == "warn" and str(fetch.folder) in found["finding"]
    fetch.node.stop()
    disk.mount()
    fetch.node.start()
    assert fetch.finish() <= SIZE - len(fetch.synced) * CHUNK, "it goes on where it was"


@pytest.mark.parametrize("make", [make_film, make_album])
def test_an_older_copy_under_a_newer_database(net, disk, make, scratch):
    fetch = Fetch(net, disk, make)
    older = scratch / "older"
    subprocess.run(["cp", "-a", fetch.folder, older], check=True)
    fetch.node.start()
    fetch.more()
    shutil.rmtree(fetch.folder)
    subprocess.run(["cp", "-a", older, fetch.folder], check=True)
    fetch.node.start()
    fetch.finish()
    assert "it is hashed" in fetch.node.log_text()


def test_an_older_copy_in_the_same_inodes(net, disk, scratch):
    """As who copies over what is there restores it, or a snapshot comes back."""
    fetch = Fetch(net, disk, make_film)
    (part,) = fetch.folder.iterdir()
    older = part.read_bytes()
    fetch.node.start()
    fetch.more()
    part.write_bytes(older)
    fetch.node.start()
    fetch.finish()
    assert "it is hashed" in fetch.node.log_text()


@pytest.mark.parametrize("make", [make_film, make_album])
def test_the_same_part_is_not_hashed_again(net, disk, make):
    fetch = Fetch(net, disk, make)
    for end in (fetch.node.stop, fetch.node.kill9):
        fetch.node.start()
        end()
    fetch.node.start()
    assert fetch.finish() <= SIZE - len(fetch.synced) * CHUNK
    assert "it is hashed" not in fetch.node.log_text()


@pytest.mark.parametrize("end", ["stop", "kill9"])
@pytest.mark.parametrize("make", [make_film, make_album])
def test_an_edit_right_after_the_end(net, disk, make, end):
    """It leaves size, tag and time of change as they were, and is none of p2pd's own late writes."""
    fetch = Fetch(net, disk, make)
    fetch.source.ctl("limit", "--up", "200kB/s")  # so that it does not become whole
    fetch.node.start()
    before = fetch.node.transfer(fetch.content)["done_bytes"]
    eventually(lambda: fetch.node.transfer(fetch.content)["done_bytes"] > before, "it goes on")
    getattr(fetch.node, end)()
    chunk = min(fetch.synced)
    (part,) = fetch.folder.iterdir()
    past_own_writes(part, *part.glob("*"))
    edited, begin = (part / f"{chunk // 4:02}", chunk % 4) if part.is_dir() else (part, chunk)
    rot(edited, begin * CHUNK + 100)
    fetch.node.start()
    fetch.finish()
    assert "it is hashed" in fetch.node.log_text()


def test_a_part_that_was_deleted(net, disk):
    """Nobody but who deleted it knows that it is not on another disk, so it is said and waited for."""
    fetch = Fetch(net, disk, make_film)
    shutil.rmtree(fetch.folder)
    fetch.node.start()
    eventually(fetch.waits, "it waits for its part")
    fetch.node.ctl("cancel", fetch.node.transfer_id(fetch.content))
    fetch.node.fetch("--detach", "content")
    fetch.finish()
