"""ping: who answers, by which way, and who does not."""

import json
import signal

import pytest
from processes import eventually


@pytest.fixture
def stopped():
    """Stops the processes of nodes, which then neither answer nor hang up, until the test ends."""
    nodes = []

    def stop(node):
        node.process.send_signal(signal.SIGSTOP)
        nodes.append(node)

    yield stop
    for node in nodes:
        node.process.send_signal(signal.SIGCONT)


def test_a_peer_is_dialled(net):
    one, two = net.peers("one", "two")
    assert [row["name"] for row in one.json("peers")["peers"]] == ["tracker"]
    answer = one.json("ping", "two")
    assert answer["peer"] == {"name": "two", "id": two.id, "address": two.address}
    assert (answer["alive"], answer["via"], len(answer["rtt_ms"])) == (True, "direct", 3)
    assert "two" in {row["name"] for row in one.json("peers")["peers"]}
    assert one.json("ping", "tracker")["via"] == "direct"
    assert "itself" in one.refusal("ping", "one", code=1)
    assert "itself" in net.tracker.refusal("ping", "tracker", code=1)
    for node in (one, net.tracker):
        assert node.json("ping", two.address, "-c", "1")["peer"]["id"] == two.id
        node.refusal("ping", "nobody", code=4)
        for count in ("0", "101"):
            node.refusal("ping", "two", "-c", count, code=2)


def test_a_peer_that_does_not_answer(net, stopped):
    one, two = net.peers("one", "two")
    one.ctl("ping", "two")
    stopped(two)
    for node in (one, net.tracker):
        failed = node.ctl("--json", "ping", "two", code=1)
        (answer,) = failed.lines
        assert (answer["alive"], answer["via"], answer["rtt_ms"]) == (False, None, [])
        assert "does not answer" in json.loads(failed.stderr)["error"]["message"]
        assert node.ctl("ping", "two", code=1).stdout == ""


def test_who_is_left_without_a_tracker_is_pinged_by_those_that_are_linked(net):
    one, two = net.peers("one", "two")
    one.ctl("ping", "two")
    net.tracker.stop()
    eventually(lambda: not one.connected(), "the tracker is gone")
    assert one.json("ping", "two")["alive"]
    assert "no tracker is connected" in one.refusal("ping", "three", code=4)
