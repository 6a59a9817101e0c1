"""What the state database of a node says, running or not: the one place where tests look behind the
contract of the man pages, since only there is said what a crash must not take."""

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


def assert_on_disk(part, original, chunks, chunk_size):
    """Each of these chunks is in the .part file as it is in the original."""
    with part.open("rb") as have, original.open("rb") as right:
        for chunk in sorted(chunks):
            have.seek(chunk * chunk_size)
            right.seek(chunk * chunk_size)
            same = have.read(chunk_size) == right.read(chunk_size)
            assert same, f"chunk {chunk} is in the database and not on the disk"
