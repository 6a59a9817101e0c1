"""Who belongs to a network: join tokens, pinned trackers, bans, and a change of the secret."""

import stat

import pytest
from content import MIB, same_bytes, seed
from node import write_secret
from processes import eventually


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def newcomer(net, name):
    """A started peer that has no secret and knows no tracker."""
    node = net.node(name)
    (node.state / "network.key").unlink()
    return node.start()


def token_of(tracker):
    return tracker.ctl("invite").stdout.strip()


def row(node, address=None):
    """A tracker of a peer, as status has it: the one at this address, or the only one."""
    rows = node.json("status")["trackers"]
    return next((r for r in rows if r["address"] == address), None) if address else rows[0]


def names(node):
    return {peer["name"] for peer in node.json("peers")["peers"]}


# Joining


def test_join_makes_a_member_at_once_and_for_good(net, scratch):
    node = newcomer(net, "new")
    assert "join" in node.log_text()
    assert "join" in node.refusal("connect", net.tracker.address, code=1)
    token = token_of(net.tracker)
    (scratch / "mail").write_text(token[:70] + "\n" + token[70:] + "\n")  # as mails break lines
    with (scratch / "mail").open() as mail:
        said = node.json("join", "-", stdin=mail)
    assert (said["state"], said["id"]) == ("connected", net.tracker.id)
    assert names(net.tracker) == {"new"}
    key = node.state / "network.key"
    assert key.read_text().strip() == net.secret and mode(key) == 0o600
    node.publish(node.make("file", 1000))
    node.stop()
    node.start()
    eventually(lambda: names(net.tracker) == {"new"}, "it comes back by itself")
    assert row(node)["id"] == net.tracker.id
    assert net.tracker.file("file")
    for text in [node.log_text(), net.tracker.log_text(), node.ctl("--json", "status").stdout]:
        assert net.secret not in text and token not in text
    assert node.json("join", token)["state"] == "connected", "the same secret is no harm"


def test_join_asks_for_the_token_on_a_terminal(net, on_terminal):
    joining = on_terminal(newcomer(net, "new"), "join", "-", columns=200)
    joining.shows("Paste the token and press Enter:")
    joining.enter(token_of(net.tracker))
    joining.ends()
    assert names(net.tracker) == {"new"}


def test_what_invite_tells(net):
    said = net.tracker.json("invite")
    assert said["token"].startswith("p2pd1-") and said["addresses"] == [net.tracker.address]
    assert "loopback" in said["warning"]
    net.tracker.stop()
    net.tracker.config["network"]["advertise"] = ["tracker.example:7440", "192.0.2.7:7440"]
    said = net.tracker.start().json("invite")
    assert said["addresses"] == ["tracker.example:7440", "192.0.2.7:7440"]
    assert said["warning"] == ""


def test_every_address_of_a_token_is_tried(net):
    net.tracker.stop()
    net.tracker.config["network"]["advertise"] = [f"127.0.0.2:{net.port('127.0.0.2')}"]  # nobody is there
    net.tracker.start()
    node = newcomer(net, "new")
    said = node.json("join", token_of(net.tracker))
    assert (said["state"], said["address"]) == ("connected", net.tracker.address)


def test_a_token_that_is_none_is_refused(net):
    node = newcomer(net, "new")
    token = token_of(net.tracker)
    damaged = token[:30] + ("a" if token[30] != "a" else "b") + token[31:]
    newer = token.replace("p2pd1", "p2pd2")
    cases = {"hello": "not a join token", damaged: "damaged", token[:50]: "truncated", newer: "version 2"}
    for text, cause in cases.items():
        said = node.refusal("join", text, code=2)
        assert cause in said and token[10:20] not in said
    assert not (node.state / "network.key").exists()
    node.refusal("join", "-", code=2)
    assert "tracker" in net.tracker.refusal("join", token, code=1)
    assert "peer" in node.refusal("invite", code=1)


def test_join_with_another_secret_is_refused(net):
    (member,) = net.peers("member")
    other = net.node("other", role="tracker", secret="5" * 64).start()
    said = member.refusal("join", token_of(other), code=1)
    assert "network.key" in said and "secret" in said
    assert (member.state / "network.key").read_text().strip() == net.secret
    node = newcomer(net, "new")
    write_secret(node.state / "network.key", "6" * 64)  # behind the daemon's back
    assert "restart" in node.refusal("join", token_of(other), code=1)
    assert (node.state / "network.key").read_text().strip() == "6" * 64


