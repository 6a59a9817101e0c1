"""Whether the cost of a GiB, and the memory, stay what they are when there are many of them."""

import contextlib
import tempfile
from pathlib import Path

from contest import one_round, set_up
from contestant import Task
from figures import Figure
from inputs import GIB, MIB, make_large, room
from meter import Side, median
from rivals.p2pd import P2pd
from scenarios.transfers import told
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
    small = costs(bench, folder / "1", GIB, bench.rounds)
    big = costs(bench, folder / "20", LARGE, 1)
    scenario = f"large, {told(GIB)} and {told(LARGE)} on {file_system(folder)}"
    found = []
    for side, one, many in zip(("seeder", "leecher"), small, big):
        more = 100 * (many.processor / one.processor - 1)
        spent = f"{one.processor:.2f} and {many.processor:.2f} s/GiB: {more:+.0f} %"
        found.append(Figure(scenario, f"processor, {side}", spent))
        held = f"{one.anonymous / MIB:.0f} and {many.anonymous / MIB:.0f} MiB"
        found.append(Figure(scenario, f"anonymous memory, {side}", held))
    return found


def costs(bench, folder, size, rounds):
    """Of the seeder and of the leecher: processor seconds for a GiB, and memory."""
    content = make_large(folder / "input" / "content", size)
    with contextlib.ExitStack() as stack:
        host = set_up(P2pd, Task(bench.build, folder, content), stack)
        runs = [one_round(host) for _ in range(rounds)]
    return [
        Side(
            processor=median([side.processor for side in sides]) * GIB / size,
            anonymous=median([side.anonymous for side in sides]),
        )
        for sides in zip(*((run.server, run.client) for run in runs))
    ]


SCENARIOS = {"large": large}
