"""The manifest is asked of another source when the first one is slow, silent or behind a hole. In
each of these tests the bad source is there first, so it is the one that is asked first."""

import os

import pytest
from processes import eventually
from swarm import Swarm, around_a_hole, on_subnets

FILES = 2500


@pytest.fixture
def wired(lab):
    return Swarm(lab)


def offer(node):
    """A folder that is all manifest, half a megabyte of it: empty files with long names. They are
    of one age, so that it is the same content everywhere."""
    folder = node.share / "album"
    folder.mkdir()
    for number in range(FILES):
        (folder / f"{number:0200}").touch()
    for path in (*folder.iterdir(), folder):
        os.utime(path, (0, 0))
    return node.publish(folder)


def reasons(node):
    (row,) = node.json("why", "1")["transfers"]
    return row["reasons"]


def is_here(node):
    (row,) = node.json("transfers")["transfers"]
    return row["state"] == "done" and len(list((node.downloads / "album").iterdir())) == FILES


def asks(node, name):
    return any(f"awaited from {name} " in reason["cause"] for reason in reasons(node))


def test_a_slow_source_does_not_keep_a_fast_one_idle(wired):
    """Half a megabyte at 64 kbit/s takes a minute."""
    (slow,) = wired.shaped_peers(slow=0.064)
    content = offer(slow)
    (fetcher,) = wired.peers("fetcher")
    fetcher.fetch("album", "--detach")
    eventually(lambda: asks(fetcher, "slow"), "the slow source is asked, and why says so")
    (fast,) = wired.peers("fast")
    assert offer(fast) == content
    eventually(lambda: is_here(fetcher), "the fast source has given it", within=30)


def test_a_source_behind_a_hole_does_not_keep_another_one_idle(lab):
    near, far = around_a_hole(lab)
    bad, good, fetcher = on_subnets(lab, near, bad=far, good=near, fetcher=near)
    content = offer(bad.start())
    fetcher.start().fetch("album", "--detach")
    eventually(lambda: asks(fetcher, "bad"), "the source behind the hole is asked")
    assert offer(good.start()) == content
    eventually(lambda: is_here(fetcher), "the other one has given it", within=10)
