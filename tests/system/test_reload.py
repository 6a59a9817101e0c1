"""What a reload puts in force while the node works, by p2pctl and by SIGHUP."""

import signal

import pytest
from content import same_bytes, seed
from node import toml, write_secret
from processes import eventually

NEW_SECRET = "7" * 64


def reload(node, **sections):
    """With these keys in the config; the keys that are in force now."""
    node.configure(**sections)
    answer = node.json("reload")
    assert answer["restart"] == []
    return answer["applied"]


def limits(node):
    answer = node.json("limit")
    return answer["up"], answer["down"]


@pytest.fixture(scope="module")
def peer(shared_net):
    return shared_net.peers("peer")[0]


@pytest.fixture(scope="module")
def other(shared_net):
    return shared_net.peers("other")[0]


def test_limits_and_what_people_set_meanwhile(peer):
    applied = reload(peer, limits={"upload": "3 MB/s", "download": "4 MB/s"})
    assert applied == ["limits.upload", "limits.download"]
    assert limits(peer) == (3_000_000, 4_000_000)
    peer.ctl("limit", "--up", "9MB/s")
    assert reload(peer) == []
    assert limits(peer) == (3_000_000, 4_000_000)
    reload(peer, limits={"upload": None, "download": None})
    assert limits(peer) == (0, 0)


def test_a_mistake_changes_nothing_and_is_told(peer):
    good = toml(peer.config)
    peer.config_file.write_text(good.replace("[peer]", "[peer]\nauto_publish = 7\nx = 1"))
    told = peer.refusal("reload", code=1)
    line = good[: good.index("[peer]")].count("\n") + 2
    assert f"{peer.config_file}:{line}:16:" in told and "1 more" in told
    before = peer.log_text().count("nothing was reloaded")
    peer.process.send_signal(signal.SIGHUP)
    eventually(lambda: peer.log_text().count("nothing was reloaded") == before + 2, "both are told")
    peer.config_file.unlink()
    assert str(peer.config_file) in peer.refusal("reload", code=1)
    reload(peer)


def test_what_waits_for_a_restart_is_named(peer):
    name = peer.config["node"]["name"]
    peer.configure(node={"name": "another", "site": "here"}, limits={"memory": "32 MiB"})
    answer = peer.json("reload")
    assert answer["restart"] == ["node.name", "limits.memory"]
    assert answer["applied"] == ["node.site"]
    assert peer.json("status")["name"] == name
    peer.configure(node={"name": name, "site": None}, limits={"memory": None})
    peer.process.send_signal(signal.SIGHUP)
    eventually(lambda: "in force now: [node.site]" in peer.log_text(), "the log tells")


def test_the_log_level(peer, other):
    peer.ctl("log-level", "debug")
    other.ctl("fetch", seed("logged", 1000, peer))
    eventually(lambda: " D links: connected to" in peer.log_text(), "it tells more")
    assert "loud" in peer.refusal("log-level", "loud", code=2)
    assert peer.json("log-level", "error")["level"] == "error"
    reload(peer)  # as in the config again
    assert "reloaded" in peer.log_text().splitlines()[-1]


def test_trackers_come_and_go(shared_net, peer):
    address = shared_net.tracker.config["network"]["listen"][0]
    assert reload(peer, peer={"trackers": []}) == ["peer.trackers"]
    assert peer.json("status")["trackers"] == []
    eventually(lambda: "peer" not in names(shared_net.tracker), "it has left")
    reload(peer, peer={"trackers": [f"{shared_net.tracker.id}@{address}"]})
    eventually(peer.connected, "it is connected again")
    peer.ctl("connect", address)
    reload(peer, peer={"trackers": []})
    assert peer.connected(), "it was joined as well"
    peer.ctl("disconnect", address)
    reload(peer, peer={"trackers": [address]})
    eventually(peer.connected, "by the config again")


def names(tracker):
    return {row["name"]: row["address"] for row in tracker.json("peers")["peers"]}


