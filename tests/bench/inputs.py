"""What is published and fetched: pseudo-random bytes, so that nothing can be left out of them."""

import os
import random
import shutil

from meter import memory_info

KIB, MIB, GIB = 1024, 1024**2, 1024**3
BLOCK = 16 * MIB


def make_file(path, size, seed=1):
    source = random.Random(seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for left in range(size, 0, -BLOCK):
            file.write(source.randbytes(min(left, BLOCK)))
    return path


def make_tree(top, files, largest=16 * KIB, in_folder=100):
    """Files of 0 to so many bytes, a hundred in a folder."""
    source = random.Random(1)
    for first in range(0, files, in_folder):
        folder = top / f"folder-{first // in_folder:03}"
        folder.mkdir(parents=True)
        for number in range(first, min(first + in_folder, files)):
            file = folder / f"file-{number:05}"
            file.write_bytes(source.randbytes(source.randint(0, largest)))
    return top


def make_large(top, size):
    """A folder of so many bytes that takes a GiB at most: links to one file. No contestant makes
    use of that."""
    first = make_file(top / "00", min(size, GIB))
    for number in range(1, size // GIB):
        os.link(first, top / f"{number:02}")
    return top


def room(folder):
    """Bytes that may be written there: in a folder in memory, what is free of both."""
    free = shutil.disk_usage(folder).free
    with open("/proc/mounts", encoding="utf-8") as mounts:
        in_memory = {line.split()[1] for line in mounts if line.split()[2] == "tmpfs"}
    if not any(str(folder).startswith(mount + "/") or str(folder) == mount for mount in in_memory):
        return free
    return min(free, memory_info("MemAvailable"))
