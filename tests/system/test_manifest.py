"""A member that is asked for a manifest and sends nothing costs no memory, and holds nobody up."""

import re
from pathlib import Path

import pytest
from content import MIB
from processes import eventually
from seeder import CHUNK, EVIL, Seeder


class Announcer(Seeder):
    """It says that it sends a manifest, and sends nothing of it."""

    asked = False

    def send(self, member, request, data):
        self.asked = True


def peak_of(node):
    """Bytes of memory that it ever had at once."""
    status = Path(f"/proc/{node.process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024


@pytest.fixture
def announcer(net):
    made = Announcer(net)
    yield made
    made.close()


def test_announcing_much_and_sending_nothing(net, announcer):
    honest, fetcher = net.peers("honest", "fetcher")
    path = honest.share / "film"
    path.write_bytes(EVIL)
    content = honest.publish(path, "--chunk-size", f"{CHUNK // 1024}KiB")
    honest.stop()
    eventually(lambda: fetcher.file("film") is None, "nobody has it")
    announcer.offer(b"film", range(60 * MIB), bytes.fromhex(content))
    before = peak_of(fetcher)
    fetcher.fetch("film", "--detach")
    eventually(lambda: announcer.asked, "it is asked")
    (row,) = fetcher.json("why", "1")["transfers"]
    assert any("61440 KiB" in reason["cause"] for reason in row["reasons"]), row
    honest.start()
    fetcher.ctl("wait", "1", within=20)
    assert (fetcher.downloads / "film").read_bytes() == EVIL
    assert peak_of(fetcher) - before < 30 * MIB
