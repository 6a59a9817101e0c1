"""Peers that follow a publisher by themselves: auto_fetch."""

import json

import pytest
from content import MIB, same_bytes, seed
from processes import eventually


@pytest.fixture
def pair(net):
    """A publisher, and a follower that is not started."""
    return net.peers("source")[0], net.peer("follower", peer={"auto_fetch": ["release-*"]})


def has(follower, original):
    path = follower.downloads / original.name
    return path.exists() and same_bytes(original, path)


def fetched_names(follower):
    return [row["name"] for row in follower.json("transfers")["transfers"]]


def test_what_is_and_what_appears_is_fetched(pair):
    source, follower = pair
    seed("release-1", 100_000, source)
    seed("draft", 100_000, source)
    follower.start()
    eventually(lambda: has(follower, source.share / "release-1"), "what was there has come")
    seed("other", 1000, source)
    seed("release-2", 200_000, source, variant=2)
    eventually(lambda: has(follower, source.share / "release-2"), "so has what appeared")
    assert sorted(fetched_names(follower)) == ["release-1", "release-2"]
    follower.stop()
    follower.start()
    seed("release-3", 1000, source, variant=3)
    eventually(lambda: has(follower, source.share / "release-3"), "it still follows")
    assert sorted(fetched_names(follower)) == ["release-1", "release-2", "release-3"]


def test_publish_waits_for_copies(net, pair):
    source, follower = pair
    other = net.peer("other", peer={"auto_fetch": ["release-*"]})
    one, two = (source.make(f"release-{number}", 100_000, seed=number) for number in (1, 2))
    waiting = source.spawn("--json", "publish", one, two, "--wait-copies", "3")
    eventually(lambda: len(net.tracker.files()) == 2, "both are published")
    follower.start()
    eventually(lambda: has(follower, one) and has(follower, two), "one follower has them")
    assert waiting.running, "there are two copies"
    other.start()
    waiting.finish()
    assert [row["copies"] for row in json.loads(waiting.stdout)["files"]] == [3, 3]
    assert has(other, one) and has(other, two)
    assert source.json("publish", source.make("mine", 10), "--wait-copies", "1")["files"][0]["copies"]
    net.tracker.stop()
    eventually(lambda: not source.connected(), "the tracker is lost")
    path = source.make("late", 10)
    assert "no tracker" in source.refusal("publish", path, "--wait-copies", "2", code=1)
    assert "0 copies" in source.refusal("publish", path, "--wait-copies", "0", code=2)


def test_a_new_version_replaces_the_one_before(pair):
    source, follower = pair
    follower.start()
    for version in range(3):
        seed("release-x", 100_000, source, variant=version)
        eventually(lambda: has(follower, source.share / "release-x"), "this version has come")


def test_a_file_of_somebody_else_stays(pair):
    source, follower = pair
    follower.downloads.mkdir(parents=True, exist_ok=True)
    mine = follower.downloads / "release-1"
    mine.write_text("precious")
    follower.start()
    seed("release-1", 100_000, source)
    seed("release-2", 1000, source, variant=2)
    eventually(lambda: has(follower, source.share / "release-2"), "the next one has come")
    eventually(lambda: follower.transfer(source.json("files")["files"][0]["id"]), "it was tried")
    assert mine.read_text() == "precious"


def test_a_version_without_source_makes_way_for_the_next(net):
    source = net.peer("source", limits={"upload": "64 kB/s"}).start()
    follower = net.peer("follower", peer={"auto_fetch": ["release-*"]}).start()
    first = seed("release-x", MIB, source, options=("--chunk-size", "16KiB"))
    eventually(lambda: follower.done_bytes(first), "some of it has come")
    second = seed("release-x", 1000, source, variant=2)
    eventually(lambda: (follower.transfer(second) or {}).get("state") == "done", "the next one has come")
    assert has(follower, source.share / "release-x")


def test_what_was_deleted_is_not_fetched_again(pair):
    source, follower = pair
    follower.start()
    first = seed("release-1", 1000, source)
    eventually(lambda: has(follower, source.share / "release-1"), "it has come")
    (follower.downloads / "release-1").unlink()
    eventually(lambda: source.file("release-1")["sources"] == 1, "it is noticed")
    source.stop()
    source.start()
    seed("release-2", 1000, source, variant=2)
    eventually(lambda: has(follower, source.share / "release-2"), "what is new has come")
    assert not (follower.downloads / "release-1").exists()
    assert [row["content"] for row in follower.json("transfers")["transfers"]].count(first) == 1
