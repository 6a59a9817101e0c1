"""p2pd and an implementation that is not ours understand each other, in both roles."""

import hashlib
import socket
from pathlib import Path

import msgpack
import pytest
from content import MIB, seed
from member import FAILED, PEER, PING, PONG, TRACKER, Member, dial
from processes import PATIENCE, eventually

REGISTER, REGISTERED, PUBLISH, DONE, LIST, LISTING = 16, 17, 19, 5, 21, 22
WANT, BITFIELD, HAVE_ALL, REQUEST, CANCEL, SEGMENT = 64, 66, 67, 70, 71, 72
MANIFEST_REQUEST, MANIFEST_SIZE, REQUEST_FIRST, SENT_CHUNKS = 73, 74, 77, 78
FILE_ATTRIBUTES = 76
REFUSED, ELSEWHERE = 2, 8


AES = "aes" in Path("/proc/cpuinfo").read_text()
CIPHERS = pytest.mark.parametrize("aes", [False, True] if AES else [False])


@pytest.fixture
def member(net):
    """Dialled to the tracker, and ready."""
    made = Member(dial(net.tracker), net.secret).hello()
    assert made.told == [b""], "what was not offered is not taken"
    yield made
    made.close()


def test_dialling_a_tracker(net, member):
    assert member.remote_id == net.tracker.id
    version, _, role, name, *_ = member.their_hello[1:]
    assert (version, role, name) == (1, TRACKER, "tracker")
    assert member.ask(REGISTER)[0] == REGISTERED
    (row,) = net.tracker.json("peers")["peers"]
    assert (row["id"], row["name"], row["version"]) == (member.id, "member", "member/1")
    content = bytes(range(32))
    publish = (content, b"thesis", 1000, 16384, True, True, b"")
    assert member.ask(PUBLISH, *publish)[0] == DONE
    assert net.tracker.file("thesis")["id"] == content.hex()
    answer = member.ask(LIST, b"", b"")
    assert answer[0] == LISTING and [row[1] for row in answer[2]] == [b"thesis"]


def test_frames_need_not_keep_to_records(member):
    nonces = list(range(1000, 1100))
    member.send(*((PING, nonce) for nonce in nonces))  # many frames in one record
    frame = b"\0\0\0\x0b" + msgpack.packb([PING, 2**64 - 1])
    for byte in frame:  # one frame in many records
        member.send_plaintext(bytes([byte]))
    for nonce in [*nonces, 2**64 - 1]:
        assert member.read_until(lambda message: message[0] == PONG) == [PONG, nonce]


def bulk(member, request, size):
    """The bytes of all segments that answer a request."""
    data = b""
    while len(data) < size:
        message = member.read_until(lambda message: message[:2] == [SEGMENT, request])
        offset, length = message[2:]
        assert offset == len(data) and 1 <= length <= 131072
        end = len(data) + length
        while len(data) < end:
            data += member.read_plaintext()
        assert len(data) == end, "a record ends with its segment"
    return data


def blake2b(person, data):
    return hashlib.blake2b(data, digest_size=32, person=person).digest()


def chunk_hash(chunk):
    leaves = (chunk[at : at + 16384] for at in range(0, len(chunk), 16384))
    return blake2b(b"p2pd.chunk", b"".join(blake2b(b"p2pd.leaf", leaf) for leaf in leaves))


@CIPHERS
def test_fetching_from_a_peer(net, aes):
    (source,) = net.peers("source")
    content = bytes.fromhex(seed("film", MIB, source))
    member = Member(dial(source), net.secret, aes=aes).hello()
    assert member.their_hello[3] == PEER
    member.send((WANT, 1000, content))
    assert member.read() == [HAVE_ALL, content]
    type, request, size = member.ask(MANIFEST_REQUEST, content)
    assert type == MANIFEST_SIZE
    manifest = bulk(member, request, size)
    assert blake2b(b"p2pd.manifest", manifest) == content
    version, size, chunk_size, entries, hashes = msgpack.unpackb(manifest)
    assert (version, size, chunk_size, entries) == (1, MIB, 65536, [])
    original = (source.share / "film").read_bytes()
    for number in range(16):
        member.send((REQUEST, 2000 + number, content, number))
        chunk = bulk(member, 2000 + number, chunk_size)
        assert chunk == original[number * chunk_size :][:chunk_size]
        assert chunk_hash(chunk) == hashes[32 * number :][:32]
    assert member.ask(REQUEST, content, 16)[0] == FAILED, "there are 16 chunks"
    member.close()


