"""Machines that were copied, and use one identity; and those that only look like it."""

from processes import eventually

LISTEN = {"listen": ["[::]:7450", "0.0.0.0:7450"]}
REMEDY = "uses this node's identity; remove identity.key here"


def tracked(lab, *names):
    """A subnet with a tracker, and a peer on each other host, not started."""
    lan = lab.subnet("lan")
    home = lab.host("home", lan)
    tracker = home.node("tracker", role="tracker", network=LISTEN).start()
    at = {"trackers": [f"{home.v4}:7450"]}
    return tracker, [lab.host(name, lan).node(peer=at) for name in names]


def copy_identity(one, other):
    """As when the machine was made from an image of that one."""
    key = other.state / "identity.key"
    key.touch(0o600)
    key.write_bytes((one.state / "identity.key").read_bytes())
    return other


def tracker_row(node):
    (row,) = node.json("status")["trackers"]
    return row


def attempts(tracker):
    return tracker.json("status")["refused"]["identity"]


def test_the_one_that_was_there_stays_and_the_other_is_told(lab):
    tracker, (anna, bert, carl, dora) = tracked(lab, "anna", "bert", "carl", "dora")
    anna.start().publish(anna.make("film", 100_000))
    eventually(dora.start().connected, "it is there")
    heard = lab.scratch / "heard"
    with heard.open("w") as out:
        dora.spawn("watch", stdout=out)
    for copy in (bert, carl):
        eventually(copy_identity(anna, copy).launch().answers, "it runs")
    eventually(lambda: attempts(tracker) >= 8, "both have tried several times", within=40)

    assert tracker_row(anna)["state"] == "connected"
    assert "left" not in tracker.log_text() and tracker.log_text().count("came from") == 2
    dora.fetch("film")
    assert "lost" not in heard.read_text() and "anna" not in heard.read_text()

    for copy in (bert, carl):
        row = tracker_row(copy)
        assert row["state"] == "refused"
        assert row["error"] == f"another machine at {anna.host.v4} {REMEDY}"
        checks = copy.json("doctor", code=1)["checks"]
        check = next(check for check in checks if check["name"] == "tracker")
        assert check["state"] == "fail" and "/var/lib/p2pd/identity.key" in check["remedy"]
        assert copy.log_text().count(REMEDY) == 1
    assert "uses the identity of anna" in str(tracker.json("doctor")["checks"])
    assert tracker.log_text().count("uses the identity of anna") == 1

    bert.stop()
    (bert.state / "identity.key").unlink()
    bert.start()
    eventually(lambda: tracker_row(bert)["state"] == "connected", "it is a member of its own")


def test_a_machine_that_lost_its_power_is_back_at_once(lab):
    """Its tracker still has its old link, and no way to tell by itself that it is dead."""
    tracker, (anna,) = tracked(lab, "anna")
    anna.start()
    eventually(anna.connected, "it is there")
    anna.host.link("down")
    anna.kill9()
    anna.host.address_del(f"{anna.host.v4}/24")
    anna.host.address_add("10.1.0.77/24")
    anna.host.link("up")
    eventually(anna.launch().answers, "it runs")
    # Without proof that the old link is dead it would be 30 s.
    eventually(lambda: tracker_row(anna)["state"] == "connected", "it is back", within=12)
    assert not tracker.json("status")["refused"]["identity"]
