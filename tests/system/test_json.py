"""The keys and types of --json that scripts rely on, for each command, as the command table has them.
Schema 1 may gain keys, never lose one."""

import json

import pytest
from content import MIB, seed
from processes import PATIENCE, eventually
from shapes import Shapes


@pytest.fixture(scope="module")
def shapes(build):
    return Shapes(build)


@pytest.fixture(scope="module")
def answer(shapes):
    """What the command prints, which has its shape."""

    def ask(node, command, *args):
        found = node.json(*command.split(), *args)
        shapes.check(command, found)
        return found

    return ask


@pytest.fixture(scope="module")
def pair(shared_net):
    one, two = shared_net.peers("one", "two")
    seed("table", MIB, one)
    two.fetch("table")
    eventually(lambda: one.file("table")["sources"] == 2, "the fetcher is a source")
    return one, two


def test_help_lists_what_has_a_shape(pair, answer, shapes):
    known = {row["name"] for row in answer(pair[0], "help")["commands"]}
    assert known == set(shapes.printed)


def test_status(shared_net, pair, answer):
    for node, role in ((shared_net.tracker, "tracker"), (pair[0], "peer")):
        status = answer(node, "status")
        assert (status["role"], status["name"]) == (role, node.name)
    (tracker,) = pair[0].json("status")["trackers"]
    assert (tracker["id"], tracker["state"]) == (shared_net.tracker.id, "connected")
    assert pair[1].json("status")["totals"]["down_bytes"] >= MIB
    assert pair[0].json("status")["totals"]["up_bytes"] >= MIB


def test_files_are_the_same_on_both_roles(shared_net, pair, answer):
    one, two = pair
    answers = [answer(node, "files") for node in (shared_net.tracker, one, two)]
    for found in answers:
        (row,) = found["files"]
        assert (row["name"], row["size"], row["chunks"]) == ("table", MIB, 16)
        assert (row["chunk_size"], row["sources"], row["partial"]) == (64 * 1024, 2, 0)
        (publisher,) = row["publishers"]
        assert (publisher["name"], publisher["id"]) == ("one", one.id)
        assert publisher["address"] == one.address
        assert row["publishers_total"] == 1
    assert one.json("list") == answers[1]
    assert answer(one, "search", "table") == answers[1]


def test_chunks(shared_net, pair, answer):
    answers = [answer(node, "chunks", "table") for node in (shared_net.tracker, *pair)]
    assert answers == [answers[0]] * 3
    assert (answers[0]["chunks"], answers[0]["rarest"]) == (16, 2)
    assert {(row["name"], row["have"]) for row in answers[0]["peers"]} == {("one", 16), ("two", 16)}


def test_discover(shared_net, pair, answer):
    answers = [answer(node, "discover", "one") for node in (shared_net.tracker, *pair)]
    assert answers == [answers[0]] * 3
    assert [row["path"] for row in answers[0]["files"]] == ["table"]


def test_ping(shared_net, pair, answer):
    for node in (shared_net.tracker, pair[0]):
        found = answer(node, "ping", "two", "-c", "5")
        assert (found["alive"], found["via"], found["tracker"]) == (True, "direct", None)
        assert len(found["rtt_ms"]) == 5


def test_watch(pair, shapes):
    one, _ = pair
    out = one.home / "events"
    with out.open("w") as file:
        watching = one.spawn("--json", "watch", stdout=file)

    def told():
        seed("event", 1000, one, variant=str(out))
        one.ctl("unpublish", "event")
        return "withdrawn" in out.read_text()

    eventually(told, "an event is told")
    watching.process.terminate()
    assert watching.process.wait(PATIENCE) == 130
    for line in out.read_text().splitlines():
        shapes.check("watch", json.loads(line))


def test_reload_and_log_level(pair, answer):
    one, _ = pair
    answer(one, "reload")
    answer(one, "log-level", "info")


def test_peers(shared_net, pair, answer):
    rows = {row["name"]: row for row in answer(shared_net.tracker, "peers")["peers"]}
    assert set(rows) == {"one", "two"}
    for node in pair:
        assert rows[node.name]["id"] == node.id
        assert rows[node.name]["address"] == node.address
    connected = answer(pair[0], "peers")
    assert connected["distrusted"] == []
    assert "tracker" in {row["role"] for row in connected["peers"]}


def test_transfers(pair, answer):
    one, two = pair
    assert one.json("transfers")["transfers"] == []
    (row,) = answer(two, "transfers")["transfers"]
    assert (row["name"], row["state"], row["done_bytes"]) == ("table", "done", MIB)
    (source,) = row["sources_detail"]
    assert (source["name"], source["id"], source["bytes"]) == ("one", one.id, MIB)


