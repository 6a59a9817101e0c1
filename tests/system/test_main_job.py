"""The main job: what is published on some peers arrives on another, whole, from all its sources."""

import json
import os
import pty

import pytest
from content import MIB, SMALL_CHUNK, same_bytes, seed
from processes import eventually

SMALL_CHUNKS = ("--chunk-size", "16KiB")


def bytes_by_source(node, content):
    return {row["name"]: row["bytes"] for row in node.transfer(content)["sources_detail"]}


def arrived(node, content, original):
    """The transfer is done, the file is whole, and nothing is left beside it."""
    path = node.downloads / original.name
    assert same_bytes(original, path)
    assert not list(node.downloads.glob("*.part"))
    transfer = node.transfer(content)
    assert (transfer["state"], transfer["path"]) == ("done", str(path))
    assert transfer["done_bytes"] == transfer["size"] == original.stat().st_size


def test_each_source_gives_its_share(net):
    gated = [net.gated_peer(name, allow=4 * MIB) for name in ("one", "two")]
    sources = [node for node, _ in gated]
    content = seed("film", 48 * MIB, *sources)
    (fetcher,) = net.peers("fetcher")
    job = fetcher.spawn("fetch", "film")
    for node, gate in gated:
        eventually(lambda gate=gate: gate.holds, f"{node.name} has given as much as it may")
        gate.open()
    job.finish()
    arrived(fetcher, content, sources[0].share / "film")
    shares = bytes_by_source(fetcher, content)
    assert set(shares) == {"one", "two"}
    assert min(shares.values()) >= MIB
    assert sum(shares.values()) >= 48 * MIB


@pytest.fixture(scope="module")
def three(shared_net):
    return shared_net.peers("one", "two", "fetcher")


SIZES = {
    "empty": 0,
    "a byte": 1,
    "one chunk": SMALL_CHUNK,
    "one chunk and a byte": SMALL_CHUNK + 1,
    "100 chunks": 100 * SMALL_CHUNK,
    "200 chunks": 200 * SMALL_CHUNK,
}


