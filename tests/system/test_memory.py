"""Memory stays flat: the configured limit and little more, however large the content is."""

import os
import re
import threading
from pathlib import Path

import pytest
from content import MIB, same_bytes

pytestmark = pytest.mark.release_only

GIB = 1024 * MIB
LIMIT = 64 * MIB  # the default of [limits] memory
SAMPLE_PERIOD = 0.02  # seconds between two looks; the peak of all together the kernel keeps


class Memory:
    """Samples a process until it is asked for the peaks."""

    def __init__(self, node):
        self.name, self._status = node.name, Path(f"/proc/{node.process.pid}/status")
        self.anonymous = self.total = 0
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def peaks(self):
        self._enough.set()
        self._thread.join()
        return self.anonymous, self.total

    def _sample(self):
        while not self._enough.wait(SAMPLE_PERIOD):
            fields = dict(re.findall(r"(\w+):\s+(\d+) kB", self._status.read_text()))
            self.anonymous = max(self.anonymous, int(fields["RssAnon"]) * 1024)
            self.total = int(fields["VmHWM"]) * 1024


def make_large(node, size):
    """A folder of so many bytes that takes one GiB of disk at most: the same file again and again.
    Its chunks are equal, which p2pd makes no use of."""
    folder = node.share / "content"
    folder.mkdir()
    first = node.make("content/00", min(size, GIB))
    for number in range(1, size // GIB):
        os.link(first, folder / f"{number:02}")
    return folder


def flat(net, size):
    free = os.statvfs(net.scratch)
    if free.f_bavail * free.f_frsize < size + 2 * GIB:
        pytest.skip(f"{size // GIB} GiB do not fit on the disk of {net.scratch}")
    nodes = seeder, leecher = net.peers("seeder", "leecher")
    watches = [Memory(node) for node in nodes]
    folder = make_large(seeder, size)
    seeder.ctl("publish", folder, within=600)
    leecher.ctl("fetch", "content", within=1800)
    for watch in watches:
        anonymous, total = watch.peaks()
        figures = f"{anonymous / MIB:.1f} MiB anonymous, {total / MIB:.1f} MiB in all"
        print(f"{size // MIB} MiB, {watch.name}: {figures}")
        assert anonymous <= LIMIT + 16 * MIB
        assert total <= LIMIT + 32 * MIB
    assert same_bytes(folder / "00", leecher.downloads / "content" / "00")


def test_a_content_of_256_mib(net):
    flat(net, 256 * MIB)


@pytest.mark.long
@pytest.mark.alone
@pytest.mark.parametrize("size", [64 * MIB, GIB, 20 * GIB])
def test_contents_of_all_sizes(net, size):
    flat(net, size)
