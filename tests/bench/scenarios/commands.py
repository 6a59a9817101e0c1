"""How long people wait for p2pctl and for p2pd, beside nothing and beside a crowd."""

import socket
import subprocess
import time

from bench import running_network, seconds
from clients import COMMANDS, NeverReads, SendsRubbish
from content import seed
from figures import Figure
from flood import FLOODS, RESOLVE, Flood, library
from inputs import MIB
from meter import median, quantile
from processes import environment
from watched import Fetch


def told(times):
    return f"p50 {quantile(times, 0.5):.1f} ms, p99 {quantile(times, 0.99):.1f} ms"


def milliseconds(action, rounds):
    return [1000 * seconds(action) for _ in range(rounds)]


def commands(bench):
    """p2pctl from its start to its end, and p2pd from its start to READY=1."""
    rounds = (200, 50, 3)[bench.scale]
    with running_network(bench.build, bench.folder) as net:
        (peer,) = net.peers("peer")
        status = [peer.build.p2pctl, "--socket", peer.socket, "status"]
        run = {"env": environment(), "check": True, "stdout": subprocess.DEVNULL}
        answered = milliseconds(lambda: subprocess.run(status, **run), rounds)
        peer.stop()
        starts = [start(peer, bench.folder / "notify") for _ in range(max(rounds // 10, 2))]
    return [
        Figure(f"commands, {rounds} times", "p2pctl status", told(answered)),
        Figure("commands", "p2pd is ready", f"{median(starts):.1f} ms after its start"),
    ]


def start(peer, path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(path))
        peer.prefix = ["env", f"NOTIFY_SOCKET={path}"]
        begin = time.monotonic()
        peer.launch()
        assert b"READY=1" in ear.recv(4096)
        took = 1000 * (time.monotonic() - begin)
    peer.stop()
    path.unlink()
    return took


def clients(bench):
    """A transfer, while two hundred ask, one never reads and one sends rubbish."""
    count = (200, 200, 10)[bench.scale]
    with running_network(bench.build, bench.folder) as net:
        origin, fetcher = net.peers("origin", "fetcher")
        seed("film", 32 * MIB, origin, options=("--chunk-size", "64KiB"))
        fetcher.ctl("limit", "--down", "1MB/s")
        fetch = Fetch(fetcher)
        crowd = [NeverReads(fetcher), SendsRubbish(fetcher)]
        jobs = [fetcher.spawn(*COMMANDS[number % len(COMMANDS)]) for number in range(count)]
        for job in jobs:
            job.finish()
        longest = fetch.longest_wait
        fetcher.ctl("limit", "--down", "0")
        fetch.finish()
        for client in crowd:
            client.close()
    told = f"nothing came for {longest:.2f} s at most"
    return [Figure(f"clients, {count} at once", "a fetch at 1 MB/s", told)]


def flooded(bench):
    """A tracker's answers to one member while another asks without end."""
    rounds = (500, 200, 3)[bench.scale]
    found = []
    with running_network(bench.build, bench.folder) as net, library(net) as member:
        for kind, messages in FLOODS.items():
            with Flood(net.tracker, net.secret, messages):
                times = milliseconds(lambda: member.ask(RESOLVE, b"flood-2000"), rounds)
            found.append(Figure(f"flooded, {rounds} questions", kind, told(times)))
    return found


SCENARIOS = {"commands": commands, "clients": clients, "flooded": flooded}
