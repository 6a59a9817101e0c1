"""Rubbish on the port and on the control socket is refused and disturbs nobody."""

import os
import random
import socket
import struct

import msgpack
import pytest
from content import MIB, same_bytes, seed
from processes import PATIENCE, eventually


@pytest.fixture(scope="module")
def pair(shared_net):
    one, two = shared_net.peers("one", "two")
    seed("proof", MIB, one)
    return one, two


def frame(value):
    payload = msgpack.packb(value)
    return struct.pack(">I", len(payload)) + payload


def still_works(pair, name):
    one, two = pair
    two.fetch("proof", "-o", two.home / name)
    assert same_bytes(one.share / "proof", two.home / name)


def connect_to_port(node):
    host, _, port = node.address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE)


def connect_to_socket(node):
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(PATIENCE)
    client.connect(str(node.socket))
    return client


def everything_until_closed(client):
    """What comes until the other side closes; a reset is a close as well."""
    said = b""
    try:
        while data := client.recv(65536):
            said += data
    except ConnectionResetError:
        pass
    return said


def send(client, data):
    """Sends and says that no more will come; the other side may have closed before that."""
    try:
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
    except OSError:
        pass


RUBBISH = {
    "nothing": b"",
    "one byte": b"\x00",
    "http": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "zeros": bytes(100_000),
    "ones": b"\xff" * 100_000,
    "noise": random.Random(7).randbytes(300_000),
    "a length without its bytes": b"\x00\x60" + bytes(10),
    "a frame of 4 GiB": b"\xff\xff\xff\xff" + bytes(1000),
    "deep nesting": struct.pack(">I", 100_000) + b"\x91" * 100_000,
    "a list that claims 2^32 elements": struct.pack(">I", 5) + b"\xdd\xff\xff\xff\xff",
    "a request without a command": frame([1]),
    "a request with too much": frame([1, "status", {}, {}]),
    "a command that is a number": frame([1, 2, {}]),
    "params that are a list": frame([1, "status", []]),
    "an id that is negative": frame([-1, "status", {}]),
}


@pytest.mark.parametrize("kind", RUBBISH)
def test_rubbish_on_the_port(shared_net, pair, kind):
    for node in (shared_net.tracker, pair[0]):
        with connect_to_port(node) as client:
            send(client, RUBBISH[kind])
            assert everything_until_closed(client) == b""
    still_works(pair, f"after port, {kind}")


@pytest.mark.parametrize("kind", RUBBISH)
def test_rubbish_on_the_control_socket(shared_net, pair, kind):
    for node in (shared_net.tracker, pair[0]):
        with connect_to_socket(node) as client:
            send(client, RUBBISH[kind])
            everything_until_closed(client)
        assert node.ctl("status")
    still_works(pair, f"after socket, {kind}")


class Control:
    """A client of the control socket that is not p2pctl."""

    def __init__(self, node):
        self._client = connect_to_socket(node)
        self._stream = self._client.makefile("rb")

    def ask(self, *request):
        self._client.sendall(frame(list(request)))

    def reply(self):
        (length,) = struct.unpack(">I", self._stream.read(4))
        return msgpack.unpackb(self._stream.read(length))

    def close(self):
        self._stream.close()
        self._client.close()


@pytest.fixture
def control(pair):
    client = Control(pair[0])
    yield client
    client.close()


def test_the_control_protocol_as_the_page_has_it(control):
    control.ask(7, "status", {})
    assert control.reply()[:2] == [7, "ok"]
    for number, request in enumerate((("dance", {}), ("fetch", {}), ("status", {"sideways": 1}))):
        control.ask(number, *request)
        ident, kind, body = control.reply()
        assert (ident, kind) == (number, "error")
        assert body["code"] == 2 and body["message"]
    control.ask(8, "status", {})
    assert control.reply()[:2] == [8, "ok"]


def test_several_commands_on_one_connection(control):
    for ident in range(50):
        control.ask(ident, "files", {})
    assert {control.reply()[0] for _ in range(50)} == set(range(50))


def test_a_client_that_leaves_without_reading(pair):
    one, _ = pair
    for _ in range(20):
        client = Control(one)
        for ident in range(50):
            client.ask(ident, "files", {})
        client.close()
    assert one.ctl("status")


def open_files(node):
    return len(os.listdir(f"/proc/{node.process.pid}/fd"))


def test_many_connections_that_say_nothing(pair):
    one, _ = pair
    before = open_files(one)
    silent = [connect_to_port(one) for _ in range(200)]
    still_works(pair, "beside silence")
    for client in silent:
        client.close()
    eventually(lambda: open_files(one) <= before + 4, "closed ones are forgotten")


def test_a_silent_connection_is_closed(pair):
    with connect_to_port(pair[0]) as client:
        assert everything_until_closed(client) == b""


@pytest.mark.parametrize("cut", [1, 1000, 300_000])
def test_a_link_that_breaks_in_mid_transfer(net, cut):
    origin, gate = net.gated_peer("origin", allow=cut)
    seed("film", 4 * MIB, origin)
    (fetcher,) = net.peers("fetcher")
    job = fetcher.spawn("fetch", "film")
    eventually(lambda: gate.holds, "the fetch is in the middle")
    gate.cut()
    job.finish()
    assert same_bytes(origin.share / "film", fetcher.downloads / "film")
