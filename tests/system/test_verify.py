"""verify: silent rot is found, offered no longer, and mended from the swarm."""

import re

import pytest
from content import MIB, rot, same_bytes, seed
from node import Node
from processes import eventually

pytestmark = pytest.mark.threads

CHUNK = 64 * 1024
PIECES = ("--chunk-size", "64KiB")
SIZE = 2 * MIB


@pytest.fixture
def pair(net):
    """A source, and a keeper that has fetched from it."""
    source, keeper = net.peers("source", "keeper")
    content = seed("film", SIZE, source, options=PIECES)
    keeper.fetch("film")
    return source, keeper, content


def found_rotten(node, name, count):
    """Verifies, and returns the id of the transfer that fetches so many chunks again."""
    message = node.refusal("verify", name, code=1)
    assert f"{count} of 32 chunks of {name} are damaged" in message
    return re.search(r"p2pctl wait (\d+)", message)[1]


def test_what_is_right(pair):
    source, keeper, content = pair
    for node in (source, keeper):
        (row,) = node.json("verify", "film")["files"]
        assert (row["id"], row["size"], row["chunks"], row["bad_chunks"]) == (content, SIZE, 32, 0)
    keeper.refusal("verify", "no such film", code=4)


def test_rot_is_fetched_again(pair):
    source, keeper, _ = pair
    copy = keeper.downloads / "film"
    for chunk in (0, 5, 31):
        rot(copy, chunk * CHUNK + 77)
    before = keeper.json("status")["totals"]["down_bytes"]
    keeper.ctl("wait", found_rotten(keeper, "film", 3))
    assert same_bytes(source.share / "film", copy)
    assert keeper.json("status")["totals"]["down_bytes"] - before == 3 * CHUNK
    keeper.ctl("verify", "film")
    eventually(lambda: source.file("film")["sources"] == 2, "the keeper is a whole source again")


def test_rot_in_a_folder(net):
    source, keeper = net.peers("source", "keeper")
    album = source.share / "album"
    album.mkdir()
    for number in range(8):
        source.make(f"album/{number}", 4 * CHUNK, seed=number)
    source.publish(album, *PIECES)
    keeper.fetch("album")
    copy = keeper.downloads / "album"
    before = {path.name: path.stat().st_mtime_ns for path in copy.iterdir()}
    rot(copy / "3", 0)
    rot(copy / "6", 4 * CHUNK - 1)
    keeper.ctl("wait", found_rotten(keeper, "album", 2))
    for path in copy.iterdir():
        assert same_bytes(album / path.name, path)
        assert path.stat().st_mtime_ns == before[path.name], "mending does not change the times"


@pytest.mark.parametrize("end", [None, Node.stop, Node.kill9])
def test_the_rotten_chunks_are_not_offered_meanwhile(net, pair, end):
    source, keeper, content = pair
    rot(keeper.downloads / "film", CHUNK)
    rot(keeper.downloads / "film", SIZE - 1)
    source.stop()
    ident = found_rotten(keeper, "film", 2)
    if end:
        end(keeper)
        keeper.start()
    row = eventually(lambda: net.tracker.file("film"), "what is right is offered")
    eventually(lambda: net.tracker.file("film")["partial"] == 1, "and only that")
    assert net.tracker.file("film")["sources"] == 0 and row["id"] == content
    (other,) = net.peers("other")
    job = other.spawn("fetch", "film")
    eventually(lambda: other.done_bytes(content) == SIZE - 2 * CHUNK, "the right ones come")
    assert keeper.transfer(content)["state"] == "running"
    source.start()
    job.finish()
    keeper.ctl("wait", ident)
    for node in (keeper, other):
        assert same_bytes(source.share / "film", node.downloads / "film")
    assert "wrong hash" not in other.log_text(), "nothing rotten was sent"


def test_rot_that_nobody_has_found_yet_does_not_spread(net, pair):
    source, keeper, _ = pair
    rot(keeper.downloads / "film", 0)
    (other,) = net.peers("other")
    other.fetch("film")
    assert same_bytes(source.share / "film", other.downloads / "film")


def test_what_was_changed_openly_is_not_mended(pair):
    """A file with another time is somebody's work: it is withdrawn, and stays as it is."""
    source, keeper, content = pair
    work = keeper.downloads / "film"
    work.write_bytes(b"my own film")
    keeper.refusal("verify", "film", code=1)
    eventually(lambda: source.file("film")["sources"] == 1, "it is offered no longer")
    assert work.read_bytes() == b"my own film"
    assert keeper.transfer(content)["state"] == "done"
