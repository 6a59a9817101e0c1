"""publish --copy: what lies elsewhere is copied into a share folder first, by p2pctl itself."""

import fcntl
import os
import shutil
import signal
from pathlib import Path

import pytest
from another_user import NOBODY, run_as_nobody
from content import MIB, same_bytes
from processes import Ctl, environment, eventually


@pytest.fixture(scope="module")
def pair(shared_net):
    return shared_net.peers("one", "two")


@pytest.fixture
def elsewhere(pair, tmp_path):
    """A folder that is not shared; what a test leaves in the share folder is its own."""
    one, _ = pair
    before = set(os.listdir(one.share))
    yield tmp_path
    hidden = {name for name in set(os.listdir(one.share)) - before if name.startswith(".")}
    assert not hidden, "nothing unfinished stays"


def publish_copy(node, *args):
    (row,) = node.json("publish", "--copy", *args)["files"]
    return row


def test_a_file_is_copied_and_keeps_its_time(pair, elsewhere):
    one, two = pair
    film = elsewhere / "film.mp4"
    film.write_bytes(os.urandom(3 * MIB))
    os.utime(film, ns=(0, 1_500_000_000_123_456_789))
    row = publish_copy(one, film, "--name", "talk")
    copy = one.share / "film.mp4"
    assert (row["name"], row["path"]) == ("talk", str(copy))
    assert same_bytes(film, copy)
    assert copy.stat().st_mtime_ns == film.stat().st_mtime_ns
    assert copy.stat().st_ino != film.stat().st_ino
    two.fetch("talk")
    assert same_bytes(film, two.downloads / "talk")
    again = publish_copy(one, copy)  # it is shared now, so it stays where it is
    assert (again["id"], again["path"]) == (row["id"], str(copy))


def test_a_folder_is_copied_with_all_that_is_in_it(pair, elsewhere):
    one, two = pair
    album = elsewhere / "album"
    (album / "empty").mkdir(parents=True)
    (album / "run").write_text("#!/bin/sh\n")
    (album / "run").chmod(0o755)
    (album / "text").write_text("words")
    (album / "link").symlink_to("text")
    assert publish_copy(one, f"{album}/")["path"] == str(one.share / "album")
    two.fetch("album")
    for top in (one.share / "album", two.downloads / "album"):
        assert {path.name for path in top.iterdir()} == {"empty", "run", "text", "link"}
        assert os.access(top / "run", os.X_OK) and (top / "text").stat().st_mode & 0o111 == 0
        assert os.readlink(top / "link") == "text"
        assert (top / "text").read_text() == "words"


def test_holes_stay_holes(pair, elsewhere):
    one, _ = pair
    image = elsewhere / "image"
    with image.open("wb") as file:
        file.seek(20 * MIB)
        file.write(b"data")
        file.truncate(64 * MIB)
    publish_copy(one, image)
    assert same_bytes(image, one.share / "image")
    assert (one.share / "image").stat().st_blocks * 512 <= MIB


def test_a_name_that_is_taken(pair, elsewhere):
    one, _ = pair
    there = one.make("taken", 1000, seed="theirs")
    before = there.read_bytes()
    ours, good = elsewhere / "taken", elsewhere / "good"
    ours.write_text("ours")
    good.write_text("good")
    said = one.ctl("publish", "--copy", ours, good, code=1)
    assert str(there) in said.message and "rename" in said.message
    assert there.read_bytes() == before
    assert one.file("taken") is None and one.file("good") is not None


def test_a_share_folder_that_may_not_be_written(pair, elsewhere):
    one, _ = pair
    (elsewhere / "file").write_text("bytes")
    command = [one.build.p2pctl, "--socket", one.socket, "publish", "--copy", elsewhere / "file"]
    if os.getuid() == 0:  # root writes everywhere, unless it gives that up
        command = ["setpriv", "--bounding-set=-dac_override", *command]
    one.share.chmod(0o555)
    try:
        said = Ctl(command, environment()).finish(code=1)
    finally:
        one.share.chmod(0o755)
    assert str(one.share) in said.message
    assert not (one.share / "file").exists()


@pytest.fixture
def opened_slowly(elsewhere):
    """A file whose opening by somebody else tells us (by SIGIO), and waits until we let go of it."""
    file = (elsewhere / "slow").open("w+b")
    file.write(b"bytes")
    file.flush()
    opened = []
    before = signal.signal(signal.SIGIO, lambda *_: opened.append(True))
    fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
    yield file, opened
    file.close()
    signal.signal(signal.SIGIO, before)


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_leaves_nothing_behind(pair, opened_slowly, by):
    one, _ = pair
    file, opened = opened_slowly
    slow = Path(file.name)
    job = one.spawn("publish", "--copy", slow.parent)
    eventually(lambda: opened, "it copies")
    (hidden,) = one.share.glob(".p2pctl-*")
    job.process.send_signal(by)
    fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    assert "nothing was published" in job.finish(code=130).message
    assert not hidden.exists() and not (one.share / slow.parent.name).exists()


def test_what_a_content_cannot_hold_is_copied_and_then_left_out(pair, elsewhere):
    one, _ = pair
    (elsewhere / "pipes").mkdir()
    (elsewhere / "pipes" / "text").write_text("words")
    os.mkfifo(elsewhere / "pipes" / "pipe")
    said = one.ctl("publish", "--copy", elsewhere / "pipes", code=1)
    assert '"pipe" is a FIFO' in said.message and "--skip-special" in said.message
    (row,) = one.json("publish", one.share / "pipes", "--skip-special")["files"]
    assert [each["path"] for each in row["skipped"]] == ["pipe"]


@pytest.mark.skipif(os.getuid() != 0, reason="it takes root")
def test_root_copies_nothing_where_another_users_daemon_says(net, tmp_path):
    """Any user's daemon may call /etc/cron.d a share folder."""
    job, target = tmp_path / "job", net.scratch / "cron.d"
    job.write_text("* * * * * root true\n")
    target.mkdir()
    node = run_as_nobody(net, net.peer("theirs", peer={"share": [str(target)]})).start()
    assert "which the daemon's user does not own" in node.refusal("publish", "--copy", job, code=1)
    assert os.listdir(target) == []
    shutil.chown(target, NOBODY)
    node.ctl("publish", "--copy", job)
    assert os.listdir(target) == ["job"]
