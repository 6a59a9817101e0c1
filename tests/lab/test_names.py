"""Host names: slow and dead name servers, names that move, and names with several trackers behind
them."""

import time

from content import same_bytes
from processes import PATIENCE, eventually

LISTEN = {"listen": ["[::]:7450", "0.0.0.0:7450"]}


def tracker_on(host, **more):
    return host.node("tracker", role="tracker", network=LISTEN, **more).start()


def peer_on(host, *trackers, **config):
    return host.node(peer={"trackers": list(trackers)}, **config)


def connected(peer):
    """The addresses of the trackers that it is connected to."""
    rows = peer.json("status")["trackers"]
    return {row["address"] for row in rows if row["state"] == "connected"}


def seen_by(tracker):
    return {row["name"] for row in tracker.json("peers")["peers"]}


def hang(host, dns):
    """Each look-up of a name on this host takes minutes, far longer than any patience of a test."""
    dns.never()
    path = host.path("/etc/resolv.conf")
    path.write_text(path.read_text() + "options timeout:30 attempts:5\n")


def timed(what, condition, within):
    began = time.monotonic()
    eventually(condition, what, within=within)
    print(f"{what} after {time.monotonic() - began:.2f} s")


def test_dead_name_servers_do_not_slow_transfers(lab):
    """Every name that is looked up took a thread of the pool, for a quarter of a minute each."""
    lan = lab.subnet("lan")
    anna, bert = lab.host("anna", lan), lab.host("bert", lan)
    tracker_on(anna)
    hang(bert, lab.dns(bert, {}))
    source = peer_on(anna, f"{anna.v4}:7450").start()
    fetcher = peer_on(bert, f"{anna.v4}:7450", *(f"gone-{i}.lan:7450" for i in range(8))).start()
    source.publish(source.make("film", 64 << 20))
    timed("64 MiB", lambda: fetcher.fetch("film"), within=PATIENCE)
    same_bytes(source.share / "film", fetcher.downloads / "film")


def test_look_ups_that_hang_do_not_delay_the_end(lab):
    anna = lab.host("anna", lab.subnet("lan"))
    dns = lab.dns(anna, {})
    hang(anna, dns)
    peer = peer_on(anna, *(f"gone-{i}.lan:7450" for i in range(8))).launch()
    eventually(lambda: len(dns.asked) >= 8, "it looks names up")
    eventually(peer.answers, "it answers")
    peer.stop(within=10)  # seconds, after which systemd kills it


def test_a_slow_name_does_not_hold_up_the_others(lab):
    anna = lab.host("anna", lab.subnet("lan"))
    tracker_on(anna)
    lab.dns(anna, {}).never()
    anna.write("/etc/hosts", f"{anna.v4} tracker.lan\n")
    peer = peer_on(anna, *(f"gone-{i}.lan:7450" for i in range(40)), "tracker.lan:7450").launch()
    eventually(peer.answers, "it answers")
    timed("connected by /etc/hosts", lambda: connected(peer), within=15)


def test_search_domains(lab):
    anna = lab.host("anna", lab.subnet("lan"))
    tracker_on(anna)
    lab.dns(anna, {"tracker.example.org": anna.v4})
    anna.write("/etc/resolv.conf", "search example.net example.org\nnameserver 127.0.0.53\n")
    peer_on(anna, "tracker:7450").start()


def test_resolv_conf_leads_somewhere_new(lab):
    """As with systemd-resolved, whose folder is there once it runs and made anew with each start."""
    anna = lab.host("anna", lab.subnet("lan"))
    tracker_on(anna)
    lab.dns(anna, {"tracker.lan": anna.v4})
    anna.path("/etc/resolv.conf").unlink()
    stub = "/run/systemd/resolve/stub-resolv.conf"
    anna.run("ln", "-s", f"..{stub}", "/etc/resolv.conf")
    peer = peer_on(anna, "tracker.lan:7450").launch()
    eventually(peer.answers, "it answers")
    eventually(lambda: "cannot be reached" in peer.log_text(), "it has tried")
    anna.write(stub, "nameserver 127.0.0.53\n")
    timed("connected once there is a resolv.conf", lambda: connected(peer), within=12)


