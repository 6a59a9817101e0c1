"""The rights and times of what is fetched, and who can read it."""

import grp
import os
import stat

import pytest
from content import same_bytes
from processes import eventually

LONG_AGO = 1_000_000_000_123_456_789


def make_program(node, name, mode):
    path = node.make(name, 100_000, seed=name)
    path.chmod(mode)
    os.utime(path, ns=(LONG_AGO, LONG_AGO))
    return path


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_program_stays_a_program(net):
    """And keeps its time, also from a peer that has fetched it, and one that was started again."""
    source, between, last = net.peers("source", "between", "last")
    expected = 0o666 & ~source_umask()
    content = source.publish(make_program(source, "tool", 0o4711))
    source.publish(make_program(source, "secret", 0o600))
    for name, mode in (("tool", expected | (expected & 0o444) >> 2), ("secret", expected)):
        between.fetch(name)
        copy = between.downloads / name
        assert (mode_of(copy), copy.stat().st_mtime_ns) == (mode, LONG_AGO)
    source.stop()
    between.stop()
    between.start()
    eventually(lambda: between.file("tool"), "it is offered again")
    last.fetch("tool")
    copy = last.downloads / "tool"
    assert mode_of(copy) & 0o100 and copy.stat().st_mtime_ns == LONG_AGO
    assert between.file("tool")["id"] == content, "it is the same content whatever its mode"


def source_umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_the_umask_of_downloads(net):
    source = net.peer("source").start()
    fetcher = net.peer("fetcher", peer={"download_umask": "007"}).start()
    make_tree(source)
    fetcher.fetch("album")
    fetcher.fetch("film", "-o", fetcher.home / "new" / "film")
    album = fetcher.downloads / "album"
    modes = {path: mode_of(path) for path in (album, album / "sub", album / "sub" / "tool", album / "file")}
    assert list(modes.values()) == [0o770, 0o770, 0o770, 0o660]
    assert mode_of(fetcher.home / "new") == 0o770 and mode_of(fetcher.home / "new" / "film") == 0o660
    assert mode_of(fetcher.state / "state.db") == 0o600, "what is its own stays its own"


def make_tree(source):
    (source.share / "album" / "sub").mkdir(parents=True)
    (source.share / "album" / "file").write_text("1")
    (source.share / "album" / "sub" / "tool").write_text("2")
    (source.share / "album" / "sub" / "tool").chmod(0o755)
    (source.share / "album" / "link").symlink_to("file")
    source.publish(source.share / "album")
    source.publish(source.make("film", 1000))


@pytest.mark.skipif(os.geteuid() != 0, reason="skipped, because only root is in any group")
def test_the_group_of_downloads(net):
    source = net.peer("source").start()
    fetcher = net.peer("fetcher", peer={"download_group": "daemon"}).start()
    make_tree(source)
    fetcher.fetch("album")
    fetcher.fetch("film", "-o", fetcher.home / "new" / "film")
    made = [fetcher.home / "new", fetcher.home / "new" / "film", fetcher.downloads / "album"]
    made += (fetcher.downloads / "album").rglob("*")
    assert len(made) == 7
    daemon = grp.getgrnam("daemon").gr_gid
    assert {path.lstat().st_gid for path in made} == {daemon}
    assert same_bytes(source.share / "film", fetcher.home / "new" / "film")


@pytest.mark.skipif(os.geteuid() != 0, reason="skipped, because only root is in any group")
def test_doctor_tells_who_cannot_read_what_is_fetched(net):
    fetcher = net.peer("fetcher", control={"group": "daemon"}).start()

    def fetched():
        (row,) = [row for row in fetcher.json("doctor")["checks"] if row["name"] == "fetched"]
        return row

    net.scratch.chmod(0o700)
    assert fetched()["state"] == "warn" and str(net.scratch) in fetched()["finding"]
    net.scratch.chmod(0o711)
    assert fetched()["state"] == "ok", fetched()
