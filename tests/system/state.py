"""What the state database of a node says, running or not: the one place where tests look behind the
contract of the man pages, since only there is said what a crash must not take."""

import os
import sqlite3


def synced_chunks(node, content):
    """The indices of the chunks that the last transfer of this content counts as on the disk."""
    # Read-only: who may write would at its end do what is the daemon's to do after a crash.
    database = sqlite3.connect(f"file:{node.state}/state.db?mode=ro", uri=True)
    try:
        row = database.execute(
            "SELECT chunks FROM transfers WHERE content = ? ORDER BY id DESC LIMIT 1",
            [bytes.fromhex(content)],
        ).fetchone()
    finally:
        database.close()
    bits = row[0] if row else b""
    return {8 * i + bit for i, byte in enumerate(bits) for bit in range(8) if byte & 0x80 >> bit}


def assert_on_disk(path, original, chunks, chunk_size):
    """Each of these chunks of a file, or of a folder of files, is there as it is in the original.
    A file of which no chunk has come need not be there."""
    if not chunks:
        return  # then there need not be anything yet
    names = sorted(os.listdir(original)) if original.is_dir() else [""]
    right, there = b"", b""
    for name in names:
        right += (original / name).read_bytes()
        there += (path / name).read_bytes() if (path / name).exists() else b""
        there = there.ljust(len(right), b"\0")
    for chunk in chunks:
        piece = slice(chunk * chunk_size, (chunk + 1) * chunk_size)
        assert there[piece] == right[piece], f"chunk {chunk} is claimed and not there"
