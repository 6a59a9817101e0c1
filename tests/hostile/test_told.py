"""What is told of a content is compared with what comes, and who lied is named."""

import os

import pytest
from bounds import Honest, bounded
from member import base32
from processes import eventually
from seeder import EVIL, FILE, Seeder, blake2b, manifest

GIB = 1 << 30
CHUNK = 4 << 20
LAST = -(2**63)


@pytest.fixture
def liar(net):
    made = Seeder(net)
    yield made
    made.close()


def blocks(folder):
    """The bytes that all files below a folder take on the disk."""
    paths = [os.path.join(at, name) for at, _, names in os.walk(folder) for name in names]
    return sum(os.lstat(path).st_blocks * 512 for path in paths)


def test_nothing_is_reserved_for_a_content_of_another_size(net, liar):
    honest = Honest(net)
    node = honest.fetcher
    large = manifest([], size=3 * GIB, chunk_size=CHUNK, hashes=bytes(32) * (3 * GIB // CHUNK))
    content = liar.offer(b"bait", large)  # of 40 bytes, it says
    before = blocks(node.home)
    with bounded(node):
        said = node.refusal("fetch", "bait", code=1)
        assert f"{len(EVIL)} bytes" in said and str(3 * GIB) in said
        assert blocks(node.home) - before < 1 << 20
        honest.goes_on()
    assert node.transfer(content)["state"] == "failed"


def test_any_time_can_be_told(net, liar):
    (node,) = net.peers("node")
    content = liar.offer(b"old", manifest([[FILE, b"file", len(EVIL), LAST, b""]]))
    node.fetch(content)
    assert (node.downloads / "old" / "file").read_bytes() == EVIL


def test_who_sent_what_is_wrong_is_named(net, liar):
    (node,) = net.peers("node")
    wrong = manifest([], size=len(EVIL), hashes=blake2b(b"p2pd.chunk", b"other"))
    content = liar.offer(b"film", wrong)
    node.ctl("fetch", "--detach", content)
    identity = base32(liar.identity.public.data)
    eventually(lambda: f"({identity}) sent chunks with wrong" in node.log_text(), "it is named")
    told = [line for line in node.log_text().splitlines() if "came with a wrong hash" in line]
    assert told and all(identity in line for line in told)

    def kinds():
        (transfer,) = node.json("why", node.transfer_id(content))["transfers"]
        return {reason["kind"] for reason in transfer["reasons"]}

    eventually(lambda: "distrusted" in kinds(), "and that is why, and no firewall")
    assert not kinds() & {"nat", "unreachable"}


def test_a_manifest_that_is_another_is_told_with_its_sender(net, liar):
    (node,) = net.peers("node")
    content = liar.offer(b"film", b"no manifest at all", content=bytes(31) + b"\1")
    node.ctl("fetch", "--detach", content)
    identity = base32(liar.identity.public.data)
    eventually(lambda: f"({identity}) sent a manifest that is not" in node.log_text(), "named")
