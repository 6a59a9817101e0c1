"""Sources that are late, as many are on a machine that is short of processor time: what they were
asked for still comes from them, and not from others as well."""

import subprocess
import sys

import pytest
from content import MIB, same_bytes, seed
from member import DONE, FAILED, MOST_PLAINTEXT, Member
from processes import eventually
from seeder import HAVE_ALL, MANIFEST_REQUEST, PUBLISH, REQUEST, SEGMENT, WANT, Seeder

CANCEL = 71
NOT_FOUND = 1
CHUNK = 512 * 1024
MOST_SEGMENT = 128 * 1024
PEERS = 20
SIZE = 16 * MIB
BUSY_LOOPS = 6


class LateSource(Seeder):
    """Sends a chunk when it is asked not to: by then it was on its way."""

    def publish(self, name, content, data):
        self.data = data
        publish = (bytes.fromhex(content), name, len(data), CHUNK, True, True, b"")
        assert self.tracker.ask(PUBLISH, *publish)[0] == DONE

    def serve(self, connection):
        member = self.greet(Member(connection, self.secret, False, self.identity))
        asked = {}
        try:
            while True:
                type, *fields = member.read()
                if type == WANT:
                    member.send((HAVE_ALL, fields[1]))
                elif type == MANIFEST_REQUEST:
                    member.send((FAILED, fields[0], NOT_FOUND, "not here"))
                elif type == REQUEST:
                    asked[fields[0]] = fields[2]
                elif type == CANCEL and fields[0] in asked:
                    self.send_chunk(member, fields[0], asked.pop(fields[0]))
        except (EOFError, OSError):
            pass  # the other side has gone

    def send_chunk(self, member, request, number):
        chunk = self.data[number * CHUNK :][:CHUNK]
        for at in range(0, len(chunk), MOST_SEGMENT):
            segment = chunk[at : at + MOST_SEGMENT]
            member.send((SEGMENT, request, at, len(segment)))
            for start in range(0, len(segment), MOST_PLAINTEXT):
                member.send_plaintext(segment[start : start + MOST_PLAINTEXT])


def names_of_peers(node):
    return {row["name"] for row in node.json("peers")["peers"]}


def received(node):
    return node.json("status")["totals"]["down_bytes"]


def test_what_was_on_its_way_is_taken(net):
    source, fetcher = net.peers("source", "fetcher")
    late = LateSource(net)
    late.publish(b"first", seed("first", 1000, source), (source.share / "first").read_bytes())
    fetcher.fetch("first")
    eventually(lambda: "seeder" in names_of_peers(fetcher), "they are connected")
    source.ctl("limit", "--up", "2MB/s")  # so that the other is asked as well
    content = seed("film", 6 * CHUNK, source, options=("--chunk-size", str(CHUNK)))
    late.publish(b"film", content, (source.share / "film").read_bytes())
    fetcher.fetch("film")
    late.close()
    assert same_bytes(source.share / "film", fetcher.downloads / "film")
    given = {row["name"]: row["bytes"] for row in fetcher.transfer(content)["sources_detail"]}
    assert given["seeder"] > 0 and sum(given.values()) == 6 * CHUNK
    assert received(fetcher) < 7 * CHUNK, "no chunk came twice"


@pytest.fixture
def busy_machine():
    """Other programs have work for all cores."""
    busy = [sys.executable, "-c", "while True: pass"]
    loops = [subprocess.Popen(busy) for _ in range(BUSY_LOOPS)]
    yield
    for loop in loops:
        loop.kill()
        loop.wait()


@pytest.mark.alone
@pytest.mark.release_only
def test_a_crowd_sends_little_twice(net, busy_machine):
    followers = [net.peer(f"follower{n}", peer={"auto_fetch": ["film"]}) for n in range(PEERS)]
    (publisher,) = net.peers("publisher")
    for follower in followers:
        follower.launch()
    for follower in followers:
        follower.ready()
    seed("film", SIZE, publisher)
    copies = [follower.downloads / "film" for follower in followers]
    eventually(lambda: all(copy.exists() for copy in copies), "all have it", within=120)
    assert all(same_bytes(publisher.share / "film", copy) for copy in copies)
    ratio = sum(map(received, followers)) / (PEERS * SIZE)
    print(f"{ratio:.3f} of the payload received")
    assert ratio <= 1.05
