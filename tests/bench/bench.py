"""What the benches share: nodes of real processes, and how their times are told."""

import argparse
import contextlib
import os
import sys
import tempfile
import time
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "tests" / "system"))

from network import Network  # noqa: E402
from processes import Build  # noqa: E402


def options(description, folder):
    """The command line; `folder` is where the files lie when none is named."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--build", type=Path, default=TOP / "build", help="the build folder")
    parser.add_argument("--folder", type=Path, default=folder, help="where the files are to lie")
    parser.add_argument("--rounds", type=int, default=5, help="of which the best counts")
    return parser.parse_args()


@contextlib.contextmanager
def running_network(build, folder, prepare=lambda network: None):
    """A network whose tracker was prepared and runs, in a folder that is removed at the end."""
    with tempfile.TemporaryDirectory(prefix="p2pd-", dir=folder) as scratch:
        made = Network(Build.of(build.resolve()), Path(scratch))
        try:
            prepare(made)
            made.tracker.start()
            yield made
        finally:
            made.close()


def seconds(action):
    """How long it takes."""
    begin = time.monotonic()
    action()
    return time.monotonic() - begin


def processor_seconds(node):
    """What the process of a node has used so far."""
    fields = Path(f"/proc/{node.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def told(times):
    """What disturbed the others is not what is measured, so the best comes first."""
    return f"best {min(times):.2f} s, of {', '.join(f'{each:.2f}' for each in times)}"
