"""What a fetch leaves in the page cache of the kernel."""

import subprocess

import pytest
from content import MIB, same_bytes, seed
from options import scratch_folder
from processes import eventually

SIZE = 96 * MIB
KEPT = 16 * MIB  # the least that can be asked for


@pytest.fixture
def scratch():
    """On a disk, which /tmp need not be."""
    yield from scratch_folder("/var/tmp")


def cached(path):
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    told = subprocess.run(
        ["fincore", "--bytes", "--noheadings", "--output", "RES", *files],
        capture_output=True,
        text=True,
        check=True,
    )
    return sum(int(line) for line in told.stdout.split())


def test_the_newest_of_a_fetch_stays(net):
    (source,) = net.peers("source")
    seed("image", SIZE, source)
    small = net.peer("small", limits={"page_cache": "16 MiB"}).start()
    large = net.peer("large").start()
    for fetcher in (large, small):
        fetcher.fetch("image", "--from", "source")
    assert cached(small.downloads / "image") <= 1.25 * KEPT, "the rest was let go of"
    # The kernel may want some of it for itself.
    assert cached(large.downloads / "image") >= SIZE / 2, "less than its limit"
    assert same_bytes(source.share / "image", small.downloads / "image")


def test_of_a_tree_as_well(net):
    (source,) = net.peers("source")
    (source.share / "tree").mkdir()
    for number in range(6):
        source.make(f"tree/{number}", SIZE // 6 + 1000, seed=number)
    source.publish(source.share / "tree")
    fetcher = net.peer("fetcher", limits={"page_cache": "16 MiB"}).start()
    fetcher.fetch("tree")
    assert cached(fetcher.downloads / "tree") <= 1.5 * KEPT


def test_what_others_lack_stays(net):
    (source,) = net.peers("source")
    content = seed("image", SIZE, source)
    slow = net.peer("slow", limits={"download": "1 MB/s"}).start()
    slow.fetch("image", "--detach")
    eventually(lambda: slow.done_bytes(content) > 0, "the slow one has a chunk")
    limits = {"page_cache": "16 MiB", "download": "50 MB/s"}  # so that it knows both early on
    fetcher = net.peer("fetcher", limits=limits).start()
    fetcher.fetch("image")
    assert slow.done_bytes(content) < SIZE / 2
    assert cached(fetcher.downloads / "image") >= SIZE / 2
