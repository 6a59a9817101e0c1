"""Fixtures; the options are in options.py, the processes in node.py and network.py."""

import pytest
from network import Network
from terminal import Terminal

pytest_plugins = ["options"]


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
