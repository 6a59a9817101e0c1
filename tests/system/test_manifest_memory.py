"""Manifests count as memory by their bytes: whatever is asked for, published or fetched, p2pd takes
no more than [limits] memory and the constant that p2pd(8) states."""

import hashlib
import os
from pathlib import Path

import pytest
from content import MIB
from member import FAILED, Member, dial
from processes import eventually

REQUEST, SEGMENT, MANIFEST_REQUEST, MANIFEST_SIZE = 70, 72, 73, 74

MEMORY = 16 * MIB  # [limits] memory, the least that it may be
IDLE = 48 * MIB  # the program itself
CONSTANT = 384 * MIB  # see p2pd(8)
COUNT = 8  # contents that are asked for at once
LINKS = 20_000  # of each, with targets that are as long as makes the manifest large
TARGET = "d/" * 400 + "f"
ONE = 96 * MIB  # what one of these takes, encoded, decoded and read at most, and what the heap keeps


def peak(node):
    """The most memory that it has had since it started, in bytes."""
    status = Path(f"/proc/{node.process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def forget_peak(node):
    if os.getuid() != 0:
        pytest.skip("only root may have the kernel forget a peak of p2pd")
    Path(f"/proc/{node.process.pid}/clear_refs").write_text("5")


def bounded(node, most):
    has = peak(node)
    print(f"{node.name}: {has // MIB} of {most // MIB} MiB")
    if not node.build.sanitized:  # which has memory of its own for each byte
        assert has <= most


def make_tree(folder, links, target):
    """Links, and a file of one chunk."""
    folder.mkdir()
    at = os.open(folder, os.O_DIRECTORY)
    for number in range(links):
        os.symlink(target, f"link-{number:06}", dir_fd=at)
    os.close(at)
    (folder / "zero").write_text(folder.name)


def frugal(net, name):
    return net.peer(name, limits={"memory": f"{MEMORY // MIB} MiB"})


@pytest.fixture
def holder(memory_net):
    """Has large trees, and nothing of them in memory."""
    node = frugal(memory_net, "holder").start()
    node.contents = []
    for number in range(COUNT):
        make_tree(node.share / f"tree-{number}", LINKS, f"{number}/{TARGET}")
        node.contents.append(bytes.fromhex(node.publish(node.share / f"tree-{number}")))
    bounded(node, MEMORY + CONSTANT)
    node.stop()
    node.start()
    eventually(lambda: len(memory_net.tracker.files()) == COUNT, "all are offered again")
    bounded(node, MEMORY + CONSTANT)
    forget_peak(node)
    return node


def ask_for_all(net, node, type, *fields):
    """At once, on one link."""
    member = Member(dial(node), net.secret).hello()
    asked = [(type, 1000 + number, content, *fields) for number, content in enumerate(node.contents)]
    member.send(*asked)
    return member


def test_eight_manifests_are_sent_at_once(memory_net, holder):
    member = ask_for_all(memory_net, holder, MANIFEST_REQUEST)
    sizes, hashes = {}, {}
    while len(sizes) < COUNT or any(sizes.values()):
        type, request, *fields = member.read()
        assert type != FAILED, fields
        if type == MANIFEST_SIZE:
            sizes[request] = fields[0]
            hashes[request] = hashlib.blake2b(digest_size=32, person=b"p2pd.manifest")
        elif type == SEGMENT:
            left = fields[1]
            sizes[request] -= left
            while left > 0:
                plaintext = member.read_plaintext()
                hashes[request].update(plaintext)
                left -= len(plaintext)
    assert [hashes[1000 + n].digest() for n in range(COUNT)] == holder.contents
    bounded(holder, MEMORY + IDLE + ONE)
    assert holder.json("status")["manifest_bytes"] == 0, "it is sent from the disk"
    member.close()


def test_chunks_of_eight_with_large_manifests_are_sent_at_once(memory_net, holder):
    member = ask_for_all(memory_net, holder, REQUEST, 0)
    for _ in range(COUNT):
        type, request, *_ = member.read()
        assert type == SEGMENT
        assert member.read_plaintext().decode() == f"tree-{request - 1000}"
    bounded(holder, MEMORY + IDLE + ONE)
    status = holder.json("status")
    assert status["manifest_bytes"] <= ONE, "of those that were asked for, the last is kept"
    member.close()


@pytest.mark.long
@pytest.mark.alone
def test_a_million_links_are_published_and_fetched(memory_net):
    links = 999_999  # and the file: as many entries as there may be
    source, fetcher = nodes = [frugal(memory_net, name).start() for name in ("source", "fetcher")]
    make_tree(source.share / "links", links, "target-of-this-link")
    source.ctl("publish", source.share / "links", within=900)
    fetcher.ctl("fetch", "links", within=1800)
    assert sum(1 for _ in os.scandir(fetcher.downloads / "links")) == links + 1
    for node in nodes:
        bounded(node, MEMORY + CONSTANT)
