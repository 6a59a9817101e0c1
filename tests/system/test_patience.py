"""p2pctl waits no longer than it is told to."""

import json
import signal
import time

import pytest


@pytest.fixture(scope="module")
def node(shared_net):
    return shared_net.tracker


def test_a_daemon_that_hangs_is_given_up(node, on_terminal):
    node.process.send_signal(signal.SIGSTOP)
    try:
        start = time.monotonic()
        late = node.refusal("--timeout", "0.3", "status", code=5)
        assert late.startswith("status: the daemon did not answer in time; ")
        told = node.ctl("--json", "--timeout", "0.3", "peers", code=5)
        assert json.loads(told.stderr)["error"]["code"] == 5
        assert time.monotonic() - start > 0.6
        on_terminal(node, "--timeout", "0.3", "top").ends(5)
    finally:
        node.process.send_signal(signal.SIGCONT)
    node.ctl("status")
