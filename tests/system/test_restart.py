"""What a node knows, offers and fetches is the same after a restart, however it ended."""

import os

import pytest
from content import MIB, SMALL_CHUNK, same_bytes, seed
from node import Node
from processes import eventually
from state import synced_chunks

ENDS = {"SIGTERM": Node.stop, "kill -9": Node.kill9}


@pytest.fixture(params=ENDS)
def end(request):
    return ENDS[request.param]


def restart(node, end):
    end(node)
    node.start()


def slow_peer(net, name, rate):
    return net.peer(name, limits={"upload": rate}).start()


def catalog(net):
    """What the tracker knows, without the order."""
    for row in (rows := net.tracker.files()):
        # Whoever was killed comes back to another port.
        row["publishers"] = sorted(publisher["id"] for publisher in row["publishers"])
    return sorted(rows, key=lambda row: row["id"])


def lasting(rows):
    """Of transfers: what does not change with the minute."""
    keys = ("id", "content", "name", "state", "done_bytes", "size", "path", "error")
    return [{key: row[key] for key in keys} for row in rows]


def test_the_library_and_its_claims(net, end):
    one, two = net.peers("one", "two")
    seed("both", MIB, one, two)
    seed("named twice", MIB, one, variant=2)
    seed("named twice", MIB, one, variant=3)  # takes the name, and the file's place
    path = one.make("twin", MIB, seed=4)
    one.publish(path, "--name", "other twin")
    one.publish(path)
    tree = one.share / "tree"
    tree.mkdir()
    (tree / "leaf").write_text("a leaf")
    one.publish(tree)
    two.fetch("twin")
    before = catalog(net)
    said = {node: len(node.log_text()) for node in (one, two)}
    restart(one, end)
    restart(two, end)
    eventually(lambda: catalog(net) == before, "the catalog is what it was")
    for node in (one, two):
        since = node.log_text()[said[node] :]
        assert "hashed again" not in since, "what is unchanged is not hashed again"
    (three,) = net.peers("three")
    three.fetch("both", "tree", "other twin")
    assert same_bytes(path, three.downloads / "other twin")


def test_transfers_and_their_ids(net, end):
    source = slow_peer(net, "source", "250 kB/s")
    fetcher = net.peer("fetcher").start()
    finished = seed("finished", SMALL_CHUNK, source)
    fetcher.fetch("finished")
    seed("failed", SMALL_CHUNK, source, variant=2)
    (fetcher.downloads / "failed").write_text("something else")
    fetcher.fetch("failed", code=1)
    paused = seed("paused", 8 * MIB, source, variant=3, options=("--chunk-size", "64KiB"))
    fetcher.fetch("--detach", "paused")
    eventually(lambda: fetcher.done_bytes(paused) > 0, "something has come")
    fetcher.ctl("pause", fetcher.transfer_id(paused))
    seed("forgotten", SMALL_CHUNK, source, variant=4)
    fetcher.fetch("forgotten")
    rows = fetcher.json("transfers")["transfers"]
    assert [row["state"] for row in rows] == ["done", "failed", "paused", "done"]
    fetcher.ctl("forget", str(rows[3]["id"]))
    restart(fetcher, end)
    after = fetcher.json("transfers")["transfers"]
    assert lasting(after) == lasting(rows[:3])
    late = seed("late", SMALL_CHUNK, source, variant=5)
    fetcher.fetch("late")
    assert fetcher.transfer(late)["id"] > rows[3]["id"], "no id is given twice"
    assert fetcher.transfer(finished)["id"] == rows[0]["id"]
    fetcher.ctl("resume", fetcher.transfer_id(paused))
    source.ctl("limit", "--up", "0")
    fetcher.ctl("wait", fetcher.transfer_id(paused))
    assert same_bytes(source.share / "paused", fetcher.downloads / "paused")


@pytest.mark.threads
def test_a_running_transfer_goes_on_by_itself(net, end):
    source = slow_peer(net, "source", "1 MB/s")
    size = 24 * MIB
    content = seed("film", size, source, options=("--chunk-size", "64KiB"))
    fetcher = net.peer("fetcher").start()
    fetcher.fetch("--detach", "film")
    eventually(lambda: synced_chunks(fetcher, content), "a batch was synced")
    seen = fetcher.done_bytes(content)
    assert fetcher.transfer(content)["state"] == "running"
    end(fetcher)
    synced = len(synced_chunks(fetcher, content)) * 64 * 1024
    assert 0 < synced < size
    if end is Node.stop:
        assert synced >= seen, "a clean end leaves nothing behind"
    source.ctl("limit", "--up", "0")
    fetcher.start()
    fetcher.ctl("wait", fetcher.transfer_id(content))
    assert same_bytes(source.share / "film", fetcher.downloads / "film")
    assert fetcher.json("status")["totals"]["down_bytes"] <= size - synced
    assert source.json("status")["totals"]["up_bytes"] >= size


@pytest.mark.threads
def test_what_was_changed_behind_its_back(net):
    one = net.peer("one").start()
    names = ("changed", "deleted", "moved", "same", "touched")
    ids = {name: seed(name, MIB, one, variant=name) for name in names}
    one.stop()
    away = one.home / "moved"
    (one.share / "moved").rename(away)
    (one.share / "deleted").unlink()
    os.utime(one.share / "touched")
    status = (one.share / "changed").stat()
    with (one.share / "changed").open("r+b") as file:
        file.write(b"other bytes")
    assert (one.share / "changed").stat().st_size == status.st_size
    one.start()

    def offered():
        there = {row["id"] for row in net.tracker.files()}
        names = {name for name, content in ids.items() if content in there}
        assert names <= {"same", "touched"}, "nothing is offered that is not what it was"
        return names

    eventually(lambda: offered() == {"same", "touched"}, "what is right is offered")
    eventually(lambda: "another content now" in one.log_text(), "the changed one was looked at")
    offered()
    one.stop()
    away.rename(one.share / "moved")
    one.start()
    eventually(lambda: net.tracker.file("moved"), "it came back")
    assert {row["name"] for row in net.tracker.files()} == {"moved", "same", "touched"}
    (two,) = net.peers("two")
    two.fetch("moved", "touched")
    assert same_bytes(one.share / "moved", two.downloads / "moved")


@pytest.mark.threads
def test_a_part_of_a_tree(net):
    one, two = net.peers("one", "two")
    album = one.share / "album"
    album.mkdir()
    for name in ("first", "second", "third"):
        (album / name).write_bytes(name.encode() * SMALL_CHUNK)
    content = one.publish(album, "--chunk-size", "16KiB")
    two.fetch("album", "--only", "first", "--only", "second")
    eventually(lambda: net.tracker.file("album")["partial"] == 1, "a part of it is offered")
    one.stop()
    assert [row["id"] for row in net.tracker.files()] == [content]
    two.stop()
    os.utime(two.downloads / "album" / "first")
    two.start()
    eventually(lambda: net.tracker.file("album"), "the same bytes with another time are offered")
    (three,) = net.peers("three")
    three.fetch("album", "--only", "first")
    assert same_bytes(album / "first", three.downloads / "album" / "first")


@pytest.mark.threads
def test_a_thousand_files_are_offered_again_and_none_is_hashed(net):
    one = net.peer("one").start()
    paths = [one.share / str(number) for number in range(1000)]
    for path in paths:
        path.write_text(path.name)
    one.ctl("publish", *paths)
    for end in ENDS.values():
        restart(one, end)
        eventually(lambda: len(net.tracker.files()) == len(paths), "all are offered again")
        assert "hashed again" not in one.log_text()
