"""What a member tells of others is data: it does not have nodes connect to whom it likes."""

import os
import select
import time

import pytest
from bounds import Honest, bounded, status
from member import Member, dial
from processes import eventually
from seeder import HAVE_ALL, REGISTER, WANT, Seeder, manifest
from victim import Victim

PEER_EXCHANGE, UNREACHABLE = 75, 34
AT_ONE = 64  # of these at one address, and one a second
WHILE = 5  # seconds for which an attack is watched


@pytest.fixture(params=[False, True], ids=["hangs up", "holds"])
def victim(request):
    made = Victim(holds=request.param)
    yield made
    made.close()


class Introducer(Seeder):
    """Has a content, and many others that have it too, it says."""

    def __init__(self, net, addresses, count):
        self.peers = [
            [os.urandom(32), f"friend-{number}", "", addresses(number)] for number in range(count)
        ]
        self.introduced = False
        super().__init__(net)

    def serve(self, connection):
        member = self.greet(Member(connection, self.secret, False, self.identity))
        try:
            while True:
                type, *fields = member.read()
                if type == WANT:
                    member.send((HAVE_ALL, fields[1]))
                    for at in range(0, len(self.peers), 50):
                        member.send((PEER_EXCHANGE, fields[1], self.peers[at : at + 50]))
                    self.introduced = True
        except (EOFError, OSError):
            pass


def introduce(net, node, addresses, count):
    """Has the node fetch what the introducer offers, until all are introduced."""
    introducer = Introducer(net, addresses, count)
    content = introducer.offer(b"bait", manifest([]))
    node.fetch(content, "--detach")
    eventually(lambda: introducer.introduced, "it was asked")
    return introducer


def test_those_who_are_introduced_are_not_all_dialled(net, victim):
    honest = Honest(net)
    with bounded(honest.fetcher, honest.source):
        introducer = introduce(net, honest.fetcher, lambda number: [victim.address], 2000)
        end = time.monotonic() + WHILE
        honest.goes_on()
        eventually(lambda: time.monotonic() > end, "it was watched")
        assert victim.connections <= AT_ONE + WHILE
        introducer.close()


def test_many_ids_do_not_take_the_places_of_links(net):
    limit = 50
    fetcher = net.peer("fetcher", limits={"connections": limit}).start()
    victim = Victim(holds=True)
    with bounded(fetcher):
        port = victim.port
        introducer = introduce(
            net, fetcher, lambda n: [f"127.{n % 250 + 1}.77.77:{port}", victim.address], 10_000
        )
        end = time.monotonic() + WHILE
        eventually(
            lambda: status(fetcher)["connections"] > limit or time.monotonic() > end, "watched"
        )
        assert status(fetcher)["connections"] <= limit
        assert fetcher.connected()
        Member(dial(fetcher), net.secret).hello().close()
        introducer.close()
    victim.close()


@pytest.mark.parametrize("host", ["localhost", "0.0.0.0", "[::]", "[::ffff:0.0.0.0]", "127.1"])
def test_only_addresses_of_hosts_are_dialled(net, host):
    (fetcher,) = net.peers("fetcher")
    victim, known = Victim("127.0.0.1"), Victim("127.0.0.1")
    introducer = introduce(net, fetcher, lambda number: [f"{host}:{victim.port}"], 20)
    follower = introduce(net, fetcher, lambda number: [known.address], 1)
    eventually(lambda: known.connections > 0, "who is told later is dialled")
    assert victim.connections == 0
    for each in (introducer, follower, victim, known):
        each.close()


def test_dial_backs_are_few(net, victim):
    """Ten say again and again that they cannot dial a peer, and that they are at the victim's."""
    honest = Honest(net)
    link = Member(dial(honest.source), net.secret)
    target = link.remote
    link.close()
    with bounded(net.tracker, honest.source):
        askers = []
        for number in range(10):
            asker = Member(dial(net.tracker, "127.0.0.66"), net.secret)
            asker.hello(name=f"asker-{number}", port=victim.port, addresses=[victim.address])
            asker.ask(REGISTER)
            askers.append(asker)
        end = time.monotonic() + WHILE
        while time.monotonic() < end:
            for asker in askers:
                asker.send((UNREACHABLE, target))
            assert not select.select([], [], [], 0.01)[0]
        honest.goes_on()
        assert victim.connections <= AT_ONE + WHILE
        for asker in askers:
            asker.close()
