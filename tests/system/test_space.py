"""A disk that is too small is said before the first byte; one that fills up only costs time."""

import errno
import os
import subprocess

import pytest
from content import MIB, SMALL_CHUNK, same_bytes, seed
from processes import eventually
from state import synced_chunks

PIECES = ("--chunk-size", "16KiB")
FILES, FILE_SIZE = 96, SMALL_CHUNK - 100


def mount_of(kind, scratch):
    """The words of a mount: of memory, or of a file in which space can be reserved."""
    if kind == "tmpfs":
        return ["mount", "-t", "tmpfs", "-o", "size=2m", "none"]
    image = scratch / "image"
    with image.open("wb") as file:
        file.truncate(4 * MIB)
    subprocess.run(["mkfs.ext4", "-q", "-m", "0", "-O", "^has_journal", image], check=True)
    return ["mount", "-o", "loop", image]


@pytest.fixture
def tiny(request, scratch):
    """A file system of some MiB, a tmpfs where the test says nothing else."""
    place = scratch / "tiny"
    place.mkdir()
    words = mount_of(getattr(request, "param", "tmpfs"), scratch)
    mounted = subprocess.run([*words, place], capture_output=True, text=True)
    if mounted.returncode != 0:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", place], check=True)


@pytest.fixture
def pair(tiny, net):
    """A slow source, and a fetcher that fetches onto the tiny file system."""
    source = net.peer("source", limits={"upload": "100 kB/s"}).start()
    peer = {"download_dir": str(tiny / "downloads")}
    return source, net.peer("fetcher", peer=peer).start()


def fill(place):
    """Somebody else's file takes all that is left."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError as error:
            assert error.errno == errno.ENOSPC
    return ballast


def make_album(node):
    """A folder of many small files, for which no space is reserved."""
    album = node.share / "album"
    album.mkdir()
    for number in range(FILES):
        node.make(f"album/{number}", FILE_SIZE, seed=number)
    return node.publish(album, *PIECES)


def assert_same_album(source, folder):
    assert len(os.listdir(folder)) == FILES
    for path in folder.iterdir():
        assert same_bytes(source.share / "album" / path.name, path)


def waits_for_space(node, content):
    transfer = node.transfer(content)
    return transfer["state"] == "paused" and "space" in transfer["error"]


def test_what_cannot_fit_is_refused_before_the_first_byte(tiny, pair):
    source, fetcher = pair
    seed("film", 3 * MIB, source)
    message = fetcher.refusal("fetch", "film", code=1)
    assert "needs 3.1 MB" in message and "2.1 MB are free" in message
    assert os.listdir(tiny / "downloads") == []
    assert fetcher.json("status")["totals"]["down_bytes"] < SMALL_CHUNK, "no more than its hashes"


@pytest.mark.parametrize("tiny", ["ext4"], indirect=True)
def test_what_was_reserved_is_not_taken_by_others(tiny, pair):
    source, fetcher = pair
    content = seed("film", MIB, source, options=PIECES)
    job = fetcher.spawn("fetch", "film")
    eventually(lambda: fetcher.done_bytes(content) > 0, "something has come")
    fill(tiny)
    source.ctl("limit", "--up", "0")
    job.finish()
    assert same_bytes(source.share / "film", tiny / "downloads" / "film")


@pytest.mark.parametrize("killed", [False, True])
def test_a_disk_that_fills_up(tiny, pair, killed):
    source, fetcher = pair
    content = make_album(source)
    job = fetcher.spawn("fetch", "album")
    eventually(lambda: synced_chunks(fetcher, content), "something has come, for good")
    ballast = fill(tiny)
    source.ctl("limit", "--up", "0")
    eventually(lambda: waits_for_space(fetcher, content), "it waits for space")
    assert job.running or killed

    seed("film", MIB, source)
    fetcher.fetch("film", "-o", fetcher.home / "film")  # others have their own disk
    assert same_bytes(source.share / "film", fetcher.home / "film")
    assert waits_for_space(fetcher, content)

    before = fetcher.json("status")["totals"]["down_bytes"]
    if killed:
        fetcher.kill9()
        job.finish(code=1)
        fetcher.start()
        eventually(lambda: waits_for_space(fetcher, content), "it still waits for space")
        before = 0
    missing = FILES * FILE_SIZE - len(synced_chunks(fetcher, content)) * SMALL_CHUNK
    ballast.unlink()
    eventually(lambda: fetcher.transfer(content)["state"] == "done", "it goes on by itself")
    if not killed:
        job.finish()
    assert_same_album(source, tiny / "downloads" / "album")
    assert fetcher.json("status")["totals"]["down_bytes"] - before <= missing + SMALL_CHUNK
