"""A link that is cut: what a tracker was told before is not told again."""

import pytest
from gate import Gate
from processes import eventually

FILES = 300


class Meter(Gate):
    """Counts what passes, either way."""

    def __init__(self, port):
        self.address = f"127.0.0.1:{port}"
        self.bytes = 0
        super().__init__(port, None)

    def saw(self, data):
        self.bytes += len(data)


@pytest.fixture
def meter(idle_net):
    """Stands before the tracker of a network."""
    port = idle_net.port("127.0.0.1", "127.0.0.2")
    idle_net.tracker.config["network"]["listen"] = [f"127.0.0.2:{port}"]
    idle_net.gates.append(Meter(port))
    idle_net.tracker.start()
    return idle_net.gates[-1]


def test_a_cut_link_costs_no_new_announcements(idle_net, meter):
    tracker = idle_net.tracker
    peer = idle_net.peer("peer", peer={"trackers": [meter.address]}).start()
    peer.ctl("publish", *(peer.make(f"f{i}", 1 + i) for i in range(FILES)))
    eventually(lambda: len(tracker.files()) == FILES, "all are listed")
    tracker.ctl("log-level", "debug")  # so that it tells of each coming
    before = meter.bytes
    meter.cut()
    eventually(lambda: tracker.log_text().count("peer came from") == 2, "it is back")
    eventually(lambda: len(tracker.files()) == FILES, "it is listed again")
    print(f"announced: {before} bytes; after the cut: {meter.bytes - before}")
    assert meter.bytes - before < before / 8