def test_publish_and_unpublish(pair, answer):
    one, _ = pair
    (row,) = answer(one, "publish", one.make("short-lived", 1000, seed=2))["files"]
    assert (row["name"], row["trackers"]) == ("short-lived", 1)
    (row,) = answer(one, "verify", "short-lived")["files"]
    assert row["bad_chunks"] == 0
    assert answer(one, "unpublish", "short-lived")["name"] == "short-lived"


def test_membership(shared_net, pair, answer):
    tracker, (one, two) = shared_net.tracker, pair
    assert answer(tracker, "status")["bans"] >= 0
    answer(one, "join", answer(tracker, "invite")["token"])
    for command, word in (("kick", "two"), ("ban", "a" * 52)):
        answer(tracker, command, word)
    assert [row["id"] for row in answer(tracker, "bans")["bans"]] == ["a" * 52]
    answer(tracker, "unban", "a" * 52)
    assert answer(tracker, "bans")["bans"] == []
    eventually(two.connected, "who was kicked is back")
    answer(one, "connect", "127.0.0.2:9")
    answer(one, "disconnect", "127.0.0.2:9")


def test_limit_and_delay(pair, answer):
    one, _ = pair
    assert answer(one, "limit", "--up", "5MB/s")["up"] == 5_000_000
    assert answer(one, "limit", "--up", "0")["up"] == 0
    assert answer(one, "delay", "20ms")["delay_ms"] == 20
    assert answer(one, "delay", "0")["delay_ms"] == 0


def test_a_transfer_and_what_can_be_done_with_it(pair, answer):
    one, two = pair
    content = seed("slow", MIB, one, variant="slow")
    two.ctl("limit", "--down", "1kB/s")
    (row,) = answer(two, "fetch", "--detach", "slow")["transfers"]
    number = str(row["id"])
    for command in ("pause", "resume", "why", "cancel"):
        answer(two, command, number)
    two.ctl("limit", "--down", "0")
    two.fetch("slow")
    (row,) = answer(two, "wait", two.transfer_id(content))["transfers"]
    assert (row["state"], row["size"]) == ("done", MIB)
    answer(two, "forget", str(row["id"]))
    for node in pair:
        node.ctl("unpublish", "slow")


def test_doctor_and_shutdown(shared_net, pair, answer):
    third = shared_net.peer("third").start()
    answer(third, "doctor")
    answer(third, "shutdown")
    third.ends()


def test_fetch(pair, shapes):
    one, two = pair
    names = ["seven", "eight"]
    for name in names:
        seed(name, MIB, one, variant=name)
    lines = two.ctl("--json", "fetch", *names).lines
    for line in lines:
        shapes.check("fetch", line)
    assert {row["state"] for row in lines[-1]["transfers"]} == {"done"}
    assert {row["name"] for row in lines[-1]["transfers"]} == set(names)
    for name in names:
        one.ctl("unpublish", name)
        two.ctl("unpublish", name)


ERRORS = {
    "no such content": (("fetch", "nothing"), 4),
    "failed": (("publish", "/etc/hostname"), 1),
    "usage": (("publish", "x", "--chunk-size", "7"), 2),
    "no such command": (("dance",), 2),
}


@pytest.mark.parametrize("kind", ERRORS)
def test_errors(pair, kind):
    args, code = ERRORS[kind]
    refused = pair[0].ctl("--json", *args, code=code)
    assert refused.stdout == ""
    error = json.loads(refused.stderr)["error"]
    assert error.keys() == {"code", "message", "remedy"}
    assert error["code"] == code


def test_error_without_a_daemon(idle_net):
    refused = idle_net.tracker.ctl("--json", "status", code=3)
    assert json.loads(refused.stderr)["error"]["code"] == 3


def test_secret_new(pair, answer):
    plain = [answer(pair[0], "secret new")["secret"] for _ in range(2)]
    assert plain[0] != plain[1]


def test_help_explains_every_command(pair, answer):
    one, _ = pair
    shown = one.ctl("help").stdout
    for command in answer(one, "help")["commands"]:
        words = command["name"].split()
        assert command["name"] in shown
        assert answer(one, "help", *words)["command"] == command
        explained = one.ctl("help", *words).stdout
        assert explained.startswith(command["usage"])
        assert all("--" + option["name"] in explained for option in command["options"])
    assert one.ctl("publish", "--help").stdout == one.ctl("help", "publish").stdout
