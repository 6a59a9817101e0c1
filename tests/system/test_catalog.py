"""What the network holds and who has it, as both roles tell it."""

import signal

import pytest
from content import MIB, seed
from processes import eventually


@pytest.fixture(scope="module")
def pair(shared_net):
    return shared_net.peers("one", "two")


# search


def test_search(shared_net, pair):
    one, two = pair
    for name in ("debian-12.iso", "debian-11.iso", "notes [old].txt"):
        seed(name, 1000, one, variant=name)
    for node in (shared_net.tracker, one, two):
        for pattern, names in {
            "debian": {"debian-11.iso", "debian-12.iso"},
            "12": {"debian-12.iso"},
            "*.iso": {"debian-11.iso", "debian-12.iso"},
            "*1[2-9]*": {"debian-12.iso"},
            "*.is": set(),
            "a" * 255: set(),
        }.items():
            answer = node.json("search", pattern)
            assert {row["name"] for row in answer["files"]} == names, pattern
            assert answer["warning"] == ""
        assert "255 bytes" in node.refusal("search", "a" * 256, code=2)
    assert two.json("search", "*") == two.json("files")
    assert one.ctl("search", "nothing has this").stdout == ""


def test_a_tracker_that_does_not_answer_is_named(net):
    (one,) = net.peers("one")
    seed("file", 1000, one)
    net.tracker.process.send_signal(signal.SIGSTOP)
    try:
        asked = one.ctl("search", "file")
        assert asked.stdout == ""
        assert net.tracker.config["network"]["listen"][0] in asked.message
    finally:
        net.tracker.process.send_signal(signal.SIGCONT)


def test_a_peer_without_a_tracker_says_so(idle_net):
    alone = idle_net.node("alone").start()
    assert "no tracker is connected" in alone.ctl("files").message
    assert "no tracker is connected" in alone.json("search", "x")["warning"]


# chunks


def test_chunks(net):
    one, gate = net.gated_peer("one", allow=1_000_000)
    (two,) = net.peers("two")
    content = seed("film", 4 * MIB, one, options=("--chunk-size", "64 KiB"))
    two.ctl("fetch", "--detach", "film")
    eventually(lambda: gate.holds, "the transfer stands")

    def told(node, word="film"):
        answer = node.json("chunks", word)
        assert (answer["content"], answer["name"], answer["chunks"]) == (content, "film", 64)
        assert answer["warning"] == ""
        return answer, {row["name"]: row for row in answer["peers"]}

    eventually(lambda: "two" in told(net.tracker)[1], "the tracker was told")
    for node in (net.tracker, one, two):
        for word in ("film", "film@one", content[:12]):
            answer, rows = told(node, word)
            assert answer["rarest"] == 1
            assert (rows["one"]["id"], rows["one"]["have"]) == (one.id, 64)
            assert rows["one"]["bitmap_hex"] == "f" * 16
            some = int(rows["two"]["bitmap_hex"], 16)
            assert 0 < some.bit_count() == rows["two"]["have"] < 64
    gate.open()
    two.ctl("wait", two.transfer_id(content))
    eventually(lambda: told(one)[0]["rarest"] == 2, "the fetcher has it whole")
    lines = two.ctl("chunks", "film").stdout.splitlines()
    assert sorted(line.split("\t")[0] for line in lines) == ["one", "two"]


def test_chunks_of_what_is_unknown_or_ambiguous(shared_net, pair):
    for node in pair:
        node.publish(node.make("iso", 1000, seed=node.name))
    for node in (shared_net.tracker, *pair):
        assert '"none"' in node.refusal("chunks", "none", code=4)
        assert "several contents" in node.refusal("chunks", "iso", code=1)
        (holder,) = node.json("chunks", "iso@two")["peers"]
        assert holder["name"] == "two"


def test_chunks_of_an_empty_file_and_without_a_tracker(net):
    (one,) = net.peers("one")
    seed("empty", 0, one)
    answer = one.json("chunks", "empty")
    assert (answer["chunks"], answer["rarest"]) == (0, 1)
    assert [(row["have"], row["bitmap_hex"]) for row in answer["peers"]] == [(0, "")]
    net.tracker.stop()
    eventually(lambda: not one.connected(), "the tracker is gone")
    assert "no tracker is connected" in one.refusal("chunks", "empty", code=1)


# discover


def test_discover(net):
    one, two = net.peers("one", "two")
    (one.share / "deep").mkdir()
    content = one.publish(one.make("deep/film", 3 * MIB, seed=1))
    two.fetch("film")
    (row,) = one.json("discover", "one")["files"]  # itself
    expected = {"name": "film", "id": content, "size": 3 * MIB, "chunks": 48}
    assert row == expected | {"chunk_size": 64 * 1024, "path": "deep/film"}
    for node in (net.tracker, two):
        for word in ("one", one.address, one.id[:10]):
            answer = node.json("discover", word)
            assert (answer["peer"]["name"], answer["peer"]["id"]) == ("one", one.id)
            assert answer["peer"]["address"] == one.address
            assert answer["files"] == [row]
            assert answer["warning"] == ""
        assert [row["path"] for row in node.json("discover", "two")["files"]] == ["film"]
        for word in ("tracker", net.tracker.id):
            assert node.json("discover", word)["files"] == []
        assert '"nobody"' in node.refusal("discover", "nobody", code=4)
    two.ctl("unpublish", "film")
    assert net.tracker.json("discover", "two")["files"] == []
    assert one.ctl("discover", "two").stdout == ""


def test_discover_who_is_not_to_be_reached(net):
    hidden = net.peer("hidden", network={"advertise": ["127.0.0.3:1"]}).start()
    (two,) = net.peers("two")
    seed("film", MIB, hidden)
    hidden.process.send_signal(signal.SIGSTOP)
    try:
        for node in (net.tracker, two):
            answer = node.json("discover", "hidden")
            assert [(row["name"], row["path"]) for row in answer["files"]] == [("film", None)]
            assert "paths" in answer["warning"]
    finally:
        hidden.process.send_signal(signal.SIGCONT)


def test_a_word_that_means_several_peers(net):
    twins = [net.peer("twin"), net.node("other", node={"name": "twin"})]
    twins[1].config["peer"]["trackers"] = net.tracker.config["network"]["listen"]
    ids = [twin.start().id for twin in twins]
    (two,) = net.peers("two")
    for node in (net.tracker, two):
        message = node.refusal("discover", "twin", code=1)
        assert all(each in message for each in ids)
        assert node.json("discover", ids[0])["peer"]["id"] == ids[0]


def test_discover_many_files(net):
    one, two = net.peers("one", "two")
    paths = []
    for number in range(450):
        path = one.share / f"file {number}"
        path.write_text(str(number))
        paths.append(path)
    one.ctl("publish", *paths)
    wanted = sorted(path.name for path in paths)

    def listed_by(node):
        return sorted(row["name"] for row in node.json("discover", "one")["files"])

    for node in (one, two, net.tracker):
        eventually(lambda node=node: listed_by(node) == wanted, f"{node.name} lists them")
