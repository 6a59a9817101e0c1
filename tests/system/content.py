"""What is published and fetched in the tests."""

import filecmp
import os

MIB = 1024 * 1024
SMALL_CHUNK = 16 * 1024  # --chunk-size of contents with many chunks and few bytes


def same_bytes(one, other):
    return filecmp.cmp(one, other, shallow=False)


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
