"""What is published and fetched in the tests."""

import hashlib
import os
import time

from processes import eventually

MIB = 1024 * 1024
OWN_WRITES = 0.12  # seconds after a kill in which a write passes for p2pd's own: p2pd(8), BUGS
SMALL_CHUNK = 16 * 1024  # --chunk-size of contents with many chunks and few bytes


def data_ranges(file):
    """From where to where it is not a hole."""
    end = 0
    while True:
        try:
            start = os.lseek(file.fileno(), end, os.SEEK_DATA)
        except OSError:  # there is no more
            return
        end = os.lseek(file.fileno(), start, os.SEEK_HOLE)
        yield start, end


def same_bytes(one, other):
    """Without reading what is a hole in both: the kernel takes 20 s to make 5 GiB of zeros."""
    with open(one, "rb") as first, open(other, "rb") as second:
        files = (first, second)
        if os.fstat(first.fileno()).st_size != os.fstat(second.fileno()).st_size:
            return False
        for start, end in [bounds for file in files for bounds in data_ranges(file)]:
            for at in range(start, end, MIB):
                parts = [os.pread(file.fileno(), min(MIB, end - at), at) for file in files]
                if parts[0] != parts[1]:
                    return False
    return True


def part_of(path):
    """Where a fetch to this path writes until it is whole."""
    hashed = hashlib.blake2b(os.fsencode(path.name), digest_size=16).hexdigest()[:16]
    return path.with_name(f".p2pd-{hashed}.part")


def seed(name, size, *nodes, options=(), variant=1):
    """The same content published by each of these nodes; returns its id."""
    ids = {node.publish(node.make(name, size, variant), *options) for node in nodes}
    assert len(ids) == 1, "the same bytes have the same id everywhere"
    return ids.pop()


def rot(path, offset):
    """Changes a byte as a failing disk does: behind everybody's back, the times stay."""
    before = path.stat()
    with path.open("r+b") as file:
        file.seek(offset)
        (byte,) = file.read(1)
        file.seek(offset)
        file.write(bytes([byte ^ 0xFF]))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def past_own_writes(*paths):
    """Waits until a write to these parts, or files of them, cannot pass for one of p2pd's own."""
    last = max(path.lstat().st_ctime for path in paths)
    eventually(lambda: time.time() > last + 2 * OWN_WRITES, "p2pd's own writes are past")
