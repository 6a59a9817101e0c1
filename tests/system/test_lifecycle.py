"""Coming and going: first start, clean end at any moment, death, and coming back."""

import os
import random
import signal
import stat
from pathlib import Path

import pytest
from content import MIB, same_bytes, seed
from processes import PATIENCE, eventually


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_first_start_of_a_tracker_makes_identity_and_secret(idle_net):
    tracker = idle_net.tracker
    (tracker.state / "network.key").unlink()
    tracker.state.rmdir()
    tracker.start()
    assert mode(tracker.state) == 0o700
    key = tracker.state / "network.key"
    assert mode(key) == 0o600
    assert len(bytes.fromhex(key.read_text().strip())) == 32
    first_id = tracker.id
    tracker.stop()
    assert tracker.start().id == first_id


def test_folders_are_made(net):
    (peer,) = net.peers("peer")
    assert peer.downloads.is_dir()
    assert mode(peer.state) == 0o700


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it_cleanly(net, by):
    (peer,) = net.peers("peer")
    for node in (peer, net.tracker):
        node.stop(by)
        assert not node.socket.exists()
        node.refusal("status", code=3)


def test_shutdown(net):
    (peer,) = net.peers("peer")
    for node in (peer, net.tracker):
        node.ctl("shutdown")
        node.ends()


def test_a_stale_socket_is_replaced(net):
    (peer,) = net.peers("peer")
    peer.kill9()
    assert peer.socket.exists()
    peer.refusal("status", code=3)
    peer.start()


def test_what_leaves_is_delisted_at_once(idle_net):
    """And not when it has been silent for too long."""
    net = idle_net
    net.tracker.configure(tracker={"peer_timeout": "10 min"})
    net.tracker.start()
    leaves, dies, stays = net.peers("leaves", "dies", "stays")
    for node in (leaves, dies):
        seed(f"of {node.name}", 1000, node, variant=node.name)
    assert {row["name"] for row in stays.files()} == {"of leaves", "of dies"}
    leaves.stop()
    dies.kill9()
    eventually(lambda: stays.files() == [], "their files have left the catalog")
    peers = net.tracker.json("peers")["peers"]
    assert [row["name"] for row in peers] == ["stays"]


def listing(node):
    """What a script would compare of the catalog."""
    rows = [(row["id"], row["name"], row["sources"], row["partial"]) for row in node.files()]
    return sorted(rows)


def test_everything_is_listed_again_after_the_tracker_died(net):
    one, two, fetcher = net.peers("one", "two", "fetcher")
    seed("both", MIB, one, two)
    one.publish(one.make("mine", 1000, seed="mine"), "--name", "renamed")
    fetcher.fetch("both")
    eventually(lambda: fetcher.file("both")["sources"] == 3, "all three are sources")
    before = listing(net.tracker)
    net.tracker.kill9()
    net.tracker.start()
    eventually(lambda: listing(net.tracker) == before, "all is listed again")
    assert all(node.connected() for node in (one, two, fetcher))


def test_a_fetch_goes_on_without_the_tracker(net):
    origin, gate = net.gated_peer("origin", allow=4 * MIB)
    seed("film", 16 * MIB, origin)
    (fetcher,) = net.peers("fetcher")
    job = fetcher.spawn("fetch", "film")
    eventually(lambda: gate.holds, "the fetch is in the middle")
    net.tracker.kill9()
    eventually(lambda: not fetcher.connected(), "the fetcher has noticed")
    gate.open()
    job.finish()
    assert same_bytes(origin.share / "film", fetcher.downloads / "film")


def test_a_peer_may_start_before_its_tracker(idle_net):
    early = idle_net.peer("early").launch()
    eventually(early.answers, "it runs without a tracker")
    path = early.make("early", 1000)
    said = early.spawn("publish", path).finish()
    assert "tracker" in said.stdout + said.stderr
    idle_net.tracker.start()
    eventually(lambda: idle_net.tracker.file("early"), "it announces by itself")


def ended_in_mid_fetch(net, victim, allow):
    """Ends one of three nodes when `allow` bytes of a fetch have passed, and finds no fault."""
    origin, gate = net.gated_peer("origin", allow)
    seed("film", 8 * MIB, origin)
    (fetcher,) = net.peers("fetcher")
    job = fetcher.spawn("fetch", "film")
    eventually(lambda: gate.holds, f"{allow} bytes have passed")
    node = {"origin": origin, "fetcher": fetcher, "tracker": net.tracker}[victim]
    node.process.send_signal(signal.SIGTERM)
    gate.open()
    node.ends()
    if victim == "fetcher":
        job.process.wait(timeout=PATIENCE)
        copy = fetcher.downloads / "film"  # the rest may have come before the signal did
        assert not copy.exists() or same_bytes(origin.share / "film", copy)
    if victim == "tracker":
        job.finish()


# From the first byte of a handshake on; most moments lie in the flow of chunks.
MOMENTS = [1, 100, 1000, 20_000, 200_000, 2_000_000, 6_000_000]


@pytest.mark.parametrize("allow", MOMENTS)
@pytest.mark.parametrize("victim", ["origin", "fetcher", "tracker"])
def test_sigterm_in_mid_fetch(net, victim, allow):
    ended_in_mid_fetch(net, victim, allow)


@pytest.mark.long
@pytest.mark.parametrize("number", range(50))
def test_sigterm_at_random_moments(net, number):
    chance = random.Random(number)
    ended_in_mid_fetch(net, chance.choice(["origin", "fetcher"]), chance.randrange(1, 8 * MIB))


@pytest.mark.parametrize("victim", ["one", "fetcher"])
def test_sigterm_in_full_flow(net, victim):
    """No gate here: buffers, disk jobs and sockets are all busy when the signal comes."""
    one, two, fetcher = net.peers("one", "two", "fetcher")
    content = seed("film", 96 * MIB, one, two)
    job = fetcher.spawn("fetch", "film")
    eventually(lambda: fetcher.done_bytes(content) > 0, "chunks arrive")
    {"one": one, "fetcher": fetcher}[victim].stop()
    if victim == "one":
        job.finish()
        assert same_bytes(two.share / "film", fetcher.downloads / "film")
    else:
        job.process.wait(timeout=PATIENCE)


def has_open(node, path):
    folder = Path(f"/proc/{node.process.pid}/fd")
    return any(os.path.realpath(fd) == str(path) for fd in folder.iterdir())


def test_sigterm_while_publishing(net):
    (peer,) = net.peers("peer")
    path = peer.make("large", 128 * MIB)
    job = peer.spawn("publish", path)
    eventually(lambda: has_open(peer, path) or not job.running, "the file is being hashed")
    peer.stop()
    assert job.process.wait(timeout=PATIENCE) in (0, 1, 3)


def test_ctrl_c_leaves_the_transfer_running(net):
    origin, gate = net.gated_peer("origin", allow=4 * MIB)
    content = seed("film", 16 * MIB, origin)
    (fetcher,) = net.peers("fetcher")
    job = fetcher.spawn("fetch", "film")
    eventually(lambda: gate.holds, "the fetch is in the middle")
    job.process.send_signal(signal.SIGINT)
    job.finish(code=130)
    assert "goes on" in job.stderr
    gate.open()
    eventually(lambda: fetcher.transfer(content)["state"] == "done", "it goes on to its end")
    assert same_bytes(origin.share / "film", fetcher.downloads / "film")
