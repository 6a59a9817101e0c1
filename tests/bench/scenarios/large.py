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
from scale import Scale
from scenarios.transfers import told
from surroundings import file_system


def large(bench):
    if bench.scale is Scale.QUICK:
        return []
    sizes = (MIB, 20 * MIB) if bench.scale is Scale.SMOKE else (GIB, 20 * GIB)
    needed = sum(sizes) + 3 * GIB  # the inputs are one GiB each
    for parent in (bench.folder, Path(tempfile.gettempdir()), Path("/var/tmp")):
        if room(parent) > needed:
            with tempfile.TemporaryDirectory(prefix="p2pd-", dir=parent) as folder:
                return compared(bench, Path(folder), *sizes)
    return [Figure("large", told(sizes[1]), f"not measured: it needs {told(needed)} of room")]


def compared(bench, folder, size, large_size):
    small = rows(bench, folder / "small", size, bench.rounds)
    big = rows(bench, folder / "large", large_size, 1)
    scenario = f"large, {told(size)} and {told(large_size)} on {file_system(folder)}"
    found = []

    def add(what, text):
        found.append(Figure(scenario, what, text))

    def cost(one, many):
        change = f"{100 * (many / one - 1):+.0f} %" if one else "too little to tell"
        return f"{one:.2f} and {many:.2f} s/GiB: {change}"

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
