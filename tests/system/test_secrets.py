"""What the memory of a node holds of secrets, and who may read it."""

import os
import subprocess
from pathlib import Path

import pytest
from another_user import AS_NOBODY, run_as_nobody
from processes import eventually

pytestmark = pytest.mark.release_only  # a sanitizer keeps what was freed, to find its use


def times_in_memory(node, wanted):
    """How often these bytes are in what the process may write to, stacks included."""
    process, count = Path(f"/proc/{node.process.pid}"), 0
    with (process / "mem").open("rb", buffering=0) as memory:
        for line in (process / "maps").read_text().splitlines():
            span, rights = line.split()[:2]
            if "w" not in rights:
                continue
            begin, end = (int(word, 16) for word in span.split("-"))
            memory.seek(begin)
            count += memory.read(end - begin).count(wanted)
    return count


def test_a_token_leaves_nothing_behind(net):
    tracker, peer = net.tracker, net.node("peer")
    (peer.state / "network.key").unlink()
    peer.start()
    token = tracker.json("invite")["token"]
    assert peer.json("join", token)["state"] == "connected"
    for node in (tracker, peer):
        passed_on, kept = token[75:110].encode(), bytes.fromhex(net.secret)
        eventually(lambda: times_in_memory(node, passed_on) == 0, f"{node.name} has answered")
        assert times_in_memory(node, kept) == 1, f"{node.name} needs it once"


def test_keys_are_never_swapped(net):
    status = Path(f"/proc/{net.tracker.process.pid}/status").read_text()
    assert "VmLck:\t       0 kB" not in status


@pytest.mark.skipif(os.getuid() != 0, reason="it takes root")
def test_no_other_process_of_its_user_sees_its_memory(net):
    node = run_as_nobody(net, net.peer("own")).start()
    look = [*AS_NOBODY, "cat", f"/proc/{node.process.pid}/maps"]
    assert "Permission denied" in subprocess.run(look, capture_output=True, text=True).stderr
    (node.share / "film").write_bytes(b"bytes")
    node.publish(node.share / "film")
