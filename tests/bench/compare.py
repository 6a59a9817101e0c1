"""p2pd beside its rivals: measures all scenarios, or those that are named, and prints one table in
Markdown. See README.md beside this file."""

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from bench import TOP
from inputs import room
from own_network import own_network
from scale import Scale
from scenarios import Bench, every
from surroundings import described
from table import markdown

ROOM = (6, 2, 1)  # GiB that the files of a scenario may take, by scale


def options(names):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, default=TOP / "build", help="the build folder")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="less of all, in two minutes")
    size.add_argument("--smoke", action="store_true", help="only that it works, with tiny sizes")
    parser.add_argument(
        "--only", choices=names, action="append", help="this scenario; may be given several times"
    )
    parser.add_argument("--rounds", type=int, help="how often, for the medians: 5 unless given")
    parser.add_argument("--folder", type=Path, default="/dev/shm", help="where the files lie")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the findings there, too")
    return parser.parse_args()


def measured(bench, name, run):
    begin = time.monotonic()
    print(f"bench: {name} ...", end=" ", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="p2pd-", dir=bench.folder) as folder:
        found = run(Bench(bench.build, Path(folder), bench.scale, bench.rounds))
    print(f"{time.monotonic() - begin:.0f} s", file=sys.stderr, flush=True)
    return found


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # with all that it has started
    os.environ["PATH"] += ":/usr/sbin"  # where nginx is
    scenarios = every()
    asked = options(list(scenarios))
    scale = Scale.QUICK if asked.quick else Scale.SMOKE if asked.smoke else Scale.FULL
    if (free := room(asked.folder)) < ROOM[scale] * 1024**3:
        raise SystemExit(
            f"bench: {asked.folder} has {free // 1024**2} MiB of room and {ROOM[scale]} GiB are "
            "needed; name another with --folder, or ask for less with --quick"
        )
    bench = Bench(asked.build.resolve(), asked.folder, scale, asked.rounds or scale.rounds)
    machine = described(bench.build, bench.folder)
    findings = []
    with own_network():
        for name in asked.only or scenarios:
            findings += measured(bench, name, scenarios[name])
    print(markdown(machine, findings, bench.rounds), end="")
    if asked.json:
        rows = [{"kind": type(each).__name__.lower()} | asdict(each) for each in findings]
        asked.json.write_text(json.dumps({"machine": machine, "findings": rows}, indent=1) + "\n")


if __name__ == "__main__":  # which a process of multiprocessing has not
    main()
