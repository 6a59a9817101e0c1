"""An error that passes is no verdict: what cannot be opened, read or written for a while is neither
withdrawn nor failed for good, and the node says what it waits for."""

import os
import resource
import subprocess

import pytest
from bad_device import Device, library_in
from content import MIB, same_bytes, seed
from processes import eventually

root_only = pytest.mark.skipif(os.getuid() != 0, reason="takes root")
# Another library before theirs is what the sanitizers do not bear.
preloads = pytest.mark.release_only

USER = 54_321
LACK = "Too many open files"


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    return library_in(tmp_path_factory.mktemp("bad_device"))


class Descriptors:
    """Of a running node: taken away, and given back."""

    def __init__(self, node):
        self._pid = node.process.pid
        self._limits = resource.prlimit(self._pid, resource.RLIMIT_NOFILE)

    def __enter__(self):
        resource.prlimit(self._pid, resource.RLIMIT_NOFILE, (3, self._limits[1]))

    def __exit__(self, *_):
        resource.prlimit(self._pid, resource.RLIMIT_NOFILE, self._limits)


def make_tree(node, name="tree"):
    tree = node.share / name
    tree.mkdir()
    for number in range(2):
        node.make(f"{name}/{number}", 100_000, seed=number)
    return tree


def troubles(node):
    return {row["path"]: row["error"] for row in node.json("status")["troubles"]}


def check(node, name):
    return [row for row in node.json("doctor")["checks"] if row["name"] == name]


@root_only
def test_what_is_published_outlasts_a_lack_of_descriptors(net):
    source, fetcher = net.peers("source", "fetcher")
    tree = make_tree(source)
    content = source.publish(tree)
    seed("film", 1000, source)
    source.stop()  # so that it has neither of them open
    source.start()
    eventually(lambda: net.tracker.file("tree") and net.tracker.file("film"), "both are offered")
    fetcher.fetch("film")  # there is a link now
    with Descriptors(source):
        fetcher.fetch("tree", "--detach")
        eventually(lambda: LACK in source.log_text(), "it has no descriptor for it")
    fetcher.ctl("wait", fetcher.transfer_id(content))
    for path in tree.iterdir():
        assert same_bytes(path, fetcher.downloads / "tree" / path.name)
    assert "is missing; it will be" not in source.log_text()
    assert eventually(lambda: net.tracker.file("tree"), "it is listed")["sources"] == 2


@root_only
def test_a_destination_outlasts_a_lack_of_descriptors(net):
    (source,) = net.peers("source")
    follower = net.peer("follower", peer={"auto_fetch": ["*"]}).start()
    seed("first", 1000, source)
    eventually(lambda: (follower.downloads / "first").exists(), "there is a link now")
    with Descriptors(follower):
        content = seed("film", MIB, source)
        eventually(lambda: LACK in follower.log_text(), "it has none for the destination")
    eventually(lambda: follower.transfer(content)["state"] == "done", "it goes on by itself")
    assert same_bytes(source.share / "film", follower.downloads / "film")
    assert "is outside" not in follower.log_text()
    assert "addresses are now []" not in follower.log_text()


def unreadable_by_mode(net, _):
    node = net.peer("node")
    path = make_tree(node)
    node.configure()
    node.home.parent.chmod(0o755)
    subprocess.run(["chown", "-R", f"{USER}:{USER}", node.home], check=True)
    node.prefix = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
    node.start()
    return node, path, path / "1", lambda: (path / "1").chmod(0), lambda: (path / "1").chmod(0o644)


def unreadable_by_device(net, library):
    node = net.peer("node")
    device = Device(node, node.share, library)
    node.start()
    path = node.make("film", MIB)
    return node, path, path, lambda: device.fails_to("read"), device.is_mended


@preloads
@root_only
@pytest.mark.parametrize("kind", [unreadable_by_mode, unreadable_by_device])
def test_what_cannot_be_read_while_it_is_hashed_again(net, library, kind):
    node, path, file, spoil, mend = kind(net, library)
    content = node.publish(path)
    node.stop()
    os.utime(file, (1, 1))
    spoil()
    node.start()
    eventually(lambda: str(path) in troubles(node), "it says what it waits for")
    (found,) = check(node, "files")
    assert found["state"] == "warn" and str(path) in found["finding"]
    assert net.tracker.file(path.name) is None, "it is not offered meanwhile"
    mend()
    eventually(lambda: (net.tracker.file(path.name) or {}).get("id") == content, "it is offered again")
    assert troubles(node) == {} and "is another content now" not in node.log_text()
    assert "is missing; it will be" not in node.log_text()


@preloads
def test_what_cannot_be_read_is_not_damaged(net, library):
    node = net.peer("node")
    device = Device(node, node.share, library)
    node.start()
    content = seed("film", MIB, node)
    device.fails_to("read")
    message = node.refusal("verify", "film", code=1)
    assert "dmesg" in message and "damaged" not in message
    assert node.json("transfers")["transfers"] == []
    device.is_mended()
    assert node.json("verify", "film")["files"][0]["bad_chunks"] == 0
    assert net.tracker.file("film")["id"] == content


@root_only
def test_auto_publish_outlasts_a_lack_of_descriptors(net):
    node = net.peer("node", peer={"auto_publish": True}).start()
    make_tree(node, "one")
    eventually(lambda: node.file("one"), "it is published")
    with Descriptors(node):
        make_tree(node, "two")
        eventually(lambda: LACK in node.log_text(), "it cannot look")
    eventually(lambda: node.file("two"), "it is published when it can be looked at")
    assert "is missing; it will be" not in node.log_text()
