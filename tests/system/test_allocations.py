"""The data path allocates nothing once it runs. What remains comes with the time and not with the
chunks, as what was fetched is written down a few times a second; and for the nodes under test time
hardly passes, see allocations.cpp."""

import re

import pytest
from content import MIB

pytestmark = pytest.mark.release_only  # the sanitizers have an allocator of their own

CHUNK = 64 * 1024  # many of them, so that what comes with the time is little for each
SMALL, LARGE = 32 * MIB, 160 * MIB


@pytest.fixture
def counted(memory_net, build):
    """Counts for a fetch of so many bytes what each side allocates from its start to its end."""
    counter = build.p2pd.parent.parent / "tests" / "system" / "liballocations.so"
    assert counter.exists(), counter

    def count(size):
        nodes = [memory_net.peer(f"{side}-{size}") for side in ("seeder", "leecher")]
        for node in nodes:
            node.prefix = ["env", f"LD_PRELOAD={counter}"]
            node.start()
        seeder, leecher = nodes
        name = f"film-{size}"
        seeder.ctl("publish", seeder.make(name, size), "--chunk-size", "64KiB")
        leecher.ctl("fetch", name)
        for node in nodes:
            node.stop()
        return [int(re.search(r"allocations: (\d+)", node.log_text())[1]) for node in nodes]

    return count


def test_chunks_cost_no_allocations(counted):
    few, many = counted(SMALL), counted(LARGE)
    chunks = (LARGE - SMALL) // CHUNK
    for side, before, after in zip(("seeder", "leecher"), few, many):
        for_a_chunk = (after - before) / chunks
        print(f"the {side} allocates {for_a_chunk:.2f} times for a chunk")
        assert for_a_chunk < 1
