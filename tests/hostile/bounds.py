"""What must hold of a node whatever one member does, and of the honest work beside it."""

import contextlib
import os
import re
import time
from pathlib import Path

from content import MIB, same_bytes, seed
from processes import eventually

MOST_LOG_LINES = 20  # a minute
# Beside [limits] memory: the program, its stacks, its database, what the allocator keeps; a sanitizer
# has its shadow besides.
MEMORY_CONSTANT = 96 * MIB
FEW_DESCRIPTORS = 8  # that a node may have more of afterwards: a link or two, a file
SLOWER, AT_MOST = 1.5, 5.0  # how much longer honest work may take, or seconds


def open_files(node):
    return len(os.listdir(f"/proc/{node.process.pid}/fd"))


def memory(node):
    """What it has now, in bytes."""
    status = Path(f"/proc/{node.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024


def status(node):
    return node.json("status")


class Honest:
    """A source and a fetcher, and how long their work usually takes."""

    def __init__(self, net, size=8 * MIB, **source):
        self.net = net
        self.source = net.peer("source", **source).start()
        self.fetcher = net.peer("fetcher").start()
        self._content = seed("proof", size, self.source)
        self._copies = 0
        self.usual = self.work()

    def work(self):
        """A fetch of all of it, none of which is there; returns the seconds that it took."""
        self._copies += 1
        copy = self.fetcher.home / f"copy-{self._copies}"
        begin = time.monotonic()
        self.fetcher.fetch("proof", "-o", copy, "--from", "source")
        took = time.monotonic() - begin
        assert same_bytes(self.source.share / "proof", copy)
        self.fetcher.ctl("unpublish", self._content)  # or the next would copy that
        copy.unlink()
        return took

    def goes_on(self):
        took = self.work()
        most = max(SLOWER * self.usual, AT_MOST)
        assert took <= most, f"honest work took {took:.1f} s, usually {self.usual:.1f} s"


def _log_lines(node):
    return node.log_text().count("\n")


@contextlib.contextmanager
def bounded(*nodes, allowance=0):
    """Around an attack on these nodes. `allowance`: bytes that its honest part may take."""
    begin = time.monotonic()
    before = {node: (open_files(node), _log_lines(node)) for node in nodes}
    yield
    minutes = max(1.0, (time.monotonic() - begin) / 60)
    for node, (files, lines) in before.items():
        now = status(node)
        limit = node.config.get("limits", {}).get("connections")
        if limit is not None:
            assert now["connections"] <= limit
        eventually(lambda: open_files(node) <= files + FEW_DESCRIPTORS, "its descriptors are closed")
        if not node.build.sanitized:
            has = memory(node) // MIB
            assert has <= (MEMORY_CONSTANT + allowance) // MIB, f"{node.name} has {has} MiB"
        written = _log_lines(node) - lines
        assert written <= MOST_LOG_LINES * minutes, node.log_text()
