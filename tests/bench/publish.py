"""How fast a peer hashes what it publishes: a file of 1 GiB from the page cache, announced to a
tracker; and how long its event loop was busy at a stretch meanwhile."""

import os
import random
import tempfile

from bench import options, processor_seconds, running_network, seconds, told

MIB = 1024 * 1024
SIZE = 1024 * MIB


def make(path):
    """Written to the disk, so that nothing is left to write while it is hashed."""
    source = random.Random(1)
    with path.open("wb") as file:
        for _ in range(SIZE // (16 * MIB)):
            file.write(source.randbytes(16 * MIB))
        file.flush()
        os.fsync(file.fileno())


def main():
    asked = options(__doc__, tempfile.gettempdir())
    with running_network(asked.build, asked.folder) as net:
        (peer,) = net.peers("peer")
        path = peer.share / "file"
        make(path)
        times, processor = [], []
        for _ in range(asked.rounds):
            before = processor_seconds(peer)
            times.append(seconds(lambda: peer.publish(path)))
            processor.append(processor_seconds(peer) - before)
            peer.ctl("unpublish", "file")
        lag = peer.json("status")["loop_lag_ms"]
    print(f"publish 1 GiB      {told(times)}")
    print(f"                   {SIZE / min(times) / 1e9:.2f} GB/s, processor {min(processor):.2f} s")
    print(f"loop lag           p99.9 {lag['p999']} ms, most {lag['max']} ms")


main()
