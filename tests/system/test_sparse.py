"""Zeros take no room: neither whole chunks of them nor long runs in other chunks, in a part for which
space was reserved, after a restart, and in the place of other bytes."""

import os

import pytest
from content import MIB, SMALL_CHUNK, part_of, rot, same_bytes
from disks import Disk
from processes import eventually

SIZE = 40 * MIB
PAGE = 4096
STEP = 64 * 1024  # the chunk size of this content: there is something in each


@pytest.fixture
def ext4(scratch):
    disk = Disk("ext4", scratch)
    try:
        yield disk.mount().place
    finally:
        disk.close()


def scattered(node, name="scattered"):
    path = node.share / name
    with path.open("wb") as file:
        file.truncate(SIZE)
        for at in range(3 * PAGE, SIZE, STEP):
            os.pwrite(file.fileno(), os.urandom(PAGE), at)
    return path


def used(path):
    return path.stat().st_blocks * 512


DATA = SIZE // STEP * PAGE


def test_scattered_bytes_take_little_more_room_than_they_are(net, ext4):
    (source,) = net.peers("source")
    fetcher = net.peer("fetcher", peer={"download_dir": str(ext4)}).start()
    path = scattered(source)
    source.publish(path)
    fetcher.fetch("scattered")
    copy = ext4 / "scattered"
    assert same_bytes(path, copy)
    assert used(copy) <= 2 * DATA, f"{used(copy)} bytes on the disk for {DATA}"


def test_a_restart_reserves_no_room_for_holes(net, ext4):
    source = net.peer("source", limits={"upload": "8 MB/s"}).start()
    fetcher = net.peer("fetcher", peer={"download_dir": str(ext4)}).start()
    path = scattered(source)
    content = source.publish(path)
    fetcher.fetch("scattered", "--detach")
    eventually(lambda: fetcher.done_bytes(content) > SIZE // 4, "some of it has come")
    fetcher.stop()
    before = used(part_of(ext4 / "scattered"))
    assert before < SIZE
    source.ctl("limit", "--up", "0")
    fetcher.start()
    fetcher.ctl("wait", fetcher.transfer_id(content))
    assert same_bytes(path, ext4 / "scattered")
    assert used(ext4 / "scattered") <= 2 * DATA


def test_zeros_take_the_place_of_other_bytes(net):
    source, keeper = net.peers("source", "keeper")
    path = source.share / "film"
    with path.open("wb") as file:
        file.write(os.urandom(SMALL_CHUNK))
        file.truncate(8 * SMALL_CHUNK)
    source.publish(path, "--chunk-size", "16KiB")
    keeper.fetch("film")
    rot(keeper.downloads / "film", 3 * SMALL_CHUNK)
    message = keeper.refusal("verify", "film", code=1)
    assert "1 of 8 chunks" in message
    (transfer,) = [row for row in keeper.json("transfers")["transfers"] if row["id"] == 2]
    keeper.ctl("wait", str(transfer["id"]))
    assert same_bytes(path, keeper.downloads / "film")
    keeper.ctl("verify", "film")
