"""How long it takes from the command to a file of 1 KiB, by a leecher that has no link yet."""

from contest import contest
from contestant import Task
from figures import Figure
from inputs import KIB, make_file
from meter import median, quantile
from rivals.aria2 import Aria2
from rivals.nginx import Nginx
from rivals.p2pd import P2pd


def first_byte(bench):
    rounds = (50, 3, 2)[bench.scale]
    content = make_file(bench.folder / "input" / "file", KIB)
    task = Task(bench.build, bench.folder, content)
    found = []
    for result in contest(task, P2pd, [Aria2, Nginx], rounds):
        told = result.note
        if times := [run.seconds * 1000 for run in result.runs]:
            told = f"p50 {quantile(times, 0.5):.1f} ms, p99 {quantile(times, 0.99):.1f} ms"
        if result.ratios:
            told += f"; {median(result.ratios):.2f} times p2pd's"
        found.append(Figure(f"first-byte, 1 KiB, {rounds} times", result.name, told))
    return found


SCENARIOS = {"first-byte": first_byte}
