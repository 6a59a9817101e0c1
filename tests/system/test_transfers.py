"""What people do with transfers: let them rest, go on, end and be forgotten, wait, and slow down."""

import json

import pytest
from content import MIB, part_of, same_bytes, seed
from processes import eventually

PIECES = ("--chunk-size", "64KiB")
SIZE = 16 * MIB


@pytest.fixture
def pair(net):
    """A source that takes a minute to send SIZE, however long a test looks, and who fetches from it."""
    source = net.peer("source", limits={"upload": "250 kB/s"}).start()
    fetcher = net.peer("fetcher").start()
    return source, fetcher


def begun(node, name, content, *options):
    """Fetches and returns the transfer's id when something has come."""
    (row,) = node.json("fetch", "--detach", name, *options)["transfers"]
    assert (row["content"], row["state"]) == (content, "running")
    eventually(lambda: node.done_bytes(content) > 0, "something has come")
    return str(row["id"])


def beside(node):
    """What transfers have left in the download folder."""
    return sorted(path.name for path in node.downloads.iterdir())


def nothing_beside(node, but=()):
    """What was cancelled is removed in the background."""
    eventually(lambda: beside(node) == list(but), "it is removed")


@pytest.mark.threads
def test_pause_and_resume(pair):
    source, fetcher = pair
    contents = {name: seed(name, SIZE, source, options=PIECES, variant=name) for name in "ab"}
    ids = [begun(fetcher, name, content) for name, content in contents.items()]
    answers = fetcher.json("pause", *ids)["transfers"]
    assert [(row["id"], row["state"]) for row in answers] == [(int(i), "paused") for i in ids]
    before = [fetcher.done_bytes(content) for content in contents.values()]
    seed("other", MIB // 4, source, variant=3)
    fetcher.fetch("other")  # takes its time, in which the paused ones do not move
    assert [fetcher.done_bytes(content) for content in contents.values()] == before
    source.ctl("limit", "--up", "0")
    fetcher.ctl("resume", *ids)
    fetcher.ctl("wait", *ids)
    for name, content in contents.items():
        assert same_bytes(source.share / name, fetcher.downloads / name)
        assert fetcher.transfer(content)["state"] == "done"
    assert fetcher.json("status")["totals"]["down_bytes"] < 2 * SIZE + MIB, "nothing came twice"


@pytest.mark.threads
def test_a_fetch_of_a_paused_one_resumes_it(pair):
    source, fetcher = pair
    content = seed("film", SIZE, source, options=PIECES)
    ident = begun(fetcher, "film", content)
    fetcher.ctl("pause", ident)
    job = fetcher.spawn("--json", "fetch", "film")
    first = json.loads(job.process.stdout.readline())["transfers"][0]
    assert (str(first["id"]), first["state"]) == (ident, "running")
    source.ctl("limit", "--up", "0")
    job.finish()
    assert same_bytes(source.share / "film", fetcher.downloads / "film")


def test_cancel_removes_what_has_come(pair):
    source, fetcher = pair
    album = source.share / "album"
    album.mkdir()
    for name in "abcd":
        source.make(f"album/{name}", SIZE // 4, seed=name)
    for name, content in (
        ("film", seed("film", SIZE, source, options=PIECES)),
        ("album", source.publish(album, *PIECES)),
    ):
        job = fetcher.spawn("fetch", name)
        eventually(lambda content=content: fetcher.done_bytes(content) > 0, "something has come")
        assert beside(fetcher) == [part_of(fetcher.downloads / name).name]
        fetcher.ctl("cancel", fetcher.transfer_id(content))
        job.finish(code=1)
        assert "cancelled" in job.message
        nothing_beside(fetcher)
        assert fetcher.transfer(content) is None
    eventually(lambda: fetcher.file("film")["partial"] == 0, "what came is offered no longer")


def paused_and_stopped(pair):
    """The id of a transfer of which something has come, and the part that it has left."""
    source, fetcher = pair
    ident = begun(fetcher, "film", seed("film", SIZE, source, options=PIECES))
    fetcher.ctl("pause", ident)
    fetcher.stop()
    part = part_of(fetcher.downloads / "film")
    assert beside(fetcher) == [part.name]
    return ident, part


@pytest.mark.threads
def test_a_paused_one_is_cancelled_after_a_restart(pair):
    _, fetcher = pair
    ident, _ = paused_and_stopped(pair)
    fetcher.start()
    fetcher.ctl("cancel", ident)
    nothing_beside(fetcher)
    assert fetcher.json("transfers")["transfers"] == []


@pytest.mark.parametrize("then", ["resume", "cancel"])
def test_a_part_of_an_earlier_version(pair, then):
    """Parts were named after their destinations."""
    source, fetcher = pair
    ident, part = paused_and_stopped(pair)
    part.rename(part.with_name("film.part"))
    fetcher.start()
    source.ctl("limit", "--up", "0")
    fetcher.ctl(then, ident)
    if then == "cancel":
        nothing_beside(fetcher)
        return
    fetcher.ctl("wait", ident)
    assert beside(fetcher) == ["film"]
    assert same_bytes(source.share / "film", fetcher.downloads / "film")
    assert fetcher.json("status")["totals"]["down_bytes"] < SIZE, "what was there did not come again"


def test_a_failed_one_is_resumed_or_forgotten(net):
    gated = [net.gated_peer(name, allow=MIB) for name in ("one", "two")]
    names = {"again": gated[0][0], "never": gated[1][0]}
    contents = {
        name: seed(name, 4 * MIB, node, options=PIECES, variant=name)
        for name, node in names.items()
    }
    (fetcher,) = net.peers("fetcher")
    jobs = [fetcher.spawn("fetch", "--no-wait", name) for name in names]
    for node, gate in gated:
        eventually(lambda gate=gate: gate.holds, "the fetch is in the middle")
        node.kill9()
        gate.open()
    for job in jobs:
        job.finish(code=1)
        assert "no source has what is missing" in job.message
    parts = [part_of(fetcher.downloads / name).name for name in ("again", "never")]
    assert beside(fetcher) == sorted(parts)
    come = fetcher.done_bytes(contents["again"])
    assert fetcher.transfer(contents["again"])["state"] == "failed" and come > 0

    fetcher.ctl("forget", fetcher.transfer_id(contents["never"]))
    nothing_beside(fetcher, but=[part_of(fetcher.downloads / "again").name])
    assert fetcher.transfer(contents["never"]) is None

    names["again"].start()
    before = fetcher.json("status")["totals"]["down_bytes"]
    ident = fetcher.transfer_id(contents["again"])
    fetcher.ctl("resume", ident)
    fetcher.ctl("wait", ident)
    assert same_bytes(names["again"].share / "again", fetcher.downloads / "again")
    assert fetcher.json("status")["totals"]["down_bytes"] - before <= 4 * MIB - come


def test_ids_that_are_unknown_or_over(pair):
    source, fetcher = pair
    for command in ("pause", "resume", "cancel", "forget", "wait"):
        for ident in ("1", "0", "first", "99999999999999999999"):
            assert ident in fetcher.refusal(command, ident, code=4)
    content = seed("film", MIB // 4, source)
    fetcher.fetch("film")
    ident = fetcher.transfer_id(content)
    for command in ("pause", "resume", "cancel"):
        assert "has ended" in fetcher.refusal(command, ident, code=1)
    fetcher.ctl("wait", ident)
    fetcher.ctl("forget", ident)
    assert same_bytes(source.share / "film", fetcher.downloads / "film")
    seed("other", SIZE, source, variant=2)
    fetcher.fetch("--detach", "other")
    running = fetcher.json("transfers")["transfers"][0]["id"]
    assert "has not ended" in fetcher.refusal("forget", str(running), code=1)


def test_wait(pair):
    source, fetcher = pair
    content = seed("film", SIZE, source, options=PIECES)
    ident = begun(fetcher, "film", content)
    fetcher.refusal("--timeout", "0.1", "wait", ident, code=5)
    job = fetcher.spawn("wait", ident)
    source.ctl("limit", "--up", "0")
    job.finish()
    assert same_bytes(source.share / "film", fetcher.downloads / "film")
    source.ctl("limit", "--up", "250kB/s")
    ident = begun(fetcher, "late", seed("late", SIZE, source, options=PIECES, variant=2))
    job = fetcher.spawn("--json", "wait", ident)
    assert job.process.stdout.readline(), "it waits"
    fetcher.ctl("cancel", ident)
    job.finish(code=1)


def test_limit(pair):
    source, fetcher = pair
    rest = {"schema": 1, "between_sites": 0, "schedule": None, "until": None}
    assert fetcher.json("limit") == {"up": 0, "down": 0} | rest
    source.ctl("limit", "--up", "0")
    assert fetcher.json("limit", "--down", "4MB/s")["down"] == 4_000_000
    content = seed("film", 4 * MIB, source, options=PIECES)
    (row,) = fetcher.ctl("--json", "fetch", "film").lines[-1]["transfers"]
    assert row["elapsed_s"] > 0.9 * (4 * MIB - 0.1 * 4e6) / 4e6, "a tenth of a second may be saved"
    source.ctl("limit", "--up", "1kB/s")
    seed("slow", 4 * MIB, source, options=PIECES, variant=2)
    job = fetcher.spawn("fetch", "slow")
    eventually(lambda: fetcher.json("transfers")["transfers"][-1]["state"] == "running", "it runs")
    for node, way in ((source, "--up"), (fetcher, "--down")):
        node.ctl("limit", way, "0")
    job.finish()
    source.stop()
    source.start()
    assert source.json("limit") == {"up": 250_000, "down": 0} | rest, "as configured"
    assert fetcher.transfer(content)["state"] == "done"


def test_two_contents_do_not_meet_in_one_destination(pair):
    source, fetcher = pair
    contents = {name: seed(name, SIZE, source, options=PIECES, variant=name) for name in "ab"}
    film = fetcher.downloads / "film"
    ident = begun(fetcher, "a", contents["a"], "-o", film)
    assert "film" in fetcher.refusal("fetch", "b", "-o", film, code=1)
    fetcher.ctl("pause", ident)
    for again in (False, True):
        if again:
            fetcher.stop()
            fetcher.start()
        assert "film" in fetcher.refusal("fetch", "b", "-o", film, code=1)
    source.ctl("limit", "--up", "0")
    fetcher.ctl("resume", ident)
    fetcher.ctl("wait", ident)
    assert same_bytes(source.share / "a", film)
