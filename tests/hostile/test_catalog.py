"""What a member says of contents is its word: it does not keep others from theirs."""

import threading

from bounds import bounded
from content import MIB, same_bytes, seed
from member import DONE, FAILED, GOODBYE, TRACKER, Member, dial
from processes import eventually
from seeder import PUBLISH, REGISTER

REGISTERED, RECONCILE, RECONCILED = 17, 30, 31
REFUSED = 2


def member(net, name="liar"):
    made = Member(dial(net.tracker, "127.0.0.66"), net.secret).hello(name=name)
    made.ask(REGISTER)
    return made


def test_the_first_to_announce_an_id_does_not_fix_its_size(net):
    source, fetcher = net.peers("source", "fetcher")
    content = seed("film", MIB, source)
    source.ctl("unpublish", content)
    with bounded(net.tracker):
        liars = [member(net, f"liar-{number}") for number in range(5)]
        for number, liar in enumerate(liars):
            said = liar.ask(
                PUBLISH, bytes.fromhex(content), b"film", number + 1, 16384, True, True, b""
            )
            assert said[0] == DONE
        source.publish(source.share / "film")
        rows = [row["size"] for row in fetcher.files()]
        assert sorted(rows) == [1, 2, 3, 4, 5, MIB]
        for word in ("film@source", content):
            fetcher.fetch(word, "-o", fetcher.home / word[:12])
            assert same_bytes(source.share / "film", fetcher.home / word[:12])
        for liar in liars:
            liar.close()
    eventually(lambda: len(fetcher.files()) == 1, "they are gone, and what they said")


def test_who_says_otherwise_of_a_content_takes_it_back(net):
    liar = member(net)
    (peer,) = net.peers("peer")
    for size in (1, 2, 3):
        assert liar.ask(PUBLISH, bytes(32), b"file", size, 16384, True, True, b"")[0] == DONE
    assert [row["size"] for row in peer.files()] == [3]
    liar.close()


class Refuser:
    """A tracker that lists nothing."""

    def __init__(self, net):
        import socket

        self.secret, self.refused = net.secret, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        connection, _ = self.listener.accept()
        peer = Member(connection, self.secret, False).hello(role=TRACKER, name="refuser")
        try:
            while True:
                type, *fields = peer.read()
                if type == REGISTER:
                    peer.send((REGISTERED, fields[0], "127.0.0.1:1", 30))
                elif type == RECONCILE:
                    peer.send((RECONCILED, fields[0], list(range(len(fields[1])))))
                elif type == PUBLISH:
                    self.refused += 1
                    peer.send((FAILED, fields[0], REFUSED, "no room here"))
                elif type == GOODBYE:
                    return
        except (EOFError, OSError):
            pass


def test_a_tracker_that_refuses_is_told_of(net):
    refuser = Refuser(net)
    (peer,) = net.peers("peer")
    for number in range(50):
        peer.publish(peer.make(f"file-{number}", 1000, seed=number))
    with bounded(peer):
        peer.ctl("connect", refuser.address)
        eventually(lambda: refuser.refused == 50, "all was announced")
        def troubles():
            return peer.json("status")["troubles"]

        eventually(lambda: len(troubles()) == 20, "some of them are told")
    assert "file-" in troubles()[0]["path"] and refuser.address in troubles()[0]["error"]
    told = [line for line in peer.log_text().splitlines() if "does not list" in line]
    assert len(told) == 1 and "no room here" in told[0]
    refuser.listener.close()
