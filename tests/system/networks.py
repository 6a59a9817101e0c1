"""The fixtures of tests on loopback, as a plugin of pytest; the processes are in node.py and
network.py."""

import os

import pytest
from network import Network
from own_network import leave_the_machines_network, own_network
from terminal import Terminal

def pytest_configure(config):
    # Before pytest-xdist starts its workers, which inherit it.
    if os.geteuid() != 0 and not hasattr(config, "workerinput"):
        leave_the_machines_network()


@pytest.fixture(scope="module", autouse=True)
def module_network():
    with own_network():
        yield


@pytest.fixture(autouse=True)
def test_network(request, module_network):
    """What a module's tests share is in the network of the module, see own_network.py."""
    if "shared_net" in request.fixturenames:
        yield
    else:
        with own_network():
            yield


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
