"""What a run of tests leaves behind when it is ended in the midst of a test."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from leftovers import remove_leftovers
from processes import PATIENCE, TOP, eventually

TEST = """
import time
from pathlib import Path

def test_it(net):
    told = Path(__file__).with_name("new")
    told.write_text(f"{net.tracker.process.pid} {net.scratch}")
    told.rename(told.with_name("told"))
    time.sleep(1000)
"""


@pytest.fixture
def run(scratch, pytestconfig):
    """A run with a tracker that runs: its process, that of the tracker, and its folder."""
    (scratch / "test_it.py").write_text(TEST)
    command = [sys.executable, "-B", "-m", "pytest", "-p", "no:cacheprovider", "-p", "conftest"]
    command += ["--rootdir", scratch, "--build", TOP / pytestconfig.getoption("--build")]
    with subprocess.Popen(
        [*command, scratch / "test_it.py"],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent)},
        stdout=subprocess.DEVNULL,
    ) as process:
        told = scratch / "told"
        eventually(lambda: told.exists() or process.poll() is not None, "its tracker runs")
        tracker, folder = told.read_text().split()
        yield process, Path("/proc", tracker), Path(folder)
        process.kill()


def test_asked_to_end_it_cleans_up(run):
    process, tracker, folder = run
    process.send_signal(signal.SIGTERM)
    process.wait(PATIENCE)
    assert not tracker.exists() and not folder.exists()


def test_killed_it_takes_its_processes_along_and_the_next_run_removes_the_rest(run):
    process, tracker, folder = run
    process.kill()
    process.wait()
    eventually(lambda: not tracker.exists(), "its tracker has ended")
    remove_leftovers.__wrapped__()
    assert not folder.exists()
