"""[limits] connections is a limit, whichever side begins a connection."""

from content import MIB, same_bytes, seed
from processes import eventually
from watched import Fetch


def in_use(node):
    return node.json("status")["connections"]


def test_a_fetch_from_ten_seeders_over_three_connections(net):
    seeders = net.peers(*(f"s{number}" for number in range(10)))
    seed("film", 12 * MIB, *seeders)
    fetcher = net.peer("fetcher", limits={"connections": 3, "download": "200kB/s"}).start()
    fetch = Fetch(fetcher)
    eventually(lambda: fetcher.json("transfers")["transfers"], "it has begun")
    most, told = 0, ""
    while fetch.goes_on:
        if told:
            fetcher.ctl("limit", "--down", "0")
        most = max(most, in_use(fetcher))
        (row,) = fetcher.json("why", "1")["transfers"]
        causes = (reason["cause"] for reason in row["reasons"])
        told = next((cause for cause in causes if "[limits] connections" in cause), told)
    fetch.finish()
    assert same_bytes(seeders[0].share / "film", fetcher.downloads / "film")
    print(f"at most {most} connections; why: {told}")
    assert most == 3
    assert "8 of its 10 sources are not connected" in told
    (check,) = [c for c in fetcher.json("doctor")["checks"] if c["name"] == "connections"]
    assert (check["state"], check["finding"]) == ("warn", "3 of 3 in use")
    assert "[limits] connections" in check["remedy"]
    assert "connections\t3 of 3" in fetcher.ctl("status").stdout
    assert fetcher.connected(), "its tracker has kept its place"


def test_a_finished_peer_lets_go_of_seeders(net):
    seeders = net.peers(*(f"s{number}" for number in range(12)))
    seed("film", 12 * MIB, *seeders)
    fetcher = net.peer("fetcher", limits={"download": "200kB/s"}).start()
    fetch = Fetch(fetcher)
    eventually(lambda: in_use(fetcher) == 13, "it is linked with all of them")
    fetcher.ctl("limit", "--down", "0")
    fetch.finish()
    eventually(lambda: in_use(fetcher) <= 9, "a few links stay")


def test_links_that_nobody_uses_make_way(net):
    """For those who come, and for what this node needs itself."""
    seeder = net.peer("seeder", limits={"connections": 3}).start()
    content = seed("film", MIB, seeder)
    fetchers = net.peers(*(f"f{number}" for number in range(4)))
    for fetcher in fetchers:
        fetcher.ctl("fetch", content, "--from", "seeder", within=60)
        assert in_use(seeder) <= 3
    for fetcher in fetchers[:3]:
        seed(fetcher.name, MIB, fetcher)
        seeder.ctl("fetch", fetcher.name, within=60)
        assert in_use(seeder) <= 3
    assert seeder.connected()


def test_a_tracker_comes_back_where_peers_have_the_rest(net):
    seeders = net.peers("one", "two", "three")
    fetcher = net.peer("fetcher", limits={"connections": 3, "download": "1MB/s"}).start()
    seed("film", 64 * MIB, *seeders)
    fetch = fetcher.spawn("fetch", "film")
    eventually(lambda: in_use(fetcher) == 3, "it is busy")
    net.tracker.stop()
    net.tracker.start()
    eventually(fetcher.connected, "the tracker has its place")
    assert in_use(fetcher) <= 3 and fetch.running
