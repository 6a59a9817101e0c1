"""What was replaced, deleted or changed is offered no longer, and its space is free."""

import os

import pytest
from content import MIB, same_bytes, seed
from processes import eventually


def deleted_but_open(node):
    """The files that have no name any more and keep their space, as this node has them open."""
    folder = f"/proc/{node.process.pid}/fd"
    links = []
    for number in os.listdir(folder):
        try:
            links.append(os.readlink(f"{folder}/{number}"))
        except FileNotFoundError:
            pass  # closed meanwhile
    return [link for link in links if link.endswith(" (deleted)")]


def sources(net, content):
    return sum(row["sources"] for row in net.tracker.files() if row["id"] == content)


def make_tree(node, version):
    tree = node.share / "tree"
    for folder in (tree, tree / "inner"):
        folder.mkdir(exist_ok=True)
        (folder / "leaf").write_text(f"version {version}")
    return node.publish(tree)


@pytest.mark.parametrize("make", [lambda node, version: seed("nightly", MIB, node, variant=version), make_tree])
def test_versions_that_were_replaced_are_gone(net, make):
    (source,) = net.peers("source")
    follower = net.peer("follower", peer={"auto_fetch": ["*"]}).start()
    for version in range(3):
        content = make(source, version)
        eventually(lambda: sources(net, content) == 2, "this version has come")
        eventually(lambda: [row["id"] for row in net.tracker.files()] == [content], "it is the only one")
        eventually(lambda: not deleted_but_open(follower), "the one before takes no space")
    follower.stop()
    follower.start()
    eventually(lambda: sources(net, content) == 2, "it is offered again")
    assert [row["id"] for row in net.tracker.files()] == [content]
    assert "is missing; it will be" not in follower.log_text() and "hashed again" not in follower.log_text()


def test_a_content_that_lies_at_two_paths_loses_one(net):
    (peer,) = net.peers("peer")
    content = peer.publish(peer.make("one", MIB))
    peer.publish(peer.make("two", MIB))
    other = peer.publish(peer.make("one", MIB, seed=2))
    eventually(lambda: {row["id"] for row in net.tracker.files()} == {content, other}, "both are offered")
    (reader,) = net.peers("reader")
    reader.fetch(content, "-o", reader.home / "copy")
    assert same_bytes(peer.share / "two", reader.home / "copy")


def test_what_is_away_is_delisted_and_closed_and_comes_back(net):
    source, other = net.peers("source", "other")
    content = seed("film", MIB, source)
    other.fetch("film")
    (source.share / "film").rename(source.home / "away")
    (other.downloads / "film").unlink()
    eventually(lambda: sources(net, content) == 0, "it is offered no longer")
    for node in (source, other):
        eventually(lambda: "is missing; it will be" in node.log_text(), "the log tells")
        eventually(lambda: not deleted_but_open(node), "its space is free")
    (source.home / "away").rename(source.share / "film")
    eventually(lambda: sources(net, content) == 1, "it is offered again")


def test_a_tree_in_which_a_file_was_changed_is_delisted(net):
    source, other = net.peers("source", "other")
    content = make_tree(source, 1)
    other.fetch("tree")
    leaf = other.downloads / "tree" / "inner" / "leaf"
    leaf.write_text("somebody else's")
    eventually(lambda: sources(net, content) == 1, "it is offered no longer")
    eventually(lambda: "is another content now" in other.log_text(), "the log tells")
    assert leaf.read_text() == "somebody else's"
