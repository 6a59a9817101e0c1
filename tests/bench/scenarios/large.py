"""Whether the cost of a GiB, and the memory, stay what they are when there are many of them.

Each GiB needs new pages for its copy, and what the kernel takes for one differs with the machine
and with how many there were before. So the part of p2pd's own is told beside it, and what `dd`
takes to copy the same files and to have them on the disk, as p2pd has when a fetch is done."""

import contextlib
import tempfile
from pathlib import Path

from contest import Result, one_round, set_up
from contestant import Task
from figures import Figure, Row
from inputs import GIB, MIB, make_large, room
from rivals.dd import Dd
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
    small = rows(bench, folder / "1", GIB, bench.rounds)
    big = rows(bench, folder / "20", LARGE, 1)
    scenario = f"large, {told(GIB)} and {told(LARGE)} on {file_system(folder)}"
    found = []

    def add(what, told):
        found.append(Figure(scenario, what, told))

    def cost(one, many):
        return f"{one:.2f} and {many:.2f} s/GiB: {100 * (many / one - 1):+.0f} %"

    (ours, dd), (ours_big, dd_big) = small, big
    add("speed, p2pd", f"{ours.throughput:.0f} and {ours_big.throughput:.0f} MB/s")
    add("speed, dd", f"{dd.throughput:.0f} and {dd_big.throughput:.0f} MB/s")
    add("processor, seeder", cost(ours.seeder_processor, ours_big.seeder_processor))
    add("processor, leecher", cost(ours.leecher_processor, ours_big.leecher_processor))
    add("processor, dd", cost(dd.leecher_processor, dd_big.leecher_processor))
    add("without the kernel, seeder", cost(ours.seeder_user, ours_big.seeder_user))
    add("without the kernel, leecher", cost(ours.leecher_user, ours_big.leecher_user))
    for who in ("seeder", "leecher"):
        held = (getattr(row, f"{who}_anonymous") / MIB for row in (ours, ours_big))
        add(f"anonymous memory, {who}", "{:.0f} and {:.0f} MiB".format(*held))
    return found


def rows(bench, folder, size, rounds):
    """Of p2pd and of dd."""
    content = make_large(folder / "input" / "content", size)
    with contextlib.ExitStack() as stack:
        task = Task(bench.build, folder, content)
        contestants = [set_up(kind, task, stack) for kind in (P2pd, Dd)]
        results = [Result(each.name) for each in contestants]
        for _ in range(rounds):
            for contestant, result in zip(contestants, results):
                result.runs.append(one_round(contestant))
    return [Row.of("large", size, result) for result in results]


SCENARIOS = {"large": large}