def test_connect_and_disconnect(net):
    (node,) = net.peers("node")
    second = net.node("second", role="tracker").start()
    assert node.json("connect", second.address)["state"] == "connected"
    seed("file", 1000, node)
    assert net.tracker.file("file") and second.file("file")
    node.stop()
    node.start()
    eventually(lambda: names(second) == {"node"}, "it is remembered")
    (gone,) = node.json("disconnect", second.address)["trackers"]
    assert gone["address"] == second.address
    eventually(lambda: names(second) == set(), "it has left")
    assert node.json("disconnect")["warning"], "the config names the other one"
    assert node.json("status")["trackers"] == []
    node.refusal("disconnect", second.address, code=4)
    node.refusal("connect", "nowhere", code=2)
    node.stop()
    node.start()
    assert row(node)["address"] == net.tracker.address


# A tracker's identity


def test_a_joined_tracker_is_pinned(net):
    node = newcomer(net, "new")
    node.ctl("join", token_of(net.tracker))
    identity = net.tracker.state / "identity.key"
    original, first_id = identity.read_text(), net.tracker.id
    net.tracker.stop()
    identity.unlink()
    thief = net.tracker.start().id
    assert thief != first_id
    eventually(lambda: row(node)["state"] == "refused", "another key is refused")
    for told in (row(node)["error"], node.log_text()):
        assert first_id in told and thief in told and net.tracker.address in told
    assert names(net.tracker) == set()
    net.tracker.stop()
    identity.write_text(original)
    net.tracker.start()
    eventually(lambda: row(node)["state"] == "connected", "the right one is back")
    net.tracker.stop()
    identity.unlink()
    net.tracker.start()
    assert node.json("join", token_of(net.tracker))["state"] == "connected", "a person has told it"
    assert len(node.json("status")["trackers"]) == 1
    node.stop()
    node.start()
    eventually(lambda: row(node)["state"] == "connected", "the new pin is remembered")


def test_identity_and_folder_are_private(idle_net):
    node = idle_net.node("node").start()
    assert mode(node.state) == 0o700 and mode(node.state / "identity.key") == 0o600
    assert {path.name for path in node.state.glob(".*")} == set(), "no draft is left"
    first = node.id
    node.stop()
    node.state.chmod(0o770)
    node.launch().ends(1)
    assert str(node.state) in node.log_text() and "chmod" in node.log_text()
    node.state.chmod(0o750)
    assert node.start().id == first


# Bans


def test_kick(net):
    one, two = net.peers("one", "two")
    assert net.tracker.json("kick", "one")["id"] == one.id
    assert "kicked" in eventually(lambda: "kicked" in one.log_text() and one.log_text(), "it hears")
    eventually(lambda: names(net.tracker) == {"one", "two"}, "it comes back")
    assert "kicked" not in two.log_text()


def test_whom_a_word_means(net):
    one, two = net.peers("one", "two")
    three = net.peer("three", node={"name": "two"}).start()
    for command in ("kick", "ban"):
        assert "nobody" in net.tracker.refusal(command, "nobody", code=4)
        said = net.tracker.refusal(command, "two", code=1)
        assert two.id in said and three.id in said
    net.tracker.refusal("unban", "one", code=4)
    net.tracker.refusal("ban", net.tracker.id, code=1)
    assert net.tracker.json("kick", three.id[:20])["id"] == three.id
    assert net.tracker.json("ban", one.address)["name"] == "one"
    away = "a" * 52
    assert net.tracker.json("ban", away)["id"] == away
    assert net.tracker.json("status")["bans"] == 2
    assert net.tracker.json("unban", away[:40])["state"] == "allowed"
    assert net.tracker.json("unban", "one")["id"] == one.id
    assert net.tracker.json("status")["bans"] == 0


def test_a_node_name_goes_before_the_beginning_of_an_id(net):
    (one,) = net.peers("one")
    two = net.peer("two", node={"name": one.id[:6]}).start()
    three = net.peer("three", node={"name": one.id}).start()
    for node in (net.tracker, three):
        assert node.json("ping", "-c", "1", one.id[:6])["peer"]["id"] == two.id
        assert node.json("discover", one.id[:6])["peer"]["id"] == two.id
    for command in ("kick", "ban", "unban"):
        assert net.tracker.json(command, one.id[:6])["id"] == two.id, command
        assert net.tracker.json(command, one.id)["id"] == one.id, "a whole id is nobody's name"
        eventually(lambda: len(names(net.tracker)) == 3 - 2 * (command == "ban"), "as they should be")
    for node in (net.tracker, three):
        assert node.json("discover", one.id)["peer"]["id"] == one.id