def test_what_is_wanted_before_the_manifest_is_there_is_answered_then(net):
    source, gate = net.gated_peer("source", allow=8000)
    (fetcher,) = net.peers("fetcher")
    content = seed("film", 64 * MIB, source, options=("--chunk-size", "16 KiB"))
    fetcher.ctl("fetch", "--detach", "film")
    eventually(lambda: gate.holds, "a part of the manifest has come")
    member = Member(dial(fetcher), net.secret).hello()
    member.send((WANT, 1000, bytes.fromhex(content)), (PING, 7))
    answers = (PONG, BITFIELD, HAVE_ALL, FAILED)
    assert member.read_until(lambda message: message[0] in answers) == [PONG, 7]
    gate.open()
    answer = member.read_until(lambda message: message[0] in answers)
    assert answer[0] in (BITFIELD, HAVE_ALL)
    member.close()


def test_who_asks_for_a_first_copy_is_told_what_others_were_sent(net):
    (source,) = net.peers("source")
    content = bytes.fromhex(seed("film", MIB, source))
    first, second = (Member(dial(source), net.secret).hello(features=2) for _ in range(2))
    for member in (first, second):
        member.send((WANT, 1, content))
    for number in range(16):
        first.send((REQUEST_FIRST, 2000 + number, content, number))
        assert len(bulk(first, 2000 + number, 65536)) == 65536
    second.send((REQUEST_FIRST, 2000, content, 3))
    news = second.read_until(lambda message: message[0] in (SENT_CHUNKS, FAILED))
    assert news == [SENT_CHUNKS, content, b"\xff\xff"]
    assert second.read()[:3] == [FAILED, 2000, ELSEWHERE]
    assert second.ask(REQUEST_FIRST, content, 4)[:3:2] == [FAILED, ELSEWHERE], "no news"
    second.send((REQUEST, 2001, content, 3))
    assert len(bulk(second, 2001, 65536)) == 65536
    first.close()
    second.close()


def test_what_is_cancelled_is_confirmed(net):
    (source,) = net.peers("source")
    content = bytes.fromhex(seed("film", MIB, source))
    source.ctl("delay", "1h")
    member = Member(dial(source), net.secret).hello()
    member.send((WANT, 1000, content), (REQUEST, 2000, content, 0), (CANCEL, 2000))
    assert member.read_until(lambda message: message[1] == 2000)[:3] == [FAILED, 2000, REFUSED]
    member.close()


@CIPHERS
def test_being_dialled_as_a_tracker(net, aes):
    """p2pd begins, and takes the other implementation for a tracker like any other."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(PATIENCE)
        at = f"127.0.0.1:{listener.getsockname()[1]}"
        peer = net.node("peer", peer={"trackers": [at]}).launch()
        connection, _ = listener.accept()
    connection.settimeout(PATIENCE)
    member = Member(connection, net.secret, initiator=False, aes=aes)
    member.hello(role=TRACKER, name="other tracker")
    type, request = member.read()
    assert type == REGISTER
    member.send((REGISTERED, request, "127.0.0.1:1", 30))
    peer.ready()
    assert member.remote_id == peer.id
    (row,) = peer.json("status")["trackers"]
    assert (row["address"], row["id"], row["state"]) == (at, member.id, "connected")
    job = peer.spawn("--json", "files")
    type, request, pattern, cursor = member.read_until(lambda message: message[0] == LIST)
    row = [bytes(32), b"elsewhere", 1000, 16384, 1, 0, 0, []]
    member.send((LISTING, request, [row], b""))
    (file,) = job.finish().lines[0]["files"]
    assert (file["name"], file["sources"]) == ("elsewhere", 1)
    peer.stop()
    assert member.closed_within(PATIENCE)
    member.close()


@pytest.mark.parametrize("features", [0, 1])
def test_the_time_of_a_file_for_those_who_understand(net, features):
    (peer,) = net.peers("peer")
    content = bytes.fromhex(seed("film", 1000, peer))
    mtime = (peer.share / "film").stat().st_mtime_ns
    member = Member(dial(peer), net.secret).hello(features=features)
    member.send((WANT, 1, content))
    expected = [[FILE_ATTRIBUTES, content, False, mtime]] if features else []
    for message in [*expected, [HAVE_ALL, content]]:
        assert member.read_until(lambda message: message[0] >= WANT) == message
    member.close()