@pytest.mark.parametrize("name", SIZES)
def test_every_size_arrives(three, name):
    one, two, fetcher = three
    content = seed(name, SIZES[name], one, two, options=SMALL_CHUNKS)
    row = fetcher.file(name)
    assert (row["size"], row["chunks"]) == (SIZES[name], -(-SIZES[name] // SMALL_CHUNK))
    fetcher.fetch(name)
    arrived(fetcher, content, one.share / name)


@pytest.mark.release_only
def test_a_sparse_file_of_5_gib(three):
    one, _, fetcher = three
    original = one.share / "image"
    with original.open("wb") as file:
        for offset in (0, 2**31 - 3, 2**32 - 3, 5 * 2**30 - 7):
            file.seek(offset)
            file.write(b"islands")
    content = one.publish(original)
    fetcher.ctl("fetch", "image", within=240)
    arrived(fetcher, content, original)


def test_two_fetches_in_a_row(three):
    one, _, fetcher = three
    for name, size in (("first", 3 * MIB), ("second", 2 * MIB)):
        content = seed(name, size, one, variant=size)
        fetcher.fetch(name)
        arrived(fetcher, content, one.share / name)


def test_several_contents_at_once(three):
    one, two, fetcher = three
    names = ["red", "green", "blue"]
    contents = {name: seed(name, 2 * MIB, one, two, variant=name) for name in names}
    fetcher.fetch(*names)
    for name, content in contents.items():
        arrived(fetcher, content, one.share / name)


def test_several_publishes_at_once(three):
    one, _, fetcher = three
    paths = [one.make(name, MIB, seed=name) for name in ("spring", "autumn")]
    rows = one.json("publish", *paths)["files"]
    assert [row["name"] for row in rows] == ["spring", "autumn"]
    assert {row["id"] for row in rows} <= {row["id"] for row in fetcher.files()}


def test_a_fetcher_is_a_source_and_no_claimant(three):
    one, two, fetcher = three
    seed("shared", MIB, one, variant=7)
    fetcher.fetch("shared")
    eventually(lambda: two.file("shared")["sources"] == 2, "the fetcher is a source")
    assert [claim["name"] for claim in two.file("shared")["publishers"]] == ["one"]


def test_what_is_being_fetched_is_served(net):
    origin, gate = net.gated_peer("origin", allow=8 * MIB)
    content = seed("film", 24 * MIB, origin)
    first, second = net.peers("first", "second")
    jobs = [first.spawn("fetch", "film")]
    eventually(lambda: gate.holds and first.done_bytes(content) > 0, "the first has a part")
    jobs.append(second.spawn("fetch", "film", "--from", "first"))  # not past the gate
    eventually(lambda: second.done_bytes(content) > 0, "the second gets chunks")
    assert bytes_by_source(second, content)["first"] > 0
    assert first.transfer(content)["state"] == "running"
    gate.open()
    for job in jobs:
        job.finish()
    for node in (first, second):
        arrived(node, content, origin.share / "film")


def test_a_seeder_dies_in_mid_transfer(net):
    gated = [net.gated_peer(name, allow=6 * MIB) for name in ("stays", "dies")]
    stays, dies = (node for node, _ in gated)
    content = seed("film", 48 * MIB, stays, dies)
    (fetcher,) = net.peers("fetcher")
    job = fetcher.spawn("fetch", "film")
    eventually(lambda: all(gate.holds for _, gate in gated), "both are in the middle of it")
    assert fetcher.transfer(content)["state"] == "running"
    dies.kill9()
    for _, gate in gated:
        gate.open()
    job.finish()
    arrived(fetcher, content, stays.share / "film")


def test_a_source_that_comes_later_is_used(net):
    first, gate = net.gated_peer("first", allow=4 * MIB)
    content = seed("film", 16 * MIB, first)
    late, fetcher = net.peers("late", "fetcher")
    job = fetcher.spawn("fetch", "film")
    eventually(lambda: gate.holds, "the first source has come to its end")
    seed("film", 16 * MIB, late)
    eventually(lambda: bytes_by_source(fetcher, content).get("late"), "the second source gives")
    gate.open()
    job.finish()
    arrived(fetcher, content, late.share / "film")


def test_a_part_file_until_the_last_chunk(net):
    origin, gate = net.gated_peer("origin", allow=4 * MIB)
    seed("film", 16 * MIB, origin)
    (fetcher,) = net.peers("fetcher")
    job = fetcher.spawn("fetch", "film")
    eventually(lambda: gate.holds, "the fetch is in the middle")
    assert [path.suffix for path in fetcher.downloads.iterdir()] == [".part"]
    gate.open()
    job.finish()
    assert [path.name for path in fetcher.downloads.iterdir()] == ["film"]


def test_a_second_fetch_attaches_to_the_first(net):
    origin, gate = net.gated_peer("origin", allow=4 * MIB)
    content = seed("film", 16 * MIB, origin)
    (fetcher,) = net.peers("fetcher")
    jobs = [fetcher.spawn("fetch", "film")]
    eventually(lambda: gate.holds, "the fetch is in the middle")
    jobs.append(fetcher.spawn("--json", "fetch", "film"))
    assert json.loads(jobs[1].process.stdout.readline())["transfers"][0]["content"] == content
    gate.open()
    for job in jobs:
        job.finish()
    transfers = fetcher.json("transfers")["transfers"]
    assert [row["content"] for row in transfers] == [content]


def run_on_a_terminal(node, *args):
    """What a command writes to a terminal on stderr."""
    ours, theirs = pty.openpty()
    job = node.spawn(*args, stderr=theirs)
    os.close(theirs)
    shown = b""
    try:
        while data := os.read(ours, 4096):
            shown += data
    except OSError:
        pass  # the last writer has closed the terminal
    os.close(ours)
    job.finish()
    return shown.decode()


def test_progress_is_for_terminals(three):
    one, _, fetcher = three
    path = one.make("bar", 96 * MIB, seed=11)  # 8 MiB are at times published before a bar is drawn
    for node, command in ((one, ("publish", path)), (fetcher, ("fetch", "bar"))):
        shown = run_on_a_terminal(node, *command)
        assert "bar" in shown and "%" in shown
    path = one.make("no bar", 8 * MIB, seed=12)
    for node, command in ((one, ("publish", path)), (fetcher, ("fetch", "no bar"))):
        assert node.ctl(*command).stderr == ""


def test_fetch_tells_its_progress_in_json(three):
    one, _, fetcher = three
    content = seed("told", 4 * MIB, one, variant=13)
    lines = fetcher.ctl("--json", "fetch", "told").lines
    assert all(line["schema"] == 1 for line in lines)
    (last,) = lines[-1]["transfers"]
    assert (last["content"], last["state"], last["done_bytes"]) == (content, "done", 4 * MIB)


def test_tables_are_tab_separated_when_piped(three):
    one, _, fetcher = three
    content = seed("row", 10, one, variant=14)
    shown = fetcher.ctl("files").stdout
    rows = [line.split("\t") for line in shown.splitlines()]
    (row,) = [row for row in rows if row[0] == "row"]
    assert content in row
    assert len({len(row) for row in rows}) == 1
    assert "\x1b" not in shown
