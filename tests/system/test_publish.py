"""What of a folder is published, and what its publisher is told of the rest."""

import os
import socket

import pytest
from content import part_of, same_bytes
from processes import eventually


@pytest.fixture(scope="module")
def pair(shared_net):
    return shared_net.peers("source", "fetcher")


@pytest.fixture
def odd(pair, request):
    """A folder with two files, and with what a content cannot hold."""
    source, _ = pair
    folder = source.share / request.node.name
    (folder / "run").mkdir(parents=True)
    (folder / "file").write_text(request.node.name)
    (folder / "run" / "file").write_text("2")
    os.mkfifo(folder / "run" / "fifo")
    with socket.socket(socket.AF_UNIX) as bound:
        here = os.open(folder, os.O_RDONLY)
        bound.bind(f"/proc/self/fd/{here}/socket")
        os.close(here)
    (folder / "python3").symlink_to("/usr/bin/python3")
    part_of(folder / "film").write_text("half")
    return folder


def paths_in(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_all_that_is_wrong_is_told_at_once(pair, odd):
    source, _ = pair
    message = source.refusal("publish", odd, code=1)
    assert "for 4 of what is in it" in message
    for what in (
        '"run/fifo" is a FIFO',
        '"socket" is a socket',
        '"python3" is a symlink to "/usr/bin/python3", which leads out of the folder',
        'part" is the part of a fetch that is not whole',
        "--exclude",
        "--skip-special",
    ):
        assert what in message


def test_what_is_special_is_skipped_and_listed(pair, odd):
    source, fetcher = pair
    (row,) = source.json("publish", odd, "--skip-special")["files"]
    skipped = {each["path"]: each["why"] for each in row["skipped"]}
    assert skipped.keys() == {"run/fifo", "socket", "python3", part_of(odd / "film").name}
    assert skipped["socket"] == "is a socket"
    assert row["skipped_total"] == 4 and "4 left out: " in row["warning"]
    fetcher.fetch(odd.name)
    assert paths_in(fetcher.downloads / odd.name) == {"file", "run", "run/file"}


def test_what_is_excluded_is_left_out(pair, odd):
    source, fetcher = pair
    globs = ("run", "socket", "python*", ".p2pd-*.part")
    options = [word for glob in globs for word in ("--exclude", glob)]
    (row,) = source.json("publish", odd, *options)["files"]
    assert row["skipped"] == [] and row["warning"] == ""
    fetcher.fetch(odd.name)
    assert paths_in(fetcher.downloads / odd.name) == {"file"}


def test_a_symlink_that_stays_inside(pair):
    source, fetcher = pair
    folder = source.share / "detour"
    (folder / "a").mkdir(parents=True)
    (folder / "f").write_text("there")
    (folder / "l").symlink_to("a/../f")
    source.publish(folder)
    fetcher.fetch("detour")
    assert (fetcher.downloads / "detour" / "l").read_text() == "there"


def test_symlinks_are_refused(pair):
    source, _ = pair
    folder = source.share / "linked"
    folder.mkdir()
    (folder / "l").symlink_to("l2")
    assert '"l" is a symlink to "l2"' in source.refusal("publish", folder, "--links", "refuse", code=1)
    source.refusal("publish", folder, "--links", "drop", code=2)


def test_symlinks_are_followed(net):
    """Also by those who start again: what they lead to is still what is offered."""
    source, fetcher = net.peers("source", "fetcher")
    releases = source.share / "releases" / "5"
    releases.mkdir(parents=True)
    source.make("releases/5/program", 300_000)
    folder = source.share / "site"
    folder.mkdir()
    (folder / "current").symlink_to("../releases/5")
    (folder / "program").symlink_to(releases / "program")
    message = source.refusal("publish", folder, code=1)
    assert "2 of what is in it" in message
    content = source.publish(folder, "--links", "follow")
    source.stop()
    os.utime(releases / "program")  # so that it is hashed anew
    source.start()
    eventually(lambda: source.file("site"), "it is offered again")
    assert source.file("site")["id"] == content
    fetcher.fetch("site")
    for path in ("current/program", "program"):
        assert same_bytes(releases / "program", fetcher.downloads / "site" / path)


def test_what_is_published_already(pair):
    source, _ = pair
    path = source.make("again", 1000, seed="again")
    first, second = (source.json("publish", path)["files"][0] for _ in range(2))
    assert (first["already"], second["already"]) == (False, True)
    assert first["id"] == second["id"]
    path.write_text("changed")
    (third,) = source.json("publish", path)["files"]
    assert not third["already"] and third["id"] != first["id"]


def test_what_has_its_old_size_and_time_is_published_anew(pair):
    source, _ = pair
    path = source.make("in place", 1000, seed="first")
    (first,) = source.json("publish", path)["files"]
    before = path.stat()
    path.write_bytes(bytes(1000))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    (second,) = source.json("publish", path)["files"]
    assert not second["already"] and second["id"] != first["id"]


def test_what_is_still_written_is_not_published(net):
    """Nor what the config excludes."""
    peer = net.peer("peer", peer={"auto_publish": True, "auto_publish_exclude": ["*.tmp"]})
    (peer.share / "album").mkdir()
    with (peer.share / "album" / "film").open("w") as writer:
        writer.write("the beginning")
        writer.flush()
        (peer.share / "no.tmp").write_text("no")
        (peer.share / "album" / "no.tmp").write_text("no")
        (peer.share / "film.part").write_text("a name as any other")
        peer.start()
        (peer.share / "first").write_text("1")
        eventually(lambda: peer.file("first"), "what came after it and has settled is published")
        assert {row["name"] for row in peer.files()} == {"first", "film.part"}
        writer.write(", and the end")
    eventually(lambda: peer.file("album"), "it is published when it is closed")
    assert peer.file("album")["size"] == len("the beginning, and the end")
