"""p2pctl takes no time of its own, and waits no longer than it is told to."""

import json
import signal
import subprocess
import time

import pytest
from processes import environment


@pytest.fixture(scope="module")
def node(shared_net):
    return shared_net.tracker


def seconds(command):
    start = time.monotonic()
    subprocess.run(command, env=environment(), check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - start


@pytest.mark.release_only
@pytest.mark.alone
def test_status_takes_5_ms(node):
    """Beside other tests many a run waits for a processor, so the quickest of them counts."""
    command = [node.build.p2pctl, "--socket", node.socket, "status"]
    assert min(seconds(command) for _ in range(100)) < 0.005


def test_a_daemon_that_hangs_is_given_up(node, on_terminal):
    node.process.send_signal(signal.SIGSTOP)
    try:
        start = time.monotonic()
        late = node.refusal("--timeout", "0.3", "status", code=5)
        assert late.startswith("status: the daemon did not answer in time; ")
        told = node.ctl("--json", "--timeout", "0.3", "peers", code=5)
        assert json.loads(told.stderr)["error"]["code"] == 5
        assert 0.6 < time.monotonic() - start < 5
        on_terminal(node, "--timeout", "0.3", "top").ends(5)
    finally:
        node.process.send_signal(signal.SIGCONT)
    node.ctl("status")
