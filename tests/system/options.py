"""What all tests of real processes share, as a plugin of pytest: options, markers, the build under
test, scratch folders, and the nodes' logs under a failure."""

import os
import shutil
import signal

import pytest
from leftovers import make_folder
from processes import TOP, Build

MARKERS = (
    "alone: strains the machine, so it runs by itself and not beside others",
    "long: takes minutes, so only --long runs it",
    "release_only: too slow under sanitizers to tell anything new there",
    "threads: whole fetches, cancels and restarts, which ThreadSanitizer watches as well",
)


def pytest_configure(config):
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as with Ctrl-C: cleaned up
    # A shell starts what it runs in the background with Ctrl-C ignored, and the programs under test
    # would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)


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
    folder = make_folder(parent)
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


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Puts the end of each node's log under a failure."""
    report = (yield).get_result()
    if not report.failed:
        return
    for made in item.funcargs.values():
        for node in getattr(made, "nodes", []):
            tail = node.log_text().splitlines()[-40:]
            report.sections.append((f"log of {node.name}", "\n".join(tail)))