def test_other_addresses_are_told(shared_net, peer):
    """It says that it listens where it does not, until it is told better."""
    listen = f"127.0.0.2:{shared_net.port('127.0.0.2')}"
    elsewhere = {"listen": [listen], "advertise": ["127.0.0.3:1"]}
    moved = shared_net.peer("moved", network=elsewhere).start()
    content = moved.publish(moved.make("moved", 1000))
    assert peer.json("ping", "moved", "-c", "1")["via"] == "tracker"
    reload(moved, network={"advertise": [listen]})
    eventually(lambda: peer.json("ping", "moved", "-c", "1")["via"] == "direct", "it is found")
    assert peer.file("moved")["id"] == content
    moved.stop()


def test_publishing_fetching_and_verifying_by_itself(peer, other):
    reload(peer, peer={"auto_publish": True, "scrub": "1 s"})
    peer.make("auto-1", 1001)
    eventually(lambda: peer.file("auto-1"), "it is published")
    eventually(lambda: "scrub: auto-1 is intact" in peer.log_text(), "it is verified")
    reload(other, peer={"auto_fetch": ["auto-*"]})
    eventually(lambda: (other.downloads / "auto-1").exists(), "what was there is fetched")
    peer.publish(peer.make("auto-2", 1002))
    eventually(lambda: (other.downloads / "auto-2").exists(), "and what appears")
    reload(peer, peer={"auto_publish": None, "scrub": None})
    reload(other, peer={"auto_fetch": None})
    seed("auto-3", 1003, peer)
    other.fetch("auto-3", "-o", other.home / "mine")
    assert not (other.downloads / "auto-3").exists()


def test_silence_and_the_number_of_links(shared_net, peer, other):
    tracker = shared_net.tracker
    reload(tracker, tracker={"peer_timeout": "500 ms"})
    other.process.send_signal(signal.SIGSTOP)
    # Before the reload it would have been after 30 s.
    eventually(lambda: "other" not in names(tracker), "it is off the list", within=20)
    other.process.send_signal(signal.SIGCONT)
    eventually(lambda: "other" in names(tracker), "it is back")
    reload(tracker, tracker={"peer_timeout": None}, limits={"connections": 2})
    late = shared_net.peer("late").launch()
    eventually(lambda: tracker.json("status")["refused"]["connections"], "a third is refused")
    reload(tracker, limits={"connections": None})
    late.ready()
    late.stop()


def test_a_change_of_the_secret_cuts_no_link(net):
    """As p2pd(8) has it, node by node, while a transfer runs over the links that are there."""
    tracker, old = net.tracker, net.secret
    one, two = net.peers("one", "two")
    content = seed("film", 100_000, one)
    for node in (one, tracker, two):
        previous = node.share / "previous.key"  # where it could be published, if it were no secret
        write_secret(previous, old)
        write_secret(node.state / "network.key", NEW_SECRET)
        assert "network.previous_secret_file" in reload(
            node, network={"previous_secret_file": str(previous)}
        )
        if node is not tracker:
            assert "own" in node.refusal("publish", previous, code=1)
    newcomer = net.peer("newcomer", secret=NEW_SECRET).start()
    straggler = net.peer("straggler", secret=old).start()
    for node in (newcomer, straggler, two):
        node.fetch(content)
    assert same_bytes(one.share / "film", straggler.downloads / "film")
    straggler.stop()
    for node in (one, tracker, two):
        (node.share / "previous.key").unlink()
        assert str(node.share / "previous.key") in node.refusal("reload", code=1)
        reload(node, network={"previous_secret_file": None})
    assert {"one", "two"} <= names(tracker).keys()
    assert " one left" not in tracker.log_text() and " two left" not in tracker.log_text()
    straggler.launch()
    eventually(straggler.answers, "it runs")
    eventually(lambda: straggler.json("status")["trackers"][0]["error"], "the old one is refused")
    assert not straggler.connected()
    assert tracker.json("invite")["token"] != old


def test_a_secret_that_is_put_there_makes_a_member(net):
    outsider = net.peer("outsider", network={"listen": [f"127.0.0.1:{net.port()}"]})
    (outsider.state / "network.key").unlink()
    outsider.launch()
    eventually(outsider.answers, "it runs")
    assert reload(outsider) == []
    write_secret(outsider.state / "network.key", net.secret)
    assert reload(outsider) == ["network.secret_file"]
    outsider.ready()
    (outsider.state / "network.key").unlink()
    assert "network.key" in outsider.refusal("reload", code=1)
