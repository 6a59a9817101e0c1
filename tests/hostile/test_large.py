"""Catalogs that are large, or never end: they are read as far as somebody wants them."""

import os
import socket
import threading
import time

import pytest
from bounds import bounded, memory
from content import MIB
from flood import publication
from member import DONE, GOODBYE, TRACKER, Member, dial
from processes import eventually
from seeder import REGISTER

REGISTERED, LIST, LISTING, RECONCILE, RECONCILED = 17, 21, 22, 30, 31


def filled(net, count):
    """One who holds so many contents, and answers no ping for as long as they are read."""
    net.tracker.stop()
    net.tracker.configure(tracker={"peer_timeout": "10 min"})
    net.tracker.start()
    holder = Member(dial(net.tracker), net.secret).hello(name="holder")
    holder.ask(REGISTER)
    for begin in range(100_000, 100_000 + count, 1000):
        holder.send(*map(publication, range(begin, begin + 1000)))
        holder.read_until(lambda message: message[:2] == [DONE, begin + 999])
    return holder


def read_by(node, count):
    files = node.json("--timeout", "600", "files", within=900)["files"]  # an unoptimised build as well
    names = [row["name"] for row in files]
    assert len(names) == len(set(names)) == count
    some = node.json("search", "flood-1000")["files"]
    assert [row["name"] for row in some] == sorted(n for n in names if "flood-1000" in n)


def test_a_catalog_comes_in_parts(net):
    count = 25_000
    holder = filled(net, count)
    (peer,) = net.peers("peer")
    with bounded(net.tracker, peer, allowance=64 * MIB):
        for node in (net.tracker, peer):
            read_by(node, count)
        lines = peer.ctl("files").stdout.splitlines()
        assert len(lines) == count and lines[0].startswith("flood-100000")
    holder.close()


@pytest.mark.long
def test_a_catalog_of_305_000_contents_is_read(net):
    count = 305_000
    holder = filled(net, count)
    (peer,) = net.peers("peer")
    before = memory(peer)
    with bounded(net.tracker, peer, allowance=300 * MIB):
        for node in (net.tracker, peer):
            read_by(node, count)
        if not peer.build.sanitized:
            assert memory(peer) - before < 64 * MIB
    holder.close()


class Endless:
    """A tracker whose catalog has no end."""

    def __init__(self, net):
        self.secret, self.pages = net.secret, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def page(self, request):
        self.pages += 1
        rows = [
            [os.urandom(32), b"file-%08d-%d" % (self.pages, n), 1, 16384, 1, 0, 0, []]
            for n in range(64)
        ]
        return LISTING, request, rows, b"%d" % self.pages

    def serve(self):
        connection, _ = self.listener.accept()
        peer = Member(connection, self.secret, False).hello(role=TRACKER, name="endless")
        try:
            while True:
                type, *fields = peer.read()
                if type == REGISTER:
                    peer.send((REGISTERED, fields[0], "127.0.0.1:1", 30))
                elif type == RECONCILE:
                    peer.send((RECONCILED, fields[0], []))
                elif type == LIST:
                    peer.send(self.page(fields[0]))
                elif type == GOODBYE:
                    return
        except (EOFError, OSError):
            pass


def settled(endless):
    """Whether nobody asks for more."""
    before = endless.pages
    end = time.monotonic() + 1
    eventually(lambda: time.monotonic() > end, "a second has passed")
    return endless.pages == before


@pytest.mark.parametrize("trackers", [1, 2])
def test_nobody_reads_on_for_one_who_has_gone(net, trackers):
    peer = net.node("peer", peer={"trackers": []}).start()
    endless = [Endless(net) for _ in range(trackers)]
    for each in endless:
        peer.ctl("connect", each.address)
    merged = 192 * MIB if trackers > 1 else 0  # what several tell is held to be merged
    with bounded(peer, allowance=merged):
        for _ in range(3):
            asked = endless[0].pages
            job = peer.spawn("--json", "files")
            eventually(lambda: endless[0].pages > asked + 20, "it is read")
            job.process.kill()
            job.process.wait()
        eventually(lambda: all(map(settled, endless)), "until it was gone", within=10)
        assert sum(each.pages for each in endless) < 3000  # the bound of what is merged is 3125
    for each in endless:
        each.listener.close()
