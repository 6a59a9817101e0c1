"""Machines whose addresses change while they are members, and links that are black for a while."""

import re
import socket
import time

import pytest
from processes import PATIENCE, eventually
from watched import Fetch

LISTEN = {"listen": ["[::]:7450", "0.0.0.0:7450"]}
MIB = 1 << 20
TCP_RTO_MAX_MS = 44  # of linux/tcp.h, and in no version of Python's socket yet


@pytest.fixture
def members(lab):
    """A tracker, and two peers on hosts of their own in one IPv4 subnet."""
    lan = lab.subnet("lan", v6=None)
    home, anna, bert = (lab.host(name, lan) for name in ("home", "anna", "bert"))
    tracker = home.node("tracker", role="tracker", network=LISTEN).start()
    peers = [host.node(peer={"trackers": [f"{home.v4}:7450"]}).start() for host in (anna, bert)]
    for peer in peers:
        eventually(peer.connected, "it is there")
    return tracker, *peers


def there(tracker):
    """Who, and at which address."""
    return {row["name"]: row["address"] for row in tracker.json("peers")["peers"]}


def move(host, new):
    """As DHCP does: the old address goes, and the new one comes a moment later."""
    host.address_del(f"{host.v4}/24")
    host.address_add(new)


def flows_again(fetch, content, within):
    """Waits until more has come than had now."""
    began, had = time.monotonic(), fetch.node.done_bytes(content)
    # Of what was on its way two chunks may still come.
    eventually(lambda: fetch.node.done_bytes(content) > had + 2 * MIB, "it flows", within)
    print(f"it flows again after {time.monotonic() - began:.1f} s")


def longest_pause(host):
    """Milliseconds after which the host's TCP sends again what was not acknowledged."""
    sockets = host.run("ss", "--tcp", "--info", "--no-header", "( sport = :7440 or dport = :7440 )")
    return max(float(pause) for pause in re.findall(r"\brto:(\S+)", sockets))


def slow_fetch(anna, bert, size=64 * MIB, mbit=40):
    content = anna.publish(anna.make("film", size))
    anna.host.shape(mbit=mbit)
    fetch = Fetch(bert)
    eventually(lambda: bert.done_bytes(content) > MIB, "it has begun")
    return content, fetch


def kernel_bounds_pauses():
    """As Linux does since 6.15."""
    with socket.socket() as probe:
        try:
            probe.setsockopt(socket.IPPROTO_TCP, TCP_RTO_MAX_MS, 1000)
        except OSError:
            return False
    return True


@pytest.mark.parametrize("who", ["fetcher", "source"])
def test_after_dhcp_transfers_go_on(members, who):
    tracker, anna, bert = members
    content, fetch = slow_fetch(anna, bert)
    moved = bert if who == "fetcher" else anna
    move(moved.host, "10.1.0.77/24")
    flows_again(fetch, content, within=25)  # the old link is silent for too long after 30 s
    eventually(lambda: "10.1.0.77" in there(tracker)[moved.name], "the tracker knows")
    assert "left" not in tracker.log_text() and fetch.never_lost_any


def test_an_address_that_comes_and_goes_cuts_nothing(members):
    tracker, anna, bert = members
    for number in range(20):
        anna.make(f"file-{number}", 1000, seed=number)
    anna.ctl("publish", *(anna.share / f"file-{number}" for number in range(20)))
    eventually(lambda: len(bert.files()) == 20, "all are listed")
    before, log = there(tracker), tracker.log_text()
    for _ in range(3):
        anna.host.address_add("172.17.0.1/16")
        eventually(lambda: "172.17.0.1:7440" in anna.json("status")["addresses"], "it is seen")
        anna.host.address_del("172.17.0.1/16")
        eventually(lambda: "172.17.0.1:7440" not in anna.json("status")["addresses"], "it is gone")
        assert len(bert.files()) == 20
    assert there(tracker) == before
    assert tracker.log_text() == log, "nobody came or left"


def test_the_tracker_hears_of_another_address_at_once(members):
    tracker, anna, _ = members
    anna.host.address_add("10.1.0.99/24")
    eventually(
        lambda: tracker.spawn("discover", "10.1.0.99:7440").process.wait() == 0, "it is known"
    )


def test_a_link_that_was_black_goes_on_at_once(members):
    _, anna, bert = members
    content, fetch = slow_fetch(anna, bert)
    bert.host.drop("tcp dport 7440")
    bert.host.drop("tcp sport 7440")
    had = bert.done_bytes(content)
    stopped = time.monotonic()
    # By then TCP alone pauses for 6 s or more.
    eventually(lambda: time.monotonic() - stopped > 8, "it is black for a while")
    assert longest_pause(anna.host) <= 3000 or not kernel_bounds_pauses()
    assert bert.done_bytes(content) <= had + 2 * MIB
    bert.host.pass_all()
    flows_again(fetch, content, within=PATIENCE)
