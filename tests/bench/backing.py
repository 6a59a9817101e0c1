"""Memory that the machine below stands behind before a clock runs.

A virtual machine may be given its memory page by page, at the first touch, and have it taken back
seconds after it was freed. A GiB that is asked for anew was seen to cost from 0.8 to 2.7 s, and it is
chance whose round that hits. So as much as a round will fill is touched just before it and let go:
the kernel hands out first what was freed last."""

import mmap

from inputs import GIB, MIB
from meter import memory_info

PROCESSES = 128 * MIB  # beside the files: what the processes themselves will take


def back(files):
    """Room for so many bytes of files, and a quarter more. It is mapped instead of written, so that
    it is the same wherever the files lie: on a disk they pass through the page cache. What is not
    free is backed already, and the inputs in it are to stay."""
    size = min(files + files // 4 + PROCESSES, memory_info("MemFree") - GIB)
    if size > 0:
        mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_POPULATE).close()