def test_a_ban_is_in_force_everywhere_at_once_and_for_good(net):
    origin, gate = net.gated_peer("origin", allow=2 * MIB)
    content = seed("film", 8 * MIB, origin)
    second = net.node("second", role="tracker").start()  # which bans nobody
    bad, away = net.peers("bad", "away")
    for node in (bad, origin):
        node.ctl("connect", second.address)
    away.stop()
    bad.ctl("fetch", "--detach", "film")
    eventually(lambda: gate.holds, "the fetch is in the middle")
    assert "bad" in names(origin)

    net.tracker.ctl("ban", "bad")
    assert names(net.tracker) == {"origin"}
    eventually(lambda: "bad" not in names(origin), "its link is cut")
    gate.open()
    eventually(lambda: "banned" in (row(bad, net.tracker.address)["error"] or ""), "it is told why")
    bad.ctl("cancel", str(bad.transfer(content)["id"]))

    # With all that knew it restarted, and the tracker that banned it gone.
    origin.stop()
    net.tracker.stop()
    net.tracker.start()
    origin.start()
    away.start()
    eventually(lambda: names(net.tracker) == {"origin", "away"}, "the others are back")
    assert net.tracker.json("status")["bans"] == 1
    net.tracker.stop()
    away.stop()
    eventually(lambda: "origin" in names(second) and "bad" in names(second), "by the other tracker")
    bad.refusal("fetch", "film", "--no-wait", code=1)
    assert "bad" not in names(origin)

    net.tracker.start()
    eventually(lambda: names(net.tracker) == {"origin"}, "origin is back")
    net.tracker.ctl("unban", "bad")
    eventually(lambda: "bad" in names(net.tracker), "it is in again")
    away.start()  # was told of the ban, and away when it was lifted
    bad.ctl("fetch", "film")
    assert same_bytes(bad.downloads / "film", origin.share / "film")
    seed("of bad", 1000, bad)
    away.ctl("fetch", "of bad")


# A change of the secret


def change_secret(node, secret, previous=None):
    """Restarts the node with this secret, and with another one that it still accepts."""
    node.stop()
    write_secret(node.state / "network.key", secret)
    if previous:
        write_secret(node.state / "previous.key", previous)
        node.config["network"]["previous_secret_file"] = str(node.state / "previous.key")
    else:
        node.config["network"].pop("previous_secret_file")
    node.start()


def test_a_network_changes_its_secret_node_by_node(net):
    """In an order that has every pair meet with the old, with both and with the new one, while one
    peer fetches all the time."""
    one, two = net.peers("one", "two")
    content = seed("film", 32 * MIB, one, two, options=["--chunk-size", "64 KiB"])
    fetcher = net.peer("fetcher", limits={"download": "100 KB/s"}).start()
    fetcher.ctl("fetch", "--detach", "film")

    def all_linked():
        return names(net.tracker) == {"one", "two", "fetcher"} and names(fetcher) == {
            "one", "two", "tracker",
        }  # fmt: skip

    def goes_on():
        before = fetcher.done_bytes(content)
        eventually(lambda: fetcher.done_bytes(content) > before, "the fetch goes on")

    eventually(all_linked, "all meet")
    old, new = net.secret, "7" * 64
    for steps in ({"secret": new, "previous": old}, {"secret": new}):
        for node in (one, net.tracker, fetcher, two):
            change_secret(node, **steps)
            eventually(all_linked, f"all links are back after {node.name}")
            goes_on()
    fetcher.ctl("limit", "--down", "0")
    fetcher.ctl("wait", str(fetcher.transfer(content)["id"]))
    assert same_bytes(one.share / "film", fetcher.downloads / "film")

    stranger = net.peer("stranger").launch()  # with the old one
    eventually(stranger.answers, "it answers")
    eventually(lambda: row(stranger)["error"] not in (None, "not tried yet"), "it has tried")
    assert not stranger.connected() and "stranger" not in names(net.tracker)


@pytest.mark.parametrize("content", [None, "no secret"])
def test_a_previous_secret_that_is_none_stops_the_start(idle_net, content):
    node = idle_net.node("node")
    file = node.state / "previous.key"
    node.config["network"]["previous_secret_file"] = str(file)
    if content:
        write_secret(file, content)
    node.launch().ends(2)
    assert str(file) in node.log_text()
