"""Names and the claims on them, destinations, and what is refused because something is there."""

import pytest
from content import MIB, same_bytes, seed
from processes import eventually


@pytest.fixture(scope="module")
def three(shared_net):
    return shared_net.peers("one", "two", "fetcher")


def untouched(path, content):
    return path.read_bytes() == content


# Names and claims


def test_a_node_replaces_its_own_claim(three):
    one, _, fetcher = three
    old, new = (one.make(name, 1000, seed=name) for name in ("plan.1", "plan.2"))
    old_id = one.publish(old, "--name", "plan")
    new_id = one.publish(new, "--name", "plan")
    assert fetcher.file("plan")["id"] == new_id
    fetcher.fetch("plan", "-o", fetcher.home / "by name")
    assert same_bytes(new, fetcher.home / "by name")
    fetcher.fetch(old_id, "-o", fetcher.home / "by id")
    assert same_bytes(old, fetcher.home / "by id")


def test_a_name_claimed_for_two_contents(three):
    one, two, fetcher = three
    paths = [node.make("iso", 1000, seed=node.name) for node in (one, two)]
    ids = [node.publish(path) for node, path in zip((one, two), paths)]
    message = fetcher.refusal("fetch", "iso", code=1)
    assert '"iso"' in message
    for node, content in zip((one, two), ids):
        assert content[:4] in message and node.name in message
    assert not (fetcher.downloads / "iso").exists()
    fetcher.fetch("iso@two", "-o", fetcher.home / "of two")
    assert same_bytes(paths[1], fetcher.home / "of two")
    fetcher.fetch(ids[0][:16], "-o", fetcher.home / "of one")
    assert same_bytes(paths[0], fetcher.home / "of one")


def test_a_name_claimed_twice_for_one_content(three):
    one, two, fetcher = three
    seed("agreed", 1000, one, two)
    assert len(fetcher.file("agreed")["publishers"]) == 2
    fetcher.fetch("agreed")
    assert same_bytes(one.share / "agreed", fetcher.downloads / "agreed")


def test_one_content_under_two_names(three):
    one, two, fetcher = three
    names = {one: "left", two: "right"}
    ids = {node.publish(node.make(name, 1000, seed="hand")) for node, name in names.items()}
    assert len(ids) == 1
    for name in names.values():
        fetcher.fetch(name)
        assert same_bytes(one.share / "left", fetcher.downloads / name)


def test_a_name_without_a_claimant(net):
    one, two, three = net.peers("one", "two", "three")
    seed("orphan", MIB, one)
    two.fetch("orphan")
    one.stop()
    eventually(lambda: not three.file("orphan")["publishers"], "the claimant is gone")
    assert three.file("orphan")["sources"] == 1
    three.fetch("orphan")
    assert same_bytes(two.downloads / "orphan", three.downloads / "orphan")


def test_unpublish(three):
    one, _, fetcher = three
    path = one.make("retracted", 1000, seed="retracted")
    content = one.publish(path)
    one.ctl("unpublish", "retracted")
    assert path.exists()
    eventually(lambda: fetcher.file("retracted") is None, "it has left the catalog")
    assert content not in {row["id"] for row in one.files()}
    fetcher.refusal("fetch", "retracted", code=4)
    one.refusal("unpublish", "retracted", code=4)


def test_what_a_word_means_is_the_same_for_every_command(three):
    """NAME@PEER is PEER's, also for what is here; a whole id is nobody's name."""
    one, two, fetcher = three
    own = seed("same", 1000, one, variant="own")
    for command in ("unpublish", "verify", "chunks", "fetch"):
        for word in ("same@two", f"same@{two.id[:20]}", f"same@{two.address}"):
            assert f'"{word}"' in one.refusal(command, word, code=4)
    assert one.file("same")["id"] == own, "it is still offered"
    theirs = seed("same", 1000, two, variant="theirs")
    for command in ("unpublish", "verify"):
        one.refusal(command, "same@two", code=4)  # it is not here
    fetcher.fetch("same@two")
    for word in ("same@two", f"same@{two.id[:20]}", "same"):
        assert fetcher.json("verify", word)["files"][0]["id"] == theirs
    fetcher.refusal("verify", "same@one", code=4)
    for word in ("same@one", f"same@{one.id[:20]}", f"same@{one.address}"):
        assert one.json("verify", word)["files"][0]["id"] == own
    # Somebody calls another content like the whole id of this one.
    two.publish(two.make("else", 1000, seed="else"), "--name", own)
    for node in (one, fetcher):
        (holder,) = node.json("chunks", own)["peers"]
        assert holder["name"] == "one"
    fetcher.fetch(own, "-o", fetcher.home / "by whole id")
    assert same_bytes(one.share / "same", fetcher.home / "by whole id")
    two.ctl("unpublish", own)
    assert fetcher.json("unpublish", "same@two")["id"] == theirs
    assert one.json("unpublish", "same@one")["id"] == own


