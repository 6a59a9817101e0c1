"""The keys and types of --json that scripts rely on. Schema 1 may gain keys, never lose one."""

import json
import re
from datetime import datetime

import pytest
from content import MIB, seed
from processes import eventually


def content_id(value):
    return re.fullmatch("[0-9a-f]{64}", value)


def peer_id(value):
    return re.fullmatch("[a-z2-7]{52}", value)


def address(value):
    return re.fullmatch(r"(\d+(\.\d+){3}|\[[0-9a-f:]+\]):\d+", value)


def natural(value):
    return type(value) is int and value >= 0


def number(value):
    return type(value) in (int, float) and value >= 0


def text(value):
    return type(value) is str


def moment(value):
    return datetime.fromisoformat(value).tzinfo is not None


def one_of(*values):
    return lambda value: value in values


def maybe(check):
    """This, or null where it is not known."""
    return lambda value: value is None or check(value)


def conform(value, shape, where="$"):
    """Fails unless the value has this shape: a dict of keys, a list of one shape, or a check."""
    if isinstance(shape, dict):
        missing = shape.keys() - value.keys()
        assert not missing, f"{where} lacks {missing}"
        for key, inner in shape.items():
            conform(value[key], inner, f"{where}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), f"{where} is no list"
        for index, element in enumerate(value):
            conform(element, shape[0], f"{where}[{index}]")
    else:
        assert shape(value), f"{where} is {value!r}"


PUBLISHER = {"name": text, "id": peer_id, "address": address}
FILE = {
    "name": text,
    "id": content_id,
    "size": natural,
    "chunks": natural,
    "chunk_size": natural,
    "sources": natural,
    "partial": natural,
    "publishers": [PUBLISHER],
    "publishers_total": natural,
}
PEER = {
    "name": text,
    "id": peer_id,
    "address": address,
    "role": one_of("peer", "tracker"),
    "rtt_ms": maybe(number),
    "connected_since": moment,
    "version": text,
}
TRANSFER = {
    "id": natural,
    "content": content_id,
    "name": text,
    "state": one_of("queued", "running", "paused", "done", "failed"),
    "done_bytes": natural,
    "size": natural,
    "rate": number,
    "eta_s": maybe(number),
    "sources": natural,
    "sources_detail": [{"name": text, "id": peer_id, "bytes": natural}],
    "path": text,
    "error": maybe(text),
}
TRACKER = {
    "address": address,
    "id": maybe(peer_id),
    "state": one_of("connected", "connecting", "refused"),
    "error": maybe(text),
}
REFUSED = "connections crowd address late too_long stranger replay".split()
REFUSED += "record message rate unread requests".split()
STATUS = {
    "role": one_of("peer", "tracker"),
    "name": text,
    "id": peer_id,
    "version": text,
    "uptime_s": number,
    "loop_lag_ms": {"p50": number, "p99": number, "p999": number, "max": number},
    "listen": [address],
    "member": one_of(True, False),
    "trackers": [TRACKER],
    "totals": {"up_bytes": natural, "down_bytes": natural},
    "refused": dict.fromkeys(REFUSED, natural),
}


@pytest.fixture(scope="module")
def pair(shared_net):
    one, two = shared_net.peers("one", "two")
    seed("table", MIB, one)
    two.fetch("table")
    eventually(lambda: one.file("table")["sources"] == 2, "the fetcher is a source")
    return one, two


def test_status(shared_net, pair):
    for node, role in ((shared_net.tracker, "tracker"), (pair[0], "peer")):
        status = node.json("status")
        conform(status, STATUS)
        assert (status["role"], status["name"]) == (role, node.name)
    (tracker,) = pair[0].json("status")["trackers"]
    assert (tracker["id"], tracker["state"]) == (shared_net.tracker.id, "connected")
    assert pair[1].json("status")["totals"]["down_bytes"] >= MIB
    assert pair[0].json("status")["totals"]["up_bytes"] >= MIB


def test_files_are_the_same_on_both_roles(shared_net, pair):
    one, two = pair
    answers = [node.json("files") for node in (shared_net.tracker, one, two)]
    for answer in answers:
        conform(answer, {"files": [FILE], "warning": text})
        (row,) = answer["files"]
        assert (row["name"], row["size"], row["chunks"]) == ("table", MIB, 2)
        assert (row["chunk_size"], row["sources"], row["partial"]) == (512 * 1024, 2, 0)
        (publisher,) = row["publishers"]
        assert (publisher["name"], publisher["id"]) == ("one", one.id)
        assert publisher["address"] == one.address
        assert row["publishers_total"] == 1
    assert one.json("list") == answers[1]
    assert one.json("search", "table") == answers[1]


def test_chunks(shared_net, pair):
    holder = {"name": text, "id": peer_id, "have": natural, "bitmap_hex": text}
    shape = {"content": content_id, "name": text, "chunks": natural, "rarest": natural}
    answers = [node.json("chunks", "table") for node in (shared_net.tracker, *pair)]
    for answer in answers:
        conform(answer, shape | {"peers": [holder], "warning": text})
        assert answer == answers[0]
    assert (answers[0]["chunks"], answers[0]["rarest"]) == (2, 2)
    assert {(row["name"], row["have"]) for row in answers[0]["peers"]} == {("one", 2), ("two", 2)}


def test_discover(shared_net, pair):
    file = {key: FILE[key] for key in ("name", "id", "size", "chunks", "chunk_size")}
    shape = {"peer": PUBLISHER, "files": [file | {"path": maybe(text)}], "warning": text}
    answers = [node.json("discover", "one") for node in (shared_net.tracker, *pair)]
    for answer in answers:
        conform(answer, shape)
        assert answer == answers[0]
    assert [row["path"] for row in answers[0]["files"]] == ["table"]


def test_ping(shared_net, pair):
    one, _ = pair
    shape = {"peer": PUBLISHER, "alive": one_of(True), "via": one_of("direct"), "rtt_ms": [number]}
    for node in (shared_net.tracker, one):
        answer = node.json("ping", "two", "-c", "5")
        conform(answer, shape)
        assert len(answer["rtt_ms"]) == 5
        assert answer["tracker"] is None


def test_watch(pair):
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
    assert watching.process.wait(10) == 130
    file = {key: FILE[key] for key in ("name", "id", "size")}
    event = {"schema": one_of(1), "time": moment, "event": text, "peer": PUBLISHER, "file": file}
    event |= {key: one_of(None) for key in ("transfer", "path", "error")}
    for line in out.read_text().splitlines():
        conform(json.loads(line), event)


def test_peers(shared_net, pair):
    registry = shared_net.tracker.json("peers")
    conform(registry, {"peers": [PEER]})
    rows = {row["name"]: row for row in registry["peers"]}
    assert set(rows) == {"one", "two"}
    for node in pair:
        assert rows[node.name]["id"] == node.id
        assert rows[node.name]["address"] == node.address
    connected = pair[0].json("peers")
    conform(connected, {"peers": [PEER]})
    assert "tracker" in {row["role"] for row in connected["peers"]}


def test_transfers(pair):
    one, two = pair
    assert one.json("transfers")["transfers"] == []
    answer = two.json("transfers")
    conform(answer, {"transfers": [TRANSFER]})
    (row,) = answer["transfers"]
    assert (row["name"], row["state"], row["done_bytes"]) == ("table", "done", MIB)
    (source,) = row["sources_detail"]
    assert (source["name"], source["id"], source["bytes"]) == ("one", one.id, MIB)


def test_publish_and_unpublish(pair):
    one, _ = pair
    answer = one.json("publish", one.make("short-lived", 1000, seed=2))
    shape = {key: FILE[key] for key in ("name", "id", "size", "chunks", "chunk_size")}
    conform(answer, {"files": [shape]})
    assert answer["files"][0]["name"] == "short-lived"
    assert one.json("unpublish", "short-lived")["schema"] == 1


def test_membership(shared_net, pair):
    tracker, (one, two) = shared_net.tracker, pair
    assert natural(tracker.json("status")["bans"])
    invited = tracker.json("invite")
    conform(invited, {"token": text, "addresses": [address], "warning": text})
    conform(one.json("join", invited["token"]), TRACKER)
    moderated = {"name": text, "id": peer_id, "state": one_of("kicked", "banned", "allowed")}
    for command, word in (("kick", "two"), ("ban", "a" * 52), ("unban", "a" * 52)):
        conform(tracker.json(command, word), moderated)
    eventually(two.connected, "who was kicked is back")
    conform(one.json("connect", "127.0.0.2:9"), TRACKER)
    gone = one.json("disconnect", "127.0.0.2:9")
    conform(gone, {"trackers": [{"address": address, "id": maybe(peer_id)}], "warning": text})


def test_fetch(pair):
    one, two = pair
    names = ["seven", "eight"]
    for name in names:
        seed(name, MIB, one, variant=name)
    lines = two.ctl("--json", "fetch", *names).lines
    for line in lines:
        assert line["schema"] == 1
        conform(line, {"transfers": [TRANSFER]})
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
    conform(error, {"code": natural, "message": text, "remedy": text})
    assert error["code"] == code


def test_error_without_a_daemon(idle_net):
    refused = idle_net.tracker.ctl("--json", "status", code=3)
    assert json.loads(refused.stderr)["error"]["code"] == 3


def test_secret_new(pair):
    one, _ = pair
    plain = [one.ctl("secret", "new").stdout.strip() for _ in range(2)]
    assert all(re.fullmatch("[0-9a-f]{64}", digits) for digits in plain)
    assert plain[0] != plain[1]


def test_help_names_every_command(pair):
    one, _ = pair
    shown = one.ctl("help").stdout
    commands = ["status", "peers", "files", "publish", "unpublish", "fetch", "transfers"]
    commands += ["pause", "resume", "cancel", "forget", "wait", "verify", "limit"]
    commands += ["search", "chunks", "discover", "ping", "watch"]
    commands += ["invite", "join", "connect", "disconnect", "kick", "ban", "unban"]
    for command in commands + ["shutdown", "secret new", "help", "completion"]:
        assert command in shown
        assert command in one.ctl("help", *command.split()).stdout
    assert "--chunk-size" in one.ctl("help", "publish").stdout
    assert "--chunk-size" in one.ctl("publish", "--help").stdout
