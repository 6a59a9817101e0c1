"""Who may do what at the control socket. The kernel says who calls, so other users call: only root
can run this."""

import dataclasses
import grp
import os
import shutil
import stat
import subprocess
import sys

import pytest
from another_user import NOBODY, run_as_nobody
from processes import PATIENCE

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="only root can act as other users")

CONTROLLERS = grp.getgrnam("games")
READERS = grp.getgrnam("proxy")

# The callers, as subprocess takes them.
STRANGER = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
MEMBER = STRANGER | {"group": CONTROLLERS.gr_gid}
ALSO_MEMBER = STRANGER | {"extra_groups": [NOBODY + 1, CONTROLLERS.gr_gid]}
READER = STRANGER | {"group": READERS.gr_gid}
ALSO_READER = STRANGER | {"extra_groups": [NOBODY + 1, READERS.gr_gid]}
BOTH = STRANGER | {"extra_groups": [READERS.gr_gid, CONTROLLERS.gr_gid]}


def peer_for_others(net, **control):
    """A started peer whose socket, and whose p2pctl, other users can reach."""
    peer = net.peer("peer", control={"group": CONTROLLERS.gr_name, **control})
    for folder in (net.scratch, peer.home):
        folder.chmod(0o711)
    p2pctl = shutil.copy(net.build.p2pctl, peer.home / "p2pctl")
    peer.build = dataclasses.replace(net.build, p2pctl=p2pctl)
    peer.start()
    peer.make("file", 1000)
    return peer


def group_and_mode(path):
    status = path.stat()
    return status.st_gid, stat.S_IMODE(status.st_mode)


@pytest.fixture(scope="module")
def peer(shared_net):
    """One with readers. Everybody may connect to it."""
    peer = peer_for_others(shared_net, readers=READERS.gr_name)
    assert group_and_mode(peer.socket) == (CONTROLLERS.gr_gid, 0o666)
    return peer


def test_doctor_says_which_group(peer):
    said = peer.ctl("doctor", code=1, **STRANGER).stdout
    assert f"group {CONTROLLERS.gr_name}" in said
    assert peer.ctl("doctor", **READER)


@pytest.mark.parametrize("caller", [MEMBER, ALSO_MEMBER, BOTH], ids=["member", "also", "both"])
def test_the_group_controls(peer, caller):
    assert peer.ctl("status", **caller)
    assert "file" in peer.ctl("publish", peer.share / "file", **caller).stdout
    peer.ctl("unpublish", "file", **caller)


CHANGES = [
    ("publish", "{share}/file"), ("unpublish", "file"), ("fetch", "file"), ("pause", "1"),
    ("resume", "1"), ("cancel", "1"), ("forget", "1"), ("verify", "file"), ("limit",),
    ("limit", "--up", "1MB/s"), ("delay", "1s"), ("join", "p2pd1-x"), ("connect", "127.0.0.1:1"),
    ("disconnect",), ("invite",), ("kick", "x"), ("ban", "x"), ("unban", "x"), ("shutdown",),
]  # fmt: skip


@pytest.mark.parametrize("caller", [READER, ALSO_READER], ids=["reader", "also"])
def test_readers_only_look(peer, caller):
    for look in (["status"], ["peers"], ["files"], ["search", "x"], ["transfers"]):
        peer.ctl(*look, **caller)
    for look in ("wait", "why"):
        assert "1" in peer.refusal(look, "1", code=4, **caller)
    for words in CHANGES:
        change = [word.format(share=peer.share) for word in words]
        message = peer.refusal(*change, code=1, **caller)
        assert "only look" in message and "group" in message
    assert peer.files() == []


def test_a_stranger_gets_one_error(peer):
    message = peer.refusal("status", code=1, **STRANGER)
    assert str(NOBODY) in message
    assert CONTROLLERS.gr_name in message and READERS.gr_name in message
    refused = peer.ctl("--json", "files", code=1, **STRANGER)
    assert refused.stdout == "" and '"message"' in refused.stderr


# Says nothing, and reads until the daemon closes.
SILENT = "import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])"
SILENT += "; sys.stdout.buffer.write(b''.join(iter(lambda: s.recv(4096), b'')))"


def test_a_stranger_cannot_stay(peer):
    said = subprocess.run(
        [sys.executable, "-c", SILENT, peer.socket],
        capture_output=True,
        timeout=PATIENCE,
        **STRANGER,
    )
    assert b"takes no commands" in said.stdout and said.stdout.count(b"error") == 1
    assert peer.ctl("status")


def test_without_readers_the_mode_keeps_others_out(net):
    peer = peer_for_others(net)
    assert group_and_mode(peer.socket) == (CONTROLLERS.gr_gid, 0o660)
    for caller in (MEMBER, ALSO_MEMBER):
        peer.ctl("status", **caller)
    for caller in (STRANGER, READER):
        assert CONTROLLERS.gr_name in peer.refusal("status", code=1, **caller)


# A mode that was widened by hand lets nobody in whom the config does not name.
def test_the_mode_alone_opens_nothing(net):
    peer = peer_for_others(net)
    peer.socket.chmod(0o666)
    for caller in (STRANGER, READER):
        assert "takes no commands" in peer.refusal("status", code=1, **caller)
    peer.ctl("status", **MEMBER)


def test_the_daemons_own_user_and_root_control(net):
    peer = run_as_nobody(net, net.peer("own", control={"readers": READERS.gr_name})).start()
    for caller in (STRANGER, {}):
        peer.ctl("publish", peer.make("mine", 1000), **caller)
        peer.ctl("unpublish", "mine", **caller)
    other = STRANGER | {"user": NOBODY + 1, "group": NOBODY + 1}
    assert "takes no commands" in peer.refusal("status", code=1, **other)
    reader = other | {"group": READERS.gr_gid}
    peer.ctl("status", **reader)
    assert "only look" in peer.refusal("shutdown", code=1, **reader)
