"""Fixtures and options; the processes themselves are in node.py and network.py."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from network import Network
from processes import Build
from terminal import Terminal

TOP = Path(__file__).resolve().parent.parent.parent


def pytest_addoption(parser):
    where = os.environ.get("P2PD_BUILD", "build-release")
    parser.addoption("--build", default=where, help="the build folder to test (or P2PD_BUILD)")
    parser.addoption("--long", action="store_true", help="run the tests that take minutes, too")


def pytest_collection_modifyitems(config, items):
    left_out = set() if config.getoption("--long") else {"long"}
    if build_under_test(config).sanitized:
        left_out.add("release_only")
    dropped = [item for item in items if left_out & {mark.name for mark in item.iter_markers()}]
    config.hook.pytest_deselected(items=dropped)
    items[:] = [item for item in items if item not in dropped]


def build_under_test(config):
    folder = TOP / config.getoption("--build")
    if not (folder / "meson-info").is_dir():
        raise pytest.UsageError(f"{folder} is no build folder; sh tests/build.sh makes one")
    return Build.of(folder)


@pytest.fixture(scope="session")
def build(pytestconfig):
    return build_under_test(pytestconfig)


def scratch_folder(parent="/tmp"):
    # Not tmp_path: with its long names a socket's path would pass 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="p2pd-", dir=parent))
    yield folder
    shutil.rmtree(folder)


scratch = pytest.fixture(scratch_folder)
module_scratch = pytest.fixture(scratch_folder, scope="module")


@pytest.fixture
def memory_scratch():
    """For what measures links and limits: it shall not wait for a disk."""
    if shutil.disk_usage("/dev/shm").free < 2 * 1024**3:
        pytest.skip("there are not 2 GiB free in /dev/shm")
    yield from scratch_folder("/dev/shm")


def network(build, folder, started=True):
    made = Network(build, folder)
    try:
        if started:
            made.tracker.start()
        yield made
    finally:
        made.close()


@pytest.fixture
def net(build, scratch):
    """A tracker and no peers yet."""
    yield from network(build, scratch)


@pytest.fixture
def memory_net(build, memory_scratch):
    """As net, on no disk."""
    yield from network(build, memory_scratch)


@pytest.fixture
def idle_net(build, scratch):
    """For nodes that need no tracker: nothing runs yet."""
    yield from network(build, scratch, started=False)


@pytest.fixture(scope="module")
def shared_net(build, module_scratch):
    """One network for all tests of a file that leave it as they found it."""
    yield from network(build, module_scratch)


@pytest.fixture
def on_terminal():
    """Starts p2pctl for a node on a terminal of its own, see Terminal; closes them all."""
    opened = []

    def start(node, *args, **options):
        opened.append(Terminal(node.build.p2pctl, "--socket", node.socket, *args, **options))
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Puts the end of each node's log under a failure."""
    report = (yield).get_result()
    if not report.failed:
        return
    for made in item.funcargs.values():
        for node in made.nodes if isinstance(made, Network) else []:
            tail = node.log_text().splitlines()[-40:]
            report.sections.append((f"log of {node.name}", "\n".join(tail)))
