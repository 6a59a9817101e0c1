"""What why and doctor say of troubles that only a network has, each as a cause of its own."""

from content import MIB
from processes import eventually
from swarm import Swarm


def reasons(node):
    (row,) = node.json("why", "1")["transfers"]
    return {reason["kind"]: reason for reason in row["reasons"]}


def test_nat_on_both_sides(lab):
    """The tracker is between them, and nobody there has it."""
    here, there, out = [lab.subnet(name) for name in ("here", "there", "out")]
    for name, inside in (("home", here), ("office", there)):
        lab.router(name, inside=inside, outside=out, nat=True)
    at = lab.host("tracker", out)
    at.node(role="tracker").start()
    trackers = {"trackers": [f"{at.address}:7440"]}
    source, fetcher = [
        lab.host(name, subnet).node(peer=trackers).start()
        for name, subnet in (("source", there), ("fetcher", here))
    ]
    source.publish(source.make("film", MIB))
    fetcher.fetch("film", "--detach")
    eventually(lambda: "nat" in reasons(fetcher), "why names it")
    told = reasons(fetcher)["nat"]
    assert "source at " in told["cause"] and "port forwarding" in told["remedy"], told
    known = source.json("status")["listen"][0].rpartition(":")[2]
    for host in (source.host.v4, "10.3.0.2"):
        assert f"{host}:{known} (" in told["cause"], told


def test_a_tracker_whose_name_has_no_address(lab):
    host = lab.host("anna", lab.subnet("lan"))
    lab.dns(host, {})
    peer = host.node(peer={"trackers": ["tracker.example:7440"]}).launch()
    eventually(peer.answers, "it answers")

    def check():
        lines = peer.ctl("--json", "doctor", code=1).lines
        return next((c for c in lines[0]["checks"] if c["name"] == "dns"), None)

    found = eventually(check, "doctor names it")
    assert "tracker.example:7440 (" in found["finding"] and "resolv.conf" in found["remedy"]


def test_a_chunk_that_trickles_in(lab):
    """512 KiB at 256 kbit/s take 16 s; a segment of them takes 4."""
    wired = Swarm(lab)
    (slow,) = wired.shaped_peers(slow=0.256)
    slow.publish(slow.make("film", MIB), "--chunk-size", "512 KiB")
    (fetcher,) = wired.peers("fetcher")
    fetcher.fetch("film", "--detach")
    eventually(lambda: "chunk" in reasons(fetcher), "why names it")
    told = reasons(fetcher)["chunk"]
    assert "trickles in from slow" in told["cause"], told
