"""How a fetch may be asked for: some files of a folder, in order, detached, without waiting."""

import pytest
from content import MIB, SMALL_CHUNK, part_of, same_bytes, seed
from processes import eventually

PIECES = ("--chunk-size", "16KiB")
TREE = {
    "read.me": 100,
    "empty": 0,
    "photos/a.jpg": 3 * SMALL_CHUNK,
    "photos/b.png": SMALL_CHUNK // 2,
    "photos/2024/c.jpg": 10,
    "films/one.mkv": 5 * SMALL_CHUNK + 1,
}


@pytest.fixture(scope="module")
def pair(shared_net):
    source, fetcher = shared_net.peers("source", "fetcher")
    for folder in ("photos/2024", "films"):
        (source.share / "album" / folder).mkdir(parents=True)
    for path, size in TREE.items():
        source.make(f"album/{path}", size, seed=path)
    source.publish(source.share / "album", *PIECES)
    seed("film", MIB, source)
    return source, fetcher


def files_below(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


ONLY = {
    "all of a kind": (["*.jpg"], {"photos/a.jpg", "photos/2024/c.jpg"}),
    "a folder": (["photos"], {"photos/a.jpg", "photos/b.png", "photos/2024/c.jpg"}),
    "one file": (["read.me"], {"read.me"}),
    "an empty file": (["empty"], {"empty"}),
    "several": (["*.png", "films/*"], {"photos/b.png", "films/one.mkv"}),
    "more than there is": (["*.mkv", "*.avi"], {"films/one.mkv"}),
    "everything": (["*"], set(TREE)),
}


@pytest.mark.parametrize("case", ONLY)
def test_only_some_files(pair, case):
    source, fetcher = pair
    globs, expected = ONLY[case]
    options = [word for glob in globs for word in ("--only", glob)]
    place = fetcher.downloads / case
    fetcher.fetch("album", "-o", f"{place}/", *options)
    assert files_below(place / "album") == expected
    for path in expected:
        assert same_bytes(source.share / "album" / path, place / "album" / path)
    again = fetcher.ctl("--json", "fetch", "album", "-o", f"{place}/", *options)
    assert again.lines[-1]["transfers"][0]["already"], "what is there is not fetched again"


def test_only_a_name_with_a_line_feed(net):
    source, fetcher = net.peers("source", "fetcher")
    (source.share / "tree").mkdir()
    for name in ("a", "b", "a\nb", "c\\nd"):
        source.make(f"tree/{name}", 100, seed=name)
    source.publish(source.share / "tree")
    wanted = ["a\nb", "c\\\\nd"]  # in a glob, a backslash stands for itself behind another
    fetcher.fetch("tree", *[word for glob in wanted for word in ("--only", glob)])
    for _ in range(2):
        assert files_below(fetcher.downloads / "tree") == {"a\nb", "c\\nd"}
        assert fetcher.json("verify", "tree")["files"][0]["name"] == "tree"
        fetcher.stop()
        fetcher.start()
        eventually(lambda: fetcher.json("status")["contents"] == 1, "it is offered again")


def test_only_what_is_not_there(pair):
    _, fetcher = pair
    place = fetcher.downloads / "none"
    message = fetcher.refusal("fetch", "album", "-o", place, "--only", "*.avi", "--only", "x", code=1)
    assert "*.avi" in message and "x" in message
    message = fetcher.refusal("fetch", "film", "-o", place, "--only", "film", code=1)
    assert "--only" in message and "single file" in message
    assert not place.exists() and not part_of(place).exists()


def test_somebodys_own_part_is_left_alone(pair):
    _, fetcher = pair
    own = part_of(fetcher.downloads / "own")
    own.write_bytes(b"somebody's")
    message = fetcher.refusal("fetch", "film", "-o", fetcher.downloads / "own", code=1)
    assert own.name in message and "-o" in message
    assert own.read_bytes() == b"somebody's"


def test_a_part_of_a_folder_is_offered_as_a_part(net):
    source, keeper = net.peers("source", "keeper")
    (source.share / "album").mkdir()
    for name in "abc":
        source.make(f"album/{name}", 2 * SMALL_CHUNK, seed=name)
    source.publish(source.share / "album", *PIECES)
    keeper.fetch("album", "--only", "a", "--only", "c")
    source.stop()
    (last,) = net.peers("last")
    last.fetch("album", "--only", "c")
    assert same_bytes(source.share / "album" / "c", last.downloads / "album" / "c")
    message = last.refusal("fetch", "--no-wait", "album", "-o", last.home / "all", code=1)
    assert "no source has what is missing" in message


def test_no_wait_onto_a_transfer_that_waits(net):
    source, gate = net.gated_peer("source", allow=MIB)
    seed("film", 4 * MIB, source, options=PIECES)
    (fetcher,) = net.peers("fetcher")
    fetcher.fetch("film", "--detach")
    eventually(lambda: gate.holds, "it is in the middle")
    source.kill9()
    gate.open()
    first = fetcher.refusal("fetch", "--no-wait", "film", code=1)
    assert "transfer 1 waits: " in first, first
    again = fetcher.refusal("fetch", "--no-wait", "film", code=1, within=5)
    assert "transfer 1 waits: " in again and "p2pctl why 1" in again
    assert fetcher.json("transfers")["transfers"][0]["state"] == "running"


def test_the_whole_folder_in_the_place_of_a_part(pair):
    source, fetcher = pair
    place = fetcher.downloads / "later"
    fetcher.fetch("album", "-o", f"{place}/", "--only", "*.jpg")
    assert "--force" in fetcher.refusal("fetch", "album", "-o", f"{place}/", code=1)
    fetcher.fetch("album", "-o", f"{place}/", "--force")
    assert files_below(place / "album") == set(TREE)
    for path in TREE:
        assert same_bytes(source.share / "album" / path, place / "album" / path)


def chunks_there(part, original, chunk_size):
    have, right = part.read_bytes(), original.read_bytes()
    chunks = [slice(at, at + chunk_size) for at in range(0, len(right), chunk_size)]
    return [number for number, chunk in enumerate(chunks) if have[chunk] == right[chunk]]


def test_in_order(net):
    source = net.peer("source", limits={"upload": "1 MB/s"}).start()
    content = seed("film", 32 * MIB, source, options=PIECES)
    (fetcher,) = net.peers("fetcher")
    fetcher.fetch("--detach", "--in-order", "film")
    eventually(lambda: fetcher.done_bytes(content) >= MIB, "some of it has come")
    part = part_of(fetcher.downloads / "film")
    chunks = chunks_there(part, source.share / "film", SMALL_CHUNK)
    assert fetcher.transfer(content)["state"] == "running"
    assert 64 <= len(chunks) < 2048
    assert chunks[-1] < len(chunks) + 4, "only those that are being written now may be missing"
    source.ctl("limit", "--up", "0")
    fetcher.ctl("wait", fetcher.transfer_id(content))
    assert same_bytes(source.share / "film", fetcher.downloads / "film")


def test_detach(net):
    source, gate = net.gated_peer("source", allow=MIB)
    content = seed("film", 4 * MIB, source)
    (fetcher,) = net.peers("fetcher")
    (row,) = fetcher.json("fetch", "--detach", "film")["transfers"]
    assert (row["content"], row["state"]) == (content, "running")
    shown = fetcher.ctl("fetch", "--detach", "film").stdout
    assert shown.split("\t")[:2] == [str(row["id"]), "film"]
    fetcher.stop()  # known already, so the restart goes on with it
    gate.open()
    fetcher.start()
    fetcher.ctl("wait", str(row["id"]))
    assert same_bytes(source.share / "film", fetcher.downloads / "film")
