"""What is fetched onto file systems that are not as ext4 is."""

import os
import shutil
import subprocess

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
    eventually(lambda: os.listdir(fetcher.downloads) == ["album"], "nothing else is left")


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
    eventually(lambda: os.listdir(fetcher.downloads) == ["album"], "nothing else is left")


@pytest.mark.parametrize("disk", ["bindfs"], indirect=True)
@pytest.mark.parametrize("then", ["go on", "forget"])
def test_a_part_that_shows_another_owner(disk, pair, then):
    source, fetcher = pair
    source.ctl("limit", "--up", "100 kB/s")
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
        # FUSE keeps what is deleted under another name until it is closed.
        eventually(lambda: os.listdir(disk.place / "downloads") == [], "nothing of it is left")


def offers(node, content):
    """Whether it has all of it, as the tracker was told."""
    row = next((row for row in node.files() if row["id"] == content), None)
    return row is not None and row["sources"] == 1


@pytest.mark.parametrize("disk", ["mergerfs", "unionfs"], indirect=True)
def test_inodes_that_change_with_a_remount(disk, net):
    """Size, time and a sample say that it is the same, so not all of it is read."""
    node = net.peer("node", peer={"share": [str(disk.place)]}).start()
    node.share = disk.place
    contents = [seed("film", 4 * MIB, node, options=PIECES), make_album(node, "first")]
    node.stop()
    film = disk.place / "film"
    inode = film.stat().st_ino
    disk.unmount()
    for other in ("one", "two"):
        (disk.under / other).mkdir()
    disk.mount()
    for other in ("one", "two"):
        (disk.place / other).stat()  # they get the first numbers
    assert film.stat().st_ino != inode
    node.start()
    for content in contents:
        eventually(lambda content=content: offers(node, content), "it is offered again")
    assert "hashed again" not in node.log_text()


def test_a_copy_on_a_new_disk(net, scratch):
    """Whoever moves to a larger one does not wait until all of it was read."""
    disks = [Disk("ext4", scratch, name) for name in ("old", "new")]
    node = net.peer("node", peer={"share": [str(disks[0].place)]})
    node.share = disks[0].place
    try:
        for disk in disks:
            disk.mount()
        node.start()
        contents = [seed("film", 4 * MIB, node, options=PIECES), make_album(node, "first")]
        node.stop()
        subprocess.run(["cp", "-a", f"{disks[0].place}/.", disks[1].place], check=True)
        for disk in disks:
            disk.unmount()
        subprocess.run(["mount", "-o", "loop", disks[1].under, disks[0].place], check=True)
        node.start()
        for content in contents:
            eventually(lambda content=content: offers(node, content), "it is offered again")
        assert "hashed again" not in node.log_text()
    finally:
        if node.running:
            node.stop()
        for disk in disks:
            disk.close()


@pytest.mark.parametrize("copied_over", [False, True])
def test_an_older_version_with_the_same_times(net, scratch, copied_over):
    """As it comes back from a snapshot, beneath a database that knows the newer one."""
    source, fetcher = net.peers("source", "fetcher")
    contents = []
    for version in (b"first", b"other"):
        album = source.share / "album"
        shutil.rmtree(album, ignore_errors=True)
        album.mkdir()
        for number in range(3):
            path = album / f"{number}"
            path.write_bytes(version * 5000)
            os.utime(path, (10**9, 10**9))  # as builds that are reproducible have it
        contents.append(source.publish(album, *PIECES))
        fetcher.fetch("--force", "album")
        if version == b"first":
            subprocess.run(["cp", "-a", fetcher.downloads / "album", scratch / "older"], check=True)
    fetcher.stop()
    if not copied_over:
        shutil.rmtree(fetcher.downloads / "album")
        (fetcher.downloads / "album").mkdir()
    subprocess.run(["cp", "-a", f"{scratch}/older/.", fetcher.downloads / "album"], check=True)
    fetcher.start()
    eventually(lambda: "is another content now" in fetcher.log_text(), "it is found out")
    assert fetcher.file("album")["sources"] == 1, "only the publisher has it"
    fetcher.fetch("--force", "album")
    for number in range(3):
        assert (fetcher.downloads / "album" / f"{number}").read_bytes() == b"other" * 5000


@pytest.mark.parametrize("disk", ["ntfs"], indirect=True)
@pytest.mark.parametrize("name", ["file", "tree"])
def test_a_name_that_the_file_system_refuses(disk, pair, name):
    source, fetcher = pair
    if name == "file":
        source.publish(source.make("10:30", MIB), "--name", "file")
        message = fetcher.refusal("fetch", "file", "-o", disk.place / "downloads" / "10:30", code=1)
    else:
        (source.share / "tree").mkdir()
        source.make("tree/10:30", MIB)
        source.publish(source.share / "tree")
        message = fetcher.refusal("fetch", "tree", code=1)
    assert "10:30" in message and "name" in message
