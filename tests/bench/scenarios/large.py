"""Whether the cost of a GiB stays what it is when there are many of them."""

import contextlib
import tempfile
from pathlib import Path

from contest import one_round, set_up
from contestant import Task
from figures import Figure
from inputs import GIB, make_large, room
from meter import median
from rivals.p2pd import P2pd
from surroundings import file_system

LARGE = 20 * GIB
NEEDED = LARGE + 4 * GIB  # for both inputs and the copy


def large(bench):
    if bench.scale:
        return []
    for parent in (bench.folder, Path(tempfile.gettempdir()), Path("/var/tmp")):
        if room(parent) > NEEDED:
            with tempfile.TemporaryDirectory(prefix="p2pd-", dir=parent) as folder:
                return compared(bench, Path(folder))
    return [Figure("large", "20 GiB", f"not measured: it needs {NEEDED // GIB} GiB of room")]


def compared(bench, folder):
    small = cost(bench, folder / "1", GIB, bench.rounds)
    big = cost(bench, folder / "20", LARGE, 1)
    scenario = f"large, 1 and 20 GiB on {file_system(folder)}"
    found = []
    for side, one, many in zip(("seeder", "leecher"), small, big):
        told = f"{one:.2f} and {many:.2f} s/GiB: {100 * (many / one - 1):+.0f} %"
        found.append(Figure(scenario, f"processor, {side}", told))
    return found


def cost(bench, folder, size, rounds):
    """Processor seconds for a GiB, of the seeder and of the leecher."""
    content = make_large(folder / "input" / "content", size)
    with contextlib.ExitStack() as stack:
        host = set_up(P2pd, Task(bench.build, folder, content), stack)
        runs = [one_round(host) for _ in range(rounds)]
    sides = [(run.server.processor, run.client.processor) for run in runs]
    return [median(side) * GIB / size for side in zip(*sides)]


SCENARIOS = {"large": large}
