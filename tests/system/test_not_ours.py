"""What p2pd did not write is not removed: what others add to what it fetched, change in it, mount in
it, or put in its place."""

import os
import subprocess
from pathlib import Path

import pytest
from content import SMALL_CHUNK, same_bytes
from power_cut import compiled
from processes import eventually
from state import synced_chunks


def make_album(node, version, files=3):
    """A folder of files in folders, each of which tells the version."""
    album = node.share / "album"
    for number in range(files):
        path = album / str(number % 3) / str(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"version {version}, file {number}")
    return node.publish(album)


def files_below(folder):
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {str(path): (folder / path).read_text() for path in paths}


def album(version, files=3):
    return {f"{n % 3}/{n}": f"version {version}, file {n}" for n in range(files)}


def done(node, content):
    return (node.transfer(content) or {"state": ""})["state"] == "done"


def names(folder):
    return sorted(os.listdir(folder))


@pytest.fixture
def pair(net):
    """A publisher, and a follower of two names."""
    (source,) = net.peers("source")
    return source, net.peer("follower", peer={"auto_fetch": ["album", "film"]}).start()


@pytest.mark.parametrize("noticed", [False, True])
def test_what_was_added_and_edited_is_kept(pair, noticed):
    source, follower = pair
    first = make_album(source, 1)
    film = source.publish(source.make("film", 1000))
    eventually(lambda: done(follower, first) and done(follower, film), "both have come")
    here = follower.downloads
    (here / "album" / "0" / "mine").write_text("added")
    (here / "album" / "1" / "1").write_text("edited")
    (here / "film").write_text("edited, too")
    if noticed:
        eventually(lambda: all(row["sources"] == 1 for row in source.files()), "it is noticed")
    second = make_album(source, 2)
    film = source.publish(source.make("film", 1000, seed=2))
    eventually(lambda: done(follower, second) and done(follower, film), "the next ones have come")
    eventually(lambda: names(here) == ["album", "album.old-1", "film", "film.old-1"], "the rest is kept")
    assert files_below(here / "album") == album(2)
    assert files_below(here / "album.old-1") == {"0/mine": "added", "1/1": "edited"}
    assert same_bytes(source.share / "film", here / "film")
    assert (here / "film.old-1").read_text() == "edited, too"
    kept = {row["id"]: row["kept"] for row in follower.json("transfers")["transfers"] if row["kept"]}
    assert sorted(kept.values()) == [str(here / "album.old-1"), str(here / "film.old-1")]


def test_what_somebody_else_made_is_kept(net):
    source, fetcher = net.peers("source", "fetcher")
    make_album(source, 1)
    source.publish(source.make("film", 1000))
    (fetcher.downloads / "album" / "inner").mkdir(parents=True)
    (fetcher.downloads / "album" / "inner" / "mine").write_text("mine")
    (fetcher.downloads / "film").write_text("mine, too")
    for name in ("album", "film"):
        fetcher.refusal("fetch", name, code=1)
        fetcher.fetch(name, "--force")
    here = fetcher.downloads
    eventually(lambda: names(here) == ["album", "album.old-1", "film", "film.old-1"], "both are kept")
    assert files_below(here / "album.old-1") == {"inner/mine": "mine"}
    assert (here / "film.old-1").read_text() == "mine, too"
    source.make("film", 1000, seed=2)
    source.publish(source.share / "film")
    fetcher.fetch("film", "--force")
    eventually(lambda: names(here) == ["album", "album.old-1", "film", "film.old-1"], "p2pd's own is not")


@pytest.fixture
def mounts():
    """Mounts a tmpfs at a place, wherever that is moved to."""
    mounted = []

    def mount(place):
        words = ["mount", "-t", "tmpfs", "p2pd-test", place]
        run = subprocess.run(words, capture_output=True, text=True)
        if run.returncode != 0:
            pytest.skip(f"no file system can be mounted here: {run.stderr.strip()}")
        mounted.append(os.open(place, os.O_PATH))

    yield mount
    for place in mounted:
        subprocess.run(["umount", os.readlink(f"/proc/self/fd/{place}"), "-l"], check=True)
        os.close(place)


def test_what_is_mounted_in_the_old_tree_is_kept(net, mounts):
    source, fetcher = net.peers("source", "fetcher")
    make_album(source, 1)
    fetcher.fetch("album")
    place = fetcher.downloads / "album" / "1"
    mounts(place)
    (place / "1").write_text("version 1, file 1")
    (place / "precious").write_text("precious")
    make_album(source, 2)
    fetcher.fetch("album", "--force")
    eventually(lambda: names(fetcher.downloads) == ["album", "album.old-1"], "the rest is kept")
    assert files_below(fetcher.downloads / "album") == album(2)
    rest = {"1/1": "version 1, file 1", "1/precious": "precious"}
    assert files_below(fetcher.downloads / "album.old-1") == rest


# Another library before theirs is what the sanitizers do not bear.
@pytest.mark.release_only
@pytest.mark.parametrize("last", [".part", ".gone"])
def test_a_removal_is_finished_after_a_crash(net, scratch, last):
    """When the new one has its name, and when the old one is out of the way."""
    source, fetcher = net.peers("source", "fetcher")
    make_album(source, 1)
    fetcher.fetch("album")
    (fetcher.downloads / "album" / "0" / "mine").write_text("added")
    fetcher.stop()
    library = compiled(scratch, Path(__file__).with_name("die_renamed.c"))
    fetcher.prefix = ["env", f"LD_PRELOAD={library}", f"DIE_AFTER={last}"]
    fetcher.start()
    content = make_album(source, 2)
    fetcher.fetch("album", "--force", "--detach")
    eventually(lambda: not fetcher.running, "it was killed")
    fetcher.kill9()  # and reaped
    fetcher.prefix = []
    fetcher.start()
    eventually(lambda: done(fetcher, content), "the fetch is done")
    eventually(lambda: names(fetcher.downloads) == ["album", "album.old-1"], "the rest is kept")
    assert files_below(fetcher.downloads / "album") == album(2)
    assert files_below(fetcher.downloads / "album.old-1") == {"0/mine": "added"}


def test_a_cancelled_tree_leaves_what_others_put_into_it(net):
    source = net.peer("source", limits={"upload": "100 kB/s"}).start()
    (fetcher,) = net.peers("fetcher")
    (source.share / "album").mkdir()
    for number in range(96):
        source.make(f"album/{number}", SMALL_CHUNK - 100, seed=number)
    content = source.publish(source.share / "album", "--chunk-size", "16KiB")
    fetcher.fetch("album", "--detach")
    eventually(lambda: synced_chunks(fetcher, content), "something has come")
    (part,) = fetcher.downloads.iterdir()
    (part / "mine").write_text("mine")
    fetcher.ctl("cancel", fetcher.transfer_id(content))
    eventually(lambda: names(fetcher.downloads) == ["album.old-1"], "the rest is kept")
    assert files_below(fetcher.downloads / "album.old-1") == {"mine": "mine"}
    said = "was cancelled; what p2pd did not write there is kept at"
    eventually(lambda: said in fetcher.log_text(), "it is told")
    source.ctl("limit", "--up", "0")
    fetcher.fetch("album")
    assert names(fetcher.downloads / "album") == names(source.share / "album")