def test_what_was_fetched_is_found_by_its_publisher_without_a_tracker(net):
    source, fetcher = net.peers("source", "fetcher")
    content = seed("album", 1000, source)
    fetcher.fetch("album")
    words = ["album@source", f"album@{source.id[:12]}"]
    source.stop()
    fetcher.stop()
    net.tracker.stop()
    fetcher.launch()
    eventually(fetcher.answers, "it answers")
    eventually(lambda: fetcher.json("status")["contents"] == 1, "it is offered again")
    for word in words:
        assert fetcher.json("verify", word)["files"][0]["id"] == content
    fetcher.refusal("unpublish", "album@fetcher", code=4)
    assert fetcher.json("unpublish", "album@source")["id"] == content


NAMES = ["with spaces and 'quotes\"", "häß-漢字", "-dash", ".hidden", "a" * 255, "line\nbreak"]


@pytest.mark.parametrize("name", NAMES)
def test_odd_names(three, name):
    one, _, fetcher = three
    path = one.make("plain file", 100, seed=name)
    content = one.publish(path, f"--name={name}")
    assert fetcher.file(name)["id"] == content
    target = fetcher.home / f"odd {NAMES.index(name)}"
    fetcher.ctl("fetch", "-o", target, "--", name)
    assert same_bytes(path, target)
    assert "\n" not in fetcher.ctl("fetch", "-o", target, "--", name).stdout.strip()


def test_a_name_that_is_not_utf8(three):
    one, _, fetcher = three
    path = one.share / "caf\udce9"  # the byte 0xe9 alone
    path.write_bytes(b"latin-1")
    content = one.publish(path)
    assert fetcher.file("caf\ufffd")["id"] == content
    fetcher.fetch(content)
    assert same_bytes(path, fetcher.downloads / path.name)


@pytest.mark.parametrize("name", ["n" * 251, "n" * 255, "film.part", "film.part.part"])
def test_a_name_that_a_part_of_it_must_not_lengthen(three, name):
    one, _, fetcher = three
    (one.share / name).write_text(name)
    one.publish(one.share / name)
    fetcher.fetch(name)
    assert (fetcher.downloads / name).read_text() == name


# Destinations


def test_the_same_content_is_already_there(three):
    one, _, fetcher = three
    seed("again", 1000, one, variant="again")
    fetcher.fetch("again")
    before = (fetcher.downloads / "again").stat()
    said = fetcher.fetch("again")
    assert len((said.stdout + said.stderr).splitlines()) == 1
    assert (fetcher.downloads / "again").stat().st_mtime_ns == before.st_mtime_ns


def test_other_bytes_are_there(three):
    one, _, fetcher = three
    seed("taken", 1000, one, variant="taken")
    there = fetcher.downloads / "taken"
    fetcher.downloads.mkdir(exist_ok=True)
    there.write_bytes(b"mine")
    assert str(there) in fetcher.refusal("fetch", "taken", code=1)
    assert untouched(there, b"mine")
    assert not list(fetcher.downloads.glob(".p2pd-*"))
    fetcher.fetch("taken", "--force")
    assert same_bytes(one.share / "taken", there)


def test_output_to_a_file(three):
    one, _, fetcher = three
    seed("named", 1000, one, variant="named")
    fetcher.fetch("named", "-o", fetcher.home / "other name")
    assert same_bytes(one.share / "named", fetcher.home / "other name")
    assert not (fetcher.downloads / "named").exists()


def test_output_to_a_folder(three):
    one, _, fetcher = three
    names = ["north", "south"]
    for name in names:
        seed(name, 1000, one, variant=name)
    folder = fetcher.home / "folder"
    folder.mkdir()
    fetcher.fetch("north", "-o", folder)
    fetcher.fetch(*names, "-o", folder)
    for name in names:
        assert same_bytes(one.share / name, folder / name)


def test_output_where_nothing_may_be_written(three, tmp_path):
    one, _, fetcher = three
    seed("escaping", 1000, one, variant="escaping")
    outside = tmp_path / "escaping"
    assert str(tmp_path) in fetcher.refusal("fetch", "escaping", "-o", outside, code=1)
    for hidden in (fetcher.state / "network.key", fetcher.home / "p2pd.toml"):
        before = hidden.read_bytes()
        fetcher.refusal("fetch", "escaping", "--force", "-o", hidden, code=1)
        assert untouched(hidden, before)
    assert not outside.exists()


def test_a_folder_is_no_destination_for_bytes(three):
    one, _, fetcher = three
    seed("solid", 1000, one, variant="solid")
    (fetcher.downloads / "solid").mkdir(parents=True)
    fetcher.refusal("fetch", "solid", code=1)
    fetcher.refusal("fetch", "solid", "--force", code=1)
    assert (fetcher.downloads / "solid").is_dir()
