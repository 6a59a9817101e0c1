"""What the benches share: nodes of real processes, and what a figure is."""

import contextlib
import sys
import tempfile
import time
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(TOP / "tests" / "system"), str(TOP / "tests" / "lab")]

from network import Network  # noqa: E402
from processes import Build  # noqa: E402


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
