"""Whatever the clients of the control socket do, or do not do, the daemon's transfers go on."""

import os
import random
import signal
import socket
import struct
import threading
import time

import msgpack
import pytest
from content import MIB, same_bytes, seed
from processes import eventually
from watched import Fetch

COMMANDS = [("status",), ("files",), ("transfers",), ("--json", "peers"), ("search", "film")]


def connected(node):
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(20)
    client.connect(str(node.socket))
    return client


class NeverReads:
    """Asks as much as it may at once, and takes no answer."""

    def __init__(self, node):
        self._client = connected(node)
        payload = msgpack.packb([1, "transfers", {}])
        self._client.sendall((struct.pack(">I", len(payload)) + payload) * 1000)

    def close(self):
        self._client.close()


class SendsRubbish:
    """Comes again each time that it is thrown out."""

    def __init__(self, node):
        self.times = 0
        self._go_on = True
        self._thread = threading.Thread(target=self._run, args=(node,))
        self._thread.start()

    def _run(self, node):
        chance = random.Random(7)
        while self._go_on:
            with connected(node) as client:
                try:
                    client.sendall(chance.randbytes(chance.randrange(1, 100_000)))
                    client.shutdown(socket.SHUT_WR)
                    while client.recv(65536):
                        pass
                except OSError:  # thrown out in mid-sentence
                    pass
            self.times += 1

    def close(self):
        self._go_on = False
        self._thread.join()


def open_files(node):
    return len(os.listdir(f"/proc/{node.process.pid}/fd"))


@pytest.mark.alone
def test_two_hundred_at_once_one_that_never_reads_and_one_that_sends_rubbish(memory_net):
    origin, fetcher = memory_net.peers("origin", "fetcher")
    seed("film", 32 * MIB, origin, options=("--chunk-size", "64KiB"))
    before = open_files(fetcher)
    fetcher.ctl("limit", "--down", "1MB/s")  # so that it runs for all of this
    fetch = Fetch(fetcher)
    crowd = [NeverReads(fetcher), SendsRubbish(fetcher)]
    jobs = [fetcher.spawn(*COMMANDS[number % len(COMMANDS)]) for number in range(200)]
    for job in jobs:
        job.finish()
    assert fetch.goes_on, "it runs while they ask"
    longest = fetch.longest_wait
    fetcher.ctl("limit", "--down", "0")
    fetch.finish()
    assert crowd[1].times > 10
    for client in crowd:
        client.close()
    assert same_bytes(origin.share / "film", fetcher.downloads / "film")
    most = 5 if memory_net.build.sanitized else 2  # a crowd of slow processes on few cores
    assert longest < most, f"nothing came for {longest:.2f} s"
    print(f"nothing came for {longest:.2f} s at most; {crowd[1].times} times rubbish")
    eventually(lambda: open_files(fetcher) <= before + 8, "those who went are forgotten")


def test_a_daemon_that_hangs_costs_the_time_allowed(net):
    net.tracker.process.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    said = net.tracker.refusal("--timeout", "0.3", "status", code=5)
    assert 0.3 <= time.monotonic() - began < 10
    assert "did not answer in time" in said
    checks = net.tracker.ctl("--json", "--timeout", "0.3", "doctor", code=1).lines[0]["checks"]
    assert [check["state"] for check in checks] == ["fail"]
    net.tracker.process.send_signal(signal.SIGCONT)
    assert net.tracker.ctl("status")
