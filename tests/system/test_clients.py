"""Whatever the clients of the control socket do, or do not do, the daemon's transfers go on."""

import os
import signal

from clients import COMMANDS, NeverReads, SendsRubbish
from content import MIB, same_bytes, seed
from processes import eventually
from watched import Fetch


def open_files(node):
    return len(os.listdir(f"/proc/{node.process.pid}/fd"))


def test_two_hundred_at_once_one_that_never_reads_and_one_that_sends_rubbish(memory_net):
    origin, fetcher = memory_net.peers("origin", "fetcher")
    seed("film", 128 * MIB, origin, options=("--chunk-size", "64KiB"))
    before = open_files(fetcher)
    fetcher.ctl("limit", "--down", "1MB/s")  # so that it runs for all of this
    fetch = Fetch(fetcher)
    eventually(lambda: fetch.had > 0, "it has begun")
    had = fetch.had
    crowd = [NeverReads(fetcher), SendsRubbish(fetcher)]
    asked = [("--timeout", "120", *COMMANDS[number % len(COMMANDS)]) for number in range(200)]
    jobs = [fetcher.spawn(*words) for words in asked]
    for job in jobs:
        job.finish()
    assert fetch.goes_on and fetch.had > had, "it goes on while they ask"
    fetcher.ctl("limit", "--down", "0")
    fetch.finish()
    eventually(lambda: crowd[1].times > 3, "it was thrown out, and came again")
    for client in crowd:
        client.close()
    assert same_bytes(origin.share / "film", fetcher.downloads / "film")
    eventually(lambda: open_files(fetcher) <= before + 8, "those who went are forgotten")


def test_a_daemon_that_hangs_is_given_up(net):
    net.tracker.process.send_signal(signal.SIGSTOP)
    said = net.tracker.refusal("--timeout", "0.3", "status", code=5)
    assert "did not answer in time" in said
    checks = net.tracker.ctl("--json", "--timeout", "0.3", "doctor", code=1).lines[0]["checks"]
    assert [check["state"] for check in checks] == ["fail"]
    net.tracker.process.send_signal(signal.SIGCONT)
    assert net.tracker.ctl("status")
