"""Names are free for every member to claim: whose claims are followed, and whom a name means."""

import os

import pytest
from content import MIB, same_bytes, seed
from disks import Disk
from processes import eventually

TIB = 1024**4


def has(follower, original):
    path = follower.downloads / original.name
    return path.exists() and same_bytes(original, path)


def row_of(node, name):
    rows = [row for row in node.json("transfers")["transfers"] if row["name"] == name]
    return rows[-1] if rows else None


def checks(node, name):
    return [row for row in node.json("doctor")["checks"] if row["name"] == name]


def passed_on(follower, marker_source, number):
    """All that was published before this marker has been looked at."""
    name = f"marker-{number}"
    seed(name, 100, marker_source, variant=number)
    eventually(lambda: has(follower, marker_source.share / name), "the marker has come")


def test_the_first_publisher_stays_the_one_of_a_destination(net):
    source, other = net.peers("source", "other")
    follower = net.peer("follower", peer={"auto_fetch": ["release-*", f"marker-*@{source.id}"]}).start()
    assert "write \"release-*@PEERID\"" in follower.log_text()
    (check,) = checks(follower, "auto_fetch")
    assert check["state"] == "warn" and "release-*" in check["finding"], check
    seed("release-x", 100_000, source)
    eventually(lambda: has(follower, source.share / "release-x"), "it has come")
    first = (follower.downloads / "release-x").read_bytes()

    seed("release-x", 50_000, other, variant=2)
    eventually(lambda: (row_of(follower, "release-x") or {})["warning"], "the other claim is told")
    for again in range(2):
        passed_on(follower, source, again)
        assert (follower.downloads / "release-x").read_bytes() == first, "the other's replaced it"
        row = row_of(follower, "release-x")
        assert other.id in row["warning"] and source.id in row["warning"], row
        assert other.id in follower.ctl("why", str(row["id"])).stdout
        assert any(other.id in check["finding"] for check in checks(follower, "auto_fetch"))
        follower.stop()
        follower.start()
        eventually(lambda: row_of(follower, "release-x")["warning"], "it is told again")
    assert follower.log_text().count(f"{other.id}) claims") == 3, "once for each start"

    seed("release-x", 70_000, source, variant=3)
    eventually(lambda: has(follower, source.share / "release-x"), "its own publisher replaces it")


def test_a_pinned_publisher_goes_before_all_others(net):
    source, other = net.peers("source", "other")
    seed("release-x", 50_000, other, variant=2)
    follower = net.peer("follower", peer={"auto_fetch": [f"*@{source.id}"]}).start()
    assert not checks(follower, "auto_fetch")
    passed_on(follower, source, 1)
    assert not (follower.downloads / "release-x").exists(), "nobody follows that one"
    seed("release-x", 100_000, source)
    eventually(lambda: has(follower, source.share / "release-x"), "it has come")
    follower.configure(peer={"auto_fetch": [f"release-*@{other.id}"]})
    follower.ctl("reload")
    eventually(lambda: has(follower, other.share / "release-x"), "the config says who is followed")


def test_people_decide_whose_a_destination_is(net):
    source, other = net.peers("source", "other")
    follower = net.peer("follower", peer={"auto_fetch": ["release-*"]}).start()
    seed("release-x", 100_000, source)
    eventually(lambda: has(follower, source.share / "release-x"), "it has come")
    content = seed("release-x", 50_000, other, variant=2)
    eventually(lambda: row_of(follower, "release-x")["warning"], "the other claim is told")
    follower.fetch("--force", content[:20])
    assert has(follower, other.share / "release-x")
    seed("release-x", 60_000, other, variant=3)
    eventually(lambda: has(follower, other.share / "release-x"), "from now on the other one is followed")


def test_a_name_means_the_node_that_had_it_first(net):
    (source,) = net.peers("nas")
    fetcher = net.peer("fetcher").start()
    seed("album", 100_000, source)
    fetcher.fetch("album@nas")
    source.stop()
    impostor = net.node(
        "impostor",
        node={"name": "nas"},
        peer={"trackers": net.tracker.config["network"]["listen"]},
    ).start()
    seed("film", 50_000, impostor, variant=2)
    for _ in range(2):
        eventually(lambda: fetcher.file("film"), "it is in the catalog")
        message = fetcher.refusal("fetch", "film@nas", code=4)
        assert impostor.id in message and "calls itself" in message, message
        message = fetcher.refusal("ping", "nas", code=4)
        assert impostor.id in message and "calls itself" in message, message
        fetcher.stop()
        fetcher.start()
    fetcher.fetch(f"film@{impostor.id[:12]}")
    source.start()
    seed("film", 70_000, source, variant=3)
    done = fetcher.ctl("fetch", "--force", "film@nas")
    assert impostor.id in done.stderr, "it says that another one calls itself so"
    assert has(fetcher, source.share / "film")


def test_what_is_too_large_is_not_fetched(net):
    (source,) = net.peers("source")
    follower = net.peer("follower", peer={"auto_fetch": ["*"], "fetch_max_size": "1 MiB"}).start()
    with (source.share / "zeros").open("wb") as file:
        file.truncate(8 * MIB)
    source.publish(source.share / "zeros")
    seed("small", MIB, source)
    eventually(lambda: has(follower, source.share / "small"), "what is small enough has come")
    assert "zeros is not fetched" in follower.log_text()
    assert row_of(follower, "zeros") is None
    message = follower.refusal("fetch", "zeros", code=1)
    assert "fetch_max_size" in message, message
    follower.configure(peer={"fetch_max_size": None})
    follower.ctl("reload")
    follower.fetch("zeros")


@pytest.fixture
def small_disk(scratch):
    disk = Disk("ext4", scratch)
    try:
        yield disk.mount().place
    finally:
        disk.close()


def test_holes_need_space_as_well(net, small_disk):
    (source,) = net.peers("source")
    fetcher = net.peer("fetcher", peer={"download_dir": str(small_disk)}).start()
    with (source.share / "bomb").open("wb") as file:
        file.truncate(4 * 1024 * MIB)
        os.pwrite(file.fileno(), b"x", 0)
    source.publish(source.share / "bomb", "--chunk-size", "4MiB")
    message = fetcher.refusal("fetch", "bomb", code=1)
    assert "holes included" in message, message
    assert not list(small_disk.glob(".p2pd-*"))
