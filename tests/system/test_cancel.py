"""Who cancels a fetch and begins another of the same content at once gets that one."""

import struct

import msgpack
import pytest
from clients import connected
from content import MIB, same_bytes, seed
from processes import eventually

pytestmark = pytest.mark.threads

TIMES = 8


def say(client, *commands):
    """All at once, so that nothing happens in between."""
    frames = [msgpack.packb([number, *command]) for number, command in enumerate(commands, 1)]
    client.sendall(b"".join(struct.pack(">I", len(frame)) + frame for frame in frames))


def is_done(node, content, path):
    row = node.transfer(content)
    return row and row["path"] == str(path) and row["state"] == "done"


def test_a_fetch_right_after_the_cancel(net):
    source = net.peer("source", limits={"upload": "200 kB/s"}).start()
    fetcher = net.peer("fetcher").start()
    content = seed("film", 8 * MIB, source, options=("--chunk-size", "64KiB"))
    for number in range(TIMES):
        first, second = (fetcher.home / f"{which}-{number}" for which in ("first", "second"))
        fetcher.fetch("film", "-o", first, "--detach")
        eventually(lambda: fetcher.done_bytes(content) > 0, "some of it has come")
        with connected(fetcher) as client:
            say(
                client,
                ("cancel", {"transfer": fetcher.transfer_id(content)}),
                ("fetch", {"content": "film", "output": str(second)}),
            )
            source.ctl("limit", "--up", "0")
            eventually(lambda: is_done(fetcher, content, second), "the second is done")
        source.ctl("limit", "--up", "200kB/s")
        assert same_bytes(source.share / "film", second)
        assert not first.exists()
        fetcher.ctl("unpublish", content)  # it is offered
