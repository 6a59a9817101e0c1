"""p2pd shuts itself in before it does anything else, and works in there. What it cannot do any more
is for tests/unit/app_confinement.cpp."""

import dataclasses
import os
import shutil
import stat
from pathlib import Path

import pytest
from content import same_bytes, seed


def is_confined(node):
    return "confined to its folders by Landlock" in node.log_text()


def test_every_thread_is_shut_in(net):
    (peer,) = net.peers("peer")
    seed("file", 1000, peer)  # which the pool has hashed
    for node in (peer, net.tracker):
        assert "no new privileges" in node.log_text()
        tasks = list(Path(f"/proc/{node.process.pid}/task").iterdir())
        assert len(tasks) > 1 or node is not peer
        for task in tasks:
            assert "NoNewPrivs:\t1" in (task / "status").read_text()


def test_a_folder_in_the_place_of_another_waits_for_a_restart(net):
    shared = net.scratch / "shared"  # not below the config's folder, which can be read
    shared.mkdir()
    peer = net.peer("peer", peer={"share": [str(shared)]}).start()
    peer.share = shared
    if not is_confined(peer):
        pytest.skip("this kernel has no Landlock")
    shared.rename(net.scratch / "old")
    shared.mkdir()
    assert "Permission denied" in peer.refusal("publish", peer.make("file", 1000), code=1)
    peer.stop()
    peer.start()
    assert peer.publish(peer.share / "file")


def test_the_database_is_private(net):
    (peer,) = net.peers("peer")
    seed("file", 1000, peer)
    for path in peer.state.glob("state.db*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_a_user_with_a_home(net):
    """Publishes from the home and fetches into it, as without any config."""
    source, user = net.peers("source")[0], net.peer("user")
    for key in ("share", "download_dir", "writable"):
        del user.config["peer"][key]
    home = user.share
    user.prefix = ["env", f"HOME={home}"]
    if os.getuid() == 0:
        for path in (user.home, *user.home.rglob("*")):
            shutil.chown(path, 41001, 41001)
        net.scratch.chmod(0o711)
        p2pd = shutil.copy(net.build.p2pd, net.scratch)
        user.build = dataclasses.replace(net.build, p2pd=p2pd)
        user.prefix += ["setpriv", "--reuid=41001", "--regid=41001", "--clear-groups"]
    user.start()
    seed("theirs", 100_000, source)
    user.fetch("theirs")
    assert same_bytes(home / "Downloads" / "theirs", source.share / "theirs")
    user.fetch("theirs", "-o", home / "new" / "place")
    assert user.publish(user.make("mine", 1000))
    source.fetch("mine")
