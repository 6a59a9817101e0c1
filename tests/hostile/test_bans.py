"""Who is out is said by the trackers that people chose, and by nobody else."""

import sqlite3
import time

from content import seed
from member import base32, new_identity
from processes import eventually


def put_ban(node, banned, by):
    """As an older p2pd kept it of a tracker that a beacon had brought."""
    with sqlite3.connect(node.state / "state.db") as database:
        database.execute("INSERT INTO bans VALUES (?, ?, '', ?)", (banned, by, int(time.time())))


def raw(identity):
    return identity.public.data


def ids(node, key="id"):
    return [row[key] for row in node.json("bans")["bans"]]


def test_the_ban_of_one_that_was_never_chosen_goes(net):
    source, fetcher = net.peers("source", "fetcher")
    seed("film", 1000, source)
    identity, tracker = new_identity(), new_identity()
    fetcher.stop()
    put_ban(fetcher, raw(identity), raw(tracker))
    fetcher.start()
    eventually(lambda: not ids(fetcher), "its tracker is known, and did not say so")
    fetcher.stop()
    put_ban(fetcher, raw(identity), raw(tracker))
    fetcher.configure(peer={"trackers": []})
    fetcher.launch()
    eventually(fetcher.answers, "it is there")
    assert not ids(fetcher), "it knows no tracker at all"


def test_a_peer_tells_whose_bans_it_heeds(net):
    second = net.node("second", role="tracker").start()
    source, fetcher = net.peers("source", "fetcher")
    for node in (source, fetcher):
        node.ctl("connect", second.address)
    content = seed("film", 1000, source)
    net.tracker.ctl("ban", "source")
    eventually(lambda: ids(fetcher) == [source.id], "it is told")
    assert ids(fetcher, "by") == [net.tracker.id]
    eventually(lambda: fetcher.file("film"), "the other tracker lists it")
    fetcher.ctl("fetch", "--detach", content)

    def kinds():
        (transfer,) = fetcher.json("why", fetcher.transfer_id(content))["transfers"]
        return [reason["kind"] for reason in transfer["reasons"]]

    eventually(lambda: "banned" in kinds(), "that is why")
    net.tracker.ctl("unban", "source")
    eventually(lambda: not ids(fetcher), "it is lifted")
    fetcher.ctl("wait", fetcher.transfer_id(content))
    assert base32(bytes(32)) not in ids(source)