def test_a_name_with_two_trackers_behind_it(lab):
    """Each peer registers with both, so nobody is left out; one of a name is lost and comes back."""
    lan = lab.subnet("lan")
    one, two = hosts = [lab.host(name, lan) for name in ("one", "two")]
    trackers = [tracker_on(host) for host in hosts]
    peers = []
    for name in ("anna", "bert"):
        host = lab.host(name, lan)
        lab.dns(host, {"trackers.lan": [one.v4, two.v4]})
        peers.append(peer_on(host, "trackers.lan:7450").start())
    for tracker in trackers:
        timed("both are registered", lambda: seen_by(tracker) == {"anna", "bert"}, within=15)
    assert len(connected(peers[0])) == 2
    trackers[0].kill9()
    anna, bert = peers
    eventually(lambda: len(connected(anna)) == len(connected(bert)) == 1, "one is lost")
    anna.publish(anna.make("file", 1000))
    bert.fetch("file")
    trackers[0].start()
    timed("it is back", lambda: seen_by(trackers[0]) == {"anna", "bert"}, within=40)


def test_a_name_whose_two_addresses_are_one_tracker(lab):
    lan = lab.subnet("lan")
    one, anna = lab.host("one", lan), lab.host("anna", lan)
    tracker = tracker_on(one)
    dns = lab.dns(anna, {"tracker.lan": [one.v4, one.v6]})
    peer = peer_on(anna, "tracker.lan:7450").start()
    asked = len(dns.asked)
    eventually(lambda: len(dns.asked) >= asked + 6, "the name was looked up again")
    assert connected(peer) == {"tracker.lan:7450"} and seen_by(tracker) == {"anna"}


def move(lab, same_identity, silent):
    """The tracker of a name moves to another host; returns what is asked for in the end."""
    lan = lab.subnet("lan")
    old, new, anna = [lab.host(name, lan) for name in ("old", "new", "anna")]
    before = tracker_on(old)
    dns = lab.dns(anna, {"tracker.lan": old.v4})
    peer = peer_on(anna, "tracker.lan:7450").start()
    after = new.node("tracker", role="tracker", network=LISTEN)
    if same_identity:
        key = before.state / "identity.key"
        (after.state / "identity.key").write_bytes(key.read_bytes())
        (after.state / "identity.key").chmod(0o600)
    after.start()
    if silent:
        old.link("down")
    else:
        before.stop()
    dns.names["tracker.lan"] = new.v4
    return after, peer


def test_a_name_is_followed_to_another_host(lab):
    after, _ = move(lab, same_identity=False, silent=False)
    timed("followed", lambda: seen_by(after) == {"anna"}, within=12)


def test_a_name_moves_while_both_trackers_run(lab):
    """The new one is registered with at once; the old one is kept until it ends."""
    lan = lab.subnet("lan")
    old, new, anna = [lab.host(name, lan) for name in ("old", "new", "anna")]
    before, after = tracker_on(old), tracker_on(new)
    dns = lab.dns(anna, {"tracker.lan": old.v4})
    peer = peer_on(anna, "tracker.lan:7450").start()
    dns.names["tracker.lan"] = new.v4
    timed("followed", lambda: seen_by(after) == {"anna"}, within=12)
    assert seen_by(before) == {"anna"}
    before.stop()
    eventually(lambda: connected(peer) == {"tracker.lan:7450"}, "the new one is the name's own")
    assert seen_by(after) == {"anna"}


def test_a_name_is_followed_from_a_host_that_has_fallen_silent(lab):
    after, _ = move(lab, same_identity=True, silent=True)
    timed("followed", lambda: seen_by(after) == {"anna"}, within=12)
