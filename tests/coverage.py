#!/usr/bin/python3
"""Prints how many lines and branches of each room were executed by what has run of a build made with
-Db_coverage=true, since it was compiled or since --reset.

  coverage.py BUILD           a row for each room
  coverage.py BUILD --files   a row for each file below its room
  coverage.py BUILD --reset   forget what has run

Each line counts once, however many files include it or types instantiate it. Edges that exceptions
take are no branches.
"""

import argparse
import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from check_includes import ALLOWED, room_of

TREE = Path(__file__).parent.parent.resolve()
ROOMS = ("proto", "daemon", "ctl")


def notes(build):
    """The compiler's notes on each object of the rooms; tests are not measured themselves."""
    return sorted(path for room in ROOMS for path in (build / room).rglob("*.gcno"))


def gcov(build, note):
    """Yields the files of one object, as gcov(1) describes them under --json-format."""
    said = subprocess.run(
        ["gcov", "--json-format", "--stdout", "--branch-probabilities", note],
        cwd=build, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
    for line in said.splitlines():
        yield from json.loads(line)["files"]


def decisions(branches):
    """How often each edge of a line's decisions was taken. Left out are the edges of calls: the one
    that an exception takes, and the one before it, for a call that returns."""
    thrown = {i for i, branch in enumerate(branches) if branch["throw"]}
    thrown |= {i - 1 for i in thrown if i > 0 and branches[i - 1]["fallthrough"]}
    return [branch["count"] for i, branch in enumerate(branches) if i not in thrown]


class Counts:
    """How often each line and each branch of a file was executed."""

    def __init__(self):
        self.lines = defaultdict(int)
        self.branches = defaultdict(int)

    def add(self, line):
        number = line["line_number"]
        self.lines[number] += line["count"]
        for index, count in enumerate(decisions(line["branches"])):
            self.branches[number, index] += count


def measure(build):
    """Returns the Counts of each file of the rooms, by its path from the tree's root."""
    files = defaultdict(Counts)
    for note in notes(build):
        for file in gcov(build, note):
            path = (build / file["file"]).resolve()
            if not path.is_relative_to(TREE) or path.relative_to(TREE).parts[0] not in ROOMS:
                continue
            for line in file["lines"]:
                files[str(path.relative_to(TREE))].add(line)
    return files


def cells(counts):
    """Executed and all, for the lines and for the branches of several Counts."""
    for part in ("lines", "branches"):
        every = [count for each in counts for count in getattr(each, part).values()]
        yield sum(count > 0 for count in every)
        yield len(every)


def row(name, counts):
    executed, lines, taken, branches = cells(counts)

    def share(some, all_):
        return f"{some:6} of {all_:6} {100 * some / all_ if all_ else 100:6.1f} %"

    return f"{name:40} {share(executed, lines)}   {share(taken, branches)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("build", type=Path)
    parser.add_argument("--files", action="store_true", help="a row for each file as well")
    parser.add_argument("--reset", action="store_true", help="forget what has run")
    options = parser.parse_args()
    build = options.build.resolve()
    if not notes(build):
        sys.exit(f"coverage: {build} was not built with -Db_coverage=true")
    if options.reset:
        for data in build.rglob("*.gcda"):
            data.unlink()
        return
    files = measure(build)
    rooms = defaultdict(dict)
    for path, counts in files.items():
        rooms[room_of(path)][path] = counts
    print(f"{'':40} {'lines':>15} {'':10} {'branches':>18}")
    for room in sorted(rooms, key=list(ALLOWED).index):
        print(row(room, rooms[room].values()))
        if options.files:
            for path in sorted(rooms[room]):
                print(row(f"  {path}", [rooms[room][path]]))
    print(row("all", files.values()))


if __name__ == "__main__":
    main()
