"""Open files: few stay open, and what needs one when there are none left closes one first."""

import os
import resource

import pytest
from content import same_bytes
from processes import eventually


def open_files(node):
    return len(os.listdir(f"/proc/{node.process.pid}/fd"))


def follower(net, name="follower", limit=None):
    """It fetches whatever is published."""
    node = net.peer(name, peer={"auto_fetch": ["*"]})
    if limit:
        node.prefix = ["prlimit", f"--nofile={limit}"]
    return node


def same(one, other):
    return other.exists() and same_bytes(one, other)


def done(node):
    rows = node.json("transfers")["transfers"]
    assert [row for row in rows if row["state"] == "failed"] == []
    return sum(row["state"] == "done" for row in rows)


def publish_files(node, count, size=1000):
    paths = [node.make(f"file-{i:04}", size + i, seed=i) for i in range(count)]
    node.json("publish", *paths)
    return paths


def fetch_all(net, count, limit, size=1000):
    """As many contents, by a follower with this limit of descriptors."""
    (source,) = net.peers("source")
    paths = publish_files(source, count, size)
    node = follower(net, limit=limit).start()
    eventually(lambda: len(list(node.downloads.glob("file-*"))) == count, "all of them are there")
    eventually(lambda: node.json("status")["contents"] == count, "and known")
    assert all(same_bytes(path, node.downloads / path.name) for path in paths[:: count // 10])
    return node


def test_what_was_fetched_and_published_does_not_stay_open(net):
    (source,) = net.peers("source")
    two = follower(net).start()
    before = open_files(source), open_files(two)
    publish_files(source, 60)
    eventually(lambda: done(two) == 60, "all are fetched")
    eventually(lambda: open_files(two) <= before[1] + 4, "the follower has closed them")
    eventually(lambda: open_files(source) <= before[0] + 4, "and so has the source")
    two.ctl("verify", "file-0007")


def test_more_is_fetched_than_files_can_be_open(net):
    node = fetch_all(net, 150, "128:128")
    node.ctl("verify", "file-0000")
    other = follower(net, "other", limit="96:96").start()
    eventually(lambda: other.json("status")["contents"] == 150, "it is served as well")


def waiting_for_a_place(node):
    rows = node.json("why", *(str(row["id"]) for row in node.json("transfers")["transfers"]))
    kinds = [row["reasons"][0]["kind"] for row in rows["transfers"]]
    return kinds.count("descriptors")


@pytest.mark.release_only  # of so few descriptors a sanitizer leaves too little
def test_fetches_without_a_source_make_way(net):
    gone, source = net.peers("gone", "source")
    gone.ctl("limit", "--up", "100KB/s")
    node = follower(net, limit="71:71").start()  # so few that six fetches run at the same time
    publish_files(gone, 9, size=3_000_000)
    eventually(lambda: len(node.json("transfers")["transfers"]) == 9, "it has begun")
    eventually(lambda: waiting_for_a_place(node) >= 1, "some wait for their turn")
    gone.kill9()
    path = source.make("other", 1000)
    source.publish(path)
    eventually(lambda: same(path, node.downloads / "other"), "it has had its turn")
    assert done(node) == 1


@pytest.mark.long
def test_2500_are_fetched_with_1024_descriptors(net):
    fetch_all(net, 2500, "1024:1024")


def publish_trees(net, count, limit):
    source = net.peer("source", peer={"auto_publish": True})
    source.prefix = ["prlimit", f"--nofile={limit}"]
    for tree in range(count):
        folder = source.share / f"tree-{tree:03}"
        folder.mkdir()
        for file in range(20):
            (folder / f"{file}").write_text(f"{tree} {file}")
    source.start()
    eventually(lambda: source.json("status")["contents"] == count, "every tree is published")
    (two,) = net.peers("two")
    two.fetch(f"tree-{count - 1:03}")
    assert (two.downloads / f"tree-{count - 1:03}" / "19").read_text() == f"{count - 1} 19"


def test_trees_are_published_by_themselves_with_few_descriptors(net):
    publish_trees(net, 80, "160:160")


@pytest.mark.long
def test_300_trees_are_published_with_1024_descriptors(net):
    publish_trees(net, 300, "1024:1024")


def test_the_limit_is_raised_and_programs_have_the_old_one(net):
    (source,) = net.peers("source")
    node = net.peer("node")
    told, program = node.home / "told", node.home / "hook"
    say = f"echo $(ulimit -Sn) $(ulimit -Hn) > {told}.new"
    program.write_text(f"#!/bin/sh\n{say}\nmv {told}.new {told}\n")
    program.chmod(0o755)
    node.configure(peer={"on_complete": [str(program)]})
    node.prefix = ["prlimit", "--nofile=777:4000"]
    node.start()
    assert resource.prlimit(node.process.pid, resource.RLIMIT_NOFILE) == (4000, 4000)
    publish_files(source, 1)
    node.fetch("file-0000")
    eventually(told.exists, "the hook has run")
    assert told.read_text().split() == ["777", "4000"]
