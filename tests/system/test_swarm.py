"""Who gives how much: sources that are late, silent, gone or not wanted, and a swarm by itself."""

import pytest
from content import MIB, rot, same_bytes, seed
from processes import eventually
from test_main_job import bytes_by_source
from watches import Watch, begun

CHUNK = 64 * 1024


def fetched(fetcher, sources, name="film"):
    assert same_bytes(sources[0].share / name, fetcher.downloads / name)


def test_the_one_that_answers_late_gives_little(memory_net):
    sources = memory_net.peers("quick", "late")
    content = seed("film", 64 * MIB, *sources)
    assert sources[1].json("delay", "300ms")["delay_ms"] == 300
    (fetcher,) = memory_net.peers("fetcher")
    fetcher.fetch("film")
    fetched(fetcher, sources)
    shares = bytes_by_source(fetcher, content)
    print("shares with one source 300 ms late:", shares)
    assert shares["quick"] >= 0.8 * 64 * MIB


@pytest.mark.threads
def test_the_one_that_falls_silent_costs_little(memory_net):
    silent, gate = memory_net.gated_peer("silent", allow=2 * MIB)
    (other,) = memory_net.peers("other")
    content = seed("film", 32 * MIB, silent, other)
    (fetcher,) = memory_net.peers("fetcher")
    fetcher.fetch("film")
    assert gate.holds, "it was asked"
    fetched(fetcher, [other])
    assert bytes_by_source(fetcher, content)["other"] >= 29 * MIB


def test_the_one_that_never_answers_gives_nothing_and_holds_nothing_up(memory_net):
    mute, other = memory_net.peers("mute", "other")
    content = seed("film", 32 * MIB, mute, other)
    mute.ctl("delay", "1h")
    (both,) = memory_net.peers("both")
    both.fetch("film", "--from", "other", "--from", "mute")
    fetched(both, [other])
    assert bytes_by_source(both, content) == {"other": 32 * MIB}


@pytest.mark.threads
def test_the_one_that_sends_wrong_bytes_is_named_and_left(net):
    sources = net.peers("honest", "wrong")
    content = seed("film", 32 * MIB, *sources)
    for at in range(0, 32 * MIB, CHUNK):
        rot(sources[1].share / "film", at)
    (fetcher,) = net.peers("fetcher")
    watch = Watch(fetcher)
    begun([watch], by=sources[0])
    fetcher.fetch("film")
    fetched(fetcher, sources)
    assert bytes_by_source(fetcher, content) == {"honest": 32 * MIB}
    watch.awaits("distrusted", "wrong", None)
    peers = fetcher.json("peers")
    (named,) = peers["distrusted"]
    assert named["name"] == "wrong"
    assert 0.9 * 3600 < named["for_s"] <= 3600
    assert "wrong" not in {peer["name"] for peer in peers["peers"]}


def test_only_those_that_were_named_are_asked(net):
    sources = net.peers("one", "two")
    content = seed("film", 8 * MIB, *sources)
    (fetcher,) = net.peers("fetcher")
    fetcher.fetch("film", "--from", "two")
    assert bytes_by_source(fetcher, content) == {"two": 8 * MIB}


@pytest.mark.threads
def test_a_swarm_outlives_its_tracker(net):
    """Two fetchers of one source hear of each other from it, and need neither it nor a tracker."""
    (source,) = net.peers("source")
    size = 4 * MIB
    content = seed("film", size, source, options=("--chunk-size", str(CHUNK)))
    source.ctl("limit", "--up", "2MB/s")
    fetchers = net.peers("first", "second")
    for fetcher in fetchers:
        fetcher.fetch("film", "--detach")
    eventually(lambda: all(f.done_bytes(content) > 0 for f in fetchers), "both have begun")
    net.tracker.kill9()
    eventually(lambda: sum(f.done_bytes(content) for f in fetchers) > 1.2 * size, "two thirds")
    for fetcher in fetchers:
        fetcher.ctl("wait", str(fetcher.transfer(content)["id"]))
        fetched(fetcher, [source])
    given = source.json("status")["totals"]["up_bytes"]
    print(f"the source gave {given / size:.2f} copies to two")
    assert given < 1.9 * size, "they gave each other the rest"


def test_why_names_the_cause_and_the_remedy(net):
    (source,) = net.peers("source")
    content = seed("film", 4 * MIB, source)
    (fetcher,) = net.peers("fetcher")
    fetcher.ctl("limit", "--down", "100kB/s")
    fetcher.fetch("film", "--detach")

    def reasons():
        (row,) = fetcher.json("why", "1")["transfers"]
        for reason in row["reasons"]:
            assert reason["remedy"] or reason["cause"].startswith("nothing: "), reason
        return [reason["cause"] for reason in row["reasons"]]

    eventually(lambda: "the download limit is reached" in reasons(), "the limit is named")
    source.stop()
    eventually(lambda: "nobody is known to have it" in reasons(), "so is that nobody has it")
    fetcher.ctl("pause", "1")
    assert reasons() == ["it was paused"]
    assert fetcher.done_bytes(content) < 4 * MIB
    assert "no transfer 9" in fetcher.refusal("why", "9", code=4)


@pytest.mark.threads
def test_without_a_tracker_those_who_met_before_are_asked(net):
    (source,) = net.peers("source")
    content = seed("film", 4 * MIB, source, options=("--chunk-size", str(CHUNK)))
    source.ctl("limit", "--up", "1MB/s")
    (fetcher,) = net.peers("fetcher")
    fetcher.fetch("film", "--detach")
    eventually(lambda: fetcher.done_bytes(content) > 0, "it has begun")
    net.tracker.kill9()
    fetcher.kill9()
    fetcher.launch()
    eventually(fetcher.answers, "it is back")
    fetcher.ctl("wait", "1")
    fetched(fetcher, [source])


def test_peers_of_the_own_network_may_be_free_of_the_limits(net):
    """At the limit's pace each way would take a quarter of an hour."""
    slow = {"upload": "1 kB/s", "download": "1 kB/s", "lan_exempt": True}
    source, fetcher = net.peer("source", limits=slow).start(), net.peer("fetcher", limits=slow).start()
    seed("film", MIB, source)
    fetcher.fetch("film")
    fetched(fetcher, [source])
