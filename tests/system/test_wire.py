"""Who listens on the wire learns nothing: a whole session is recorded and searched for what was
said in it."""

import base64
import hashlib
import zlib

import msgpack
import pytest
from content import MIB
from gate import Gate

FILE, FOLDER = "quarterly figures of the quokka project.csv", "wombat photographs"
SITE = "marsupial house"
LINE = b"the quokka is a small macropod about the size of a domestic cat\n"
SIZE = 8 * MIB // len(LINE) * len(LINE)


class Recorder(Gate):
    """A gate that is always open and keeps all that passes."""

    def __init__(self, port):
        super().__init__(port, allow=None)
        self.record = bytearray()

    def saw(self, data):
        self.record += data


@pytest.fixture
def tapped(idle_net):
    """A tracker, a source and a fetcher, with a recorder on every link between them."""
    net = idle_net
    names = ("tracker", "source", "fetcher")
    ports = {name: net.port("127.0.0.1", "127.0.0.2") for name in names}
    taps = {name: Recorder(port) for name, port in ports.items()}
    net.gates += taps.values()
    trackers = {"trackers": [f"127.0.0.1:{ports['tracker']}"]}
    nodes = [net.tracker]
    nodes += [
        net.node(f"{name}-quoll", peer=trackers, node={"site": SITE})
        for name in ("source", "fetcher")
    ]
    for node, port in zip(nodes, ports.values()):
        node.config["network"] |= {
            "listen": [f"127.0.0.2:{port}"],
            "advertise": [f"127.0.0.1:{port}"],
        }
        node.start()
    return nodes, taps


def shown(raw):
    """The ways in which people and programs write bytes."""
    hex, base32 = raw.hex().encode(), base64.b32encode(raw).rstrip(b"=")
    return [raw, hex, hex.upper(), base32, base32.lower(), base64.b64encode(raw)]


def raw_id(digits):
    return base64.b32decode(digits.upper() + "=" * (-len(digits) % 8))


def publish(source):
    """A file and a tree; returns their ids."""
    folder = source.share / FOLDER
    folder.mkdir()
    (folder / "joey.jpg").write_bytes(LINE * 100)
    (source.share / FILE).write_bytes(LINE * (SIZE // len(LINE)))
    return [bytes.fromhex(source.publish(source.share / name)) for name in (FILE, FOLDER)]


def secrets_of(net_secret, nodes, contents, source):
    """All that was said or is known to be behind it, by what it is called in a failure."""
    names = [FILE, FOLDER, "joey.jpg", SITE, *(node.name for node in nodes)]
    known = {f"the name {name}": [name.encode()] for name in names}
    known["the text"] = [LINE[:16], LINE[16:32]]
    known["the secret"] = shown(bytes.fromhex(net_secret))
    for node in nodes:
        known[f"the id of {node.name}"] = shown(raw_id(node.id))
        known[f"the address of {node.name}"] = [f":{node.port}".encode()]
        known[f"the folder of {node.name}"] = [str(node.home).encode()]
    for content in contents:
        known[f"the id {content.hex()}"] = shown(content)
        known[f"a message about {content.hex()}"] = [msgpack.packb(content)[:8]]
    known["the version"] = [b"p2pd/", b"Noise_", b"XXpsk0"]
    # Without the head of the array, which says how many fields there are.
    known["a hello"] = [msgpack.packb([1, 1, 0, 0, source.name])[1:12]]
    known["a publish"] = [msgpack.packb(FILE.encode())[:8], msgpack.packb([SIZE, 65536])[1:]]
    leaf = hashlib.blake2b((LINE * 300)[:16384], digest_size=32, person=b"p2pd.leaf").digest()
    known["a hash"] = shown(leaf)
    return known


def test_a_recorded_session_tells_nothing(tapped):
    (tracker, source, fetcher), taps = tapped
    contents = publish(source)
    assert {row["name"] for row in fetcher.files()} == {FILE, FOLDER}
    fetcher.fetch(FILE, FOLDER)
    assert (fetcher.downloads / FILE).read_bytes().startswith(LINE)
    nodes = (tracker, source, fetcher)
    known = secrets_of((source.state / "network.key").read_text().strip(), nodes, contents, source)
    for node in nodes:
        node.stop()
    record = b"".join(bytes(tap.record) for tap in taps.values())
    assert len(taps["tracker"].record) > 500, "announcing and asking was recorded"
    assert len(record) > SIZE, "the transfer was recorded"
    for what, patterns in known.items():
        for pattern in patterns:
            assert pattern not in record, f"{what} can be read on the wire: {pattern!r}"
    assert len(zlib.compress(record)) > 0.995 * len(record), "what passes looks like noise"
