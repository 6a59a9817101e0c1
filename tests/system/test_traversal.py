"""Nothing that a member publishes and nothing that p2pctl is given leads out of the folders that
are meant: each case is refused, and nothing is written anywhere. The rules one by one are for the
unit tests of manifests and of disk/confine; here the whole daemon meets them."""

import os
import socket
import stat

import pytest
from member import TRACKER, Member, dial
from processes import PATIENCE, eventually
from seeder import (
    CHUNK, EVIL, FILE, FOLDER, PUBLISH, REGISTER, SYMLINK, Seeder, file, folder, link, manifest,
)  # fmt: skip

REGISTERED, RESOLVE, RESOLVED = 17, 23, 24

DEEP = b"/".join([b"d" * 250] * 17)
LOOP = [folder(b"a"), link(b"a/b", b"../a"), file(b"a/b/c")]
MANIFESTS = {
    # Paths
    "absolute": manifest([file(b"/tmp/p2pd-evil")]),
    "up": manifest([file(b"../evil")]),
    "up and up": manifest([file(b"../../../../../../tmp/p2pd-evil")]),
    "up from a folder": manifest([folder(b"a"), file(b"a/../../evil")]),
    "nothing but up": manifest([folder(b"..")]),
    "up, to a sibling": manifest([folder(b".."), file(b"../state/evil")]),
    "here": manifest([folder(b".")]),
    "below here": manifest([file(b"./evil")]),
    "an empty path": manifest([file(b"")]),
    "an empty step": manifest([folder(b"a"), file(b"a//evil")]),
    "a slash at the end": manifest([file(b"evil/")]),
    "a NUL": manifest([file(b"evil\0.txt")]),
    "a NUL after up": manifest([file(b"..\0/evil")]),
    "an over-long step": manifest([file(b"n" * 256)]),
    "an over-long path": manifest([file(DEEP)]),
    # Twice the same
    "a file twice": manifest([file(b"evil"), file(b"evil")]),
    "a folder and a file": manifest([folder(b"evil"), file(b"evil")]),
    "a symlink and a file": manifest([link(b"evil", b"x"), file(b"evil")]),
    "a symlink and a folder": manifest([link(b"evil", b"x"), folder(b"evil"), file(b"evil/x")]),
    "out of order": manifest([file(b"b"), file(b"a")]),
    # Below what is no folder
    "below a file": manifest([file(b"a"), file(b"a/evil")]),
    "below a symlink": manifest([link(b"a", b"b"), file(b"a/evil")]),
    "below a symlink to here": manifest([link(b"a", b"."), file(b"a/evil")]),
    "below a symlink that leads up": manifest([link(b"a", b".."), file(b"a/evil")]),
    "below a symlink to a parent": manifest(LOOP),
    "below nothing": manifest([file(b"a/evil")]),
    # Symlinks
    "an absolute symlink": manifest([link(b"evil", b"/etc/passwd")]),
    "a symlink to the top": manifest([link(b"evil", b"/")]),
    "a symlink up": manifest([link(b"evil", b"../state/network.key")]),
    "a symlink too far up": manifest([folder(b"a"), link(b"a/evil", b"../../x")]),
    "a symlink down and up": manifest([folder(b"a"), link(b"evil", b"a/../../x")]),
    "a symlink through another": manifest([link(b"a", b"."), link(b"evil", b"a/../x")]),
    "a symlink to nothing": manifest([link(b"evil", b"")]),
    "a symlink with a NUL": manifest([link(b"evil", b"x\0y")]),
    "a symlink with a size": manifest([[SYMLINK, b"evil", 1, 0, b"x"]], size=1),
    "a file with a target": manifest([[FILE, b"evil", len(EVIL), 0, b"/etc/passwd"]]),
    "a folder with a target": manifest([[FOLDER, b"evil", 0, 0, b"/etc"], file(b"evil/x")]),
    "a device": manifest([[4, b"evil", 0, 0, b""]]),
    # Sizes and counts
    "a size below nothing": manifest([file(b"evil", -1)]),
    "sizes that overflow": manifest([file(b"a", 2**64 - 1), file(b"b", 1)], size=0, hashes=b""),
    "a size that is not the sum": manifest([file(b"evil")], size=1),
    "a size over 4 TiB": manifest([file(b"evil", 2**42 + 1)], size=2**42 + 1),
    "a hash too many": manifest([file(b"evil")], hashes=bytes(64)),
    "no hash": manifest([file(b"evil")], hashes=b""),
    "half a hash": manifest([file(b"evil")], hashes=bytes(16)),
    "a chunk size of 0": manifest([file(b"evil")], chunk_size=0),
    "an odd chunk size": manifest([file(b"evil")], chunk_size=CHUNK + 1),
    "a chunk of 4 GiB": manifest([file(b"evil")], chunk_size=2**32),
    "more entries than bytes": b"\x95\x01\x00\xcd\x40\x00\xdd\xff\xff\xff\xff\xc4\x00",
    "no manifest": b"evil",
}  # fmt: skip


def walk(top):
    """All that is in a folder, but for what a daemon keeps writing."""
    found = {}
    for path in sorted(top.rglob("*")):
        status = path.lstat()
        if stat.S_ISREG(status.st_mode):
            changes = path.name == "log" or path.name.startswith("state.db")
            found[path] = None if changes else path.read_bytes()
        else:
            found[path] = os.readlink(path) if path.is_symlink() else status.st_mode
    return found


@pytest.fixture(scope="module")
def fetcher(shared_net):
    """A peer that may publish from, and fetch into, the folder with its own state."""
    peer = shared_net.peer("fetcher")
    peer.config["peer"]["share"] = [str(peer.home)]
    peer.start()
    secret = peer.state / "network.key"
    outside = shared_net.scratch / "outside"
    outside.mkdir()
    (outside / "file").write_text("outside")
    for name, target in {
        "exit": outside, "dangling": outside / "evil", "etc": "/etc", "key": secret, "loop": "loop",
    }.items():  # fmt: skip
        (peer.share / name).symlink_to(target)
    (peer.share / "hard").hardlink_to(secret)
    os.mkfifo(peer.share / "fifo")
    for name in ("hides a key", "hides a fifo", "leads to /", "leads up", "hides a socket"):
        (peer.share / name).mkdir()
    (peer.share / "hides a key" / "key").hardlink_to(secret)
    os.mkfifo(peer.share / "hides a fifo" / "fifo")
    (peer.share / "leads to /" / "link").symlink_to("/etc/passwd")
    (peer.share / "leads up" / "link").symlink_to("../../state/network.key")
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(str(peer.share / "hides a socket" / "socket"))
    if os.getuid() == 0:
        os.mknod(peer.share / "device", stat.S_IFCHR | 0o666, os.makedev(1, 5))  # /dev/zero
    return peer


@pytest.fixture(scope="module")
def seeder(shared_net, fetcher):
    made = Seeder(shared_net)
    yield made
    made.close()


@pytest.fixture
def untouched(shared_net, fetcher):
    """After the test everything is as it was before."""
    before = walk(shared_net.scratch)
    yield
    assert fetcher.running and not os.path.lexists("/tmp/p2pd-evil")
    assert walk(shared_net.scratch) == before


HONEST = manifest([folder(b"a"), file(b"a/b"), link(b"c", b"a/b")])


@pytest.fixture(scope="module")
def honest(seeder):
    return seeder.offer(b"honest", HONEST)


def test_a_member_can_be_honest(honest, fetcher):
    """What is refused below is refused for what it says, not because this seeder seeds badly."""
    fetcher.fetch(honest)
    assert (fetcher.downloads / "honest" / "c").read_bytes() == EVIL


@pytest.mark.parametrize("case", MANIFESTS)
def test_a_hostile_manifest(seeder, fetcher, untouched, case):
    content = seeder.offer(case.encode(), MANIFESTS[case])
    message = fetcher.refusal("fetch", content, code=1)
    assert case in message and "malformed" in message


def test_a_manifest_of_another_content(seeder, fetcher, untouched):
    content = seeder.offer(b"another", HONEST, content=bytes(range(32)))
    fetcher.ctl("fetch", content, "--detach")
    eventually(lambda: f"is not {content}" in fetcher.log_text(), "its manifest is refused")
    fetcher.ctl("cancel", fetcher.transfer_id(content))


# Names


@pytest.mark.parametrize("name", [b"line\nbreak", b"bell\a \x1b[31mred", b"-o", b"\xff"])
def test_an_odd_name_is_a_name(seeder, fetcher, name):
    """It is legal, so a file of this very name is made, in the folder and nowhere else."""
    entries = [file(b"a"), folder(name)]
    content = seeder.offer(name, manifest(sorted(entries, key=lambda entry: entry[1])))
    before = walk(fetcher.downloads)
    said = fetcher.fetch(content)
    made = fetcher.downloads / os.fsdecode(name)
    assert {path for path in walk(fetcher.downloads) if path not in before} == {
        made, made / "a", made / os.fsdecode(name),
    }  # fmt: skip
    for text in (said.stdout, said.stderr, fetcher.log_text()):
        assert "\x1b" not in text and "\a" not in text


PART = b".p2pd-0123456789abcdef.part"  # what only p2pd itself names so


@pytest.mark.parametrize("name", [b"state", b"p2pd.toml", b"ctl.sock", PART])
def test_a_hostile_name_in_an_innocent_place(seeder, fetcher, untouched, name):
    content = seeder.offer(name, manifest([file(name)]))
    fetcher.refusal("fetch", content, "--force", "-o", fetcher.home, code=1)


NAMES = [
    b"", b".", b"..", b"/", b"/tmp/p2pd-evil", b"../evil", b"a/b", b"a/", b"a\0b", b"..\0",
    b"n" * 256,
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_tracker_lists_no_hostile_name(shared_net, untouched, name):
    before = shared_net.tracker.files()
    member = Member(dial(shared_net.tracker), shared_net.secret).hello()
    member.ask(REGISTER)
    member.send((PUBLISH, 7, bytes(32), name, len(EVIL), CHUNK, True, True, b""))
    assert member.closed_within(PATIENCE)
    member.close()
    assert shared_net.tracker.files() == before


@pytest.mark.parametrize("name", NAMES)
def test_a_peer_takes_no_hostile_name(net, name):
    """From a tracker that lists one."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(PATIENCE)
        at = f"127.0.0.1:{listener.getsockname()[1]}"
        peer = net.node("peer", peer={"trackers": [at]}).launch()
        connection, _ = listener.accept()
    connection.settimeout(PATIENCE)
    tracker = Member(connection, net.secret, initiator=False).hello(TRACKER, "tracker")
    type, request = tracker.read()
    assert type == REGISTER
    tracker.send((REGISTERED, request, "127.0.0.1:1", 30))
    peer.ready()
    before = walk(net.scratch)
    job = peer.spawn("fetch", "word")
    type, request, word = tracker.read_until(lambda message: message[0] == RESOLVE)
    row = [bytes(32), name, len(EVIL), CHUNK, 1, 0, 0, []]
    tracker.send((RESOLVED, request, [row], []))
    assert tracker.closed_within(PATIENCE)
    assert "no tracker is connected" in job.finish(code=1).message
    tracker.close()
    assert walk(net.scratch) == before


# Where to


# With --force, after what the destination begins with.
DESTINATIONS = [
    "/tmp/p2pd-evil", "/etc/p2pd-evil", "/dev/null", "/proc/self/cwd/evil",
    "/proc/self/root/tmp/p2pd-evil", "{home}/..", "{home}/../evil", "{home}/../outside/evil",
    "{home}/../outside/file", "{home}/share/../../evil", "{home}/share/exit", "{home}/share/exit/",
    "{home}/share/exit/evil", "{home}/share/exit/file", "{home}/share/etc/evil",
    "{home}/share/loop/evil", "{home}/share/hard", "{home}/share/" + os.fsdecode(PART), "{home}/state",
    "{home}/state/", "{home}/state/evil", "{home}/state/new/evil", "{home}/share/../state/evil",
    "{home}/state/network.key", "{home}/state/identity.key", "{home}/state/state.db",
    "{home}/state/lock",
    "{home}/p2pd.toml", "{home}/p2pd.toml/evil", "{home}/ctl.sock", "{home}/ctl.sock/evil",
    "{home}/share/fifo/evil", "{home}",
]  # fmt: skip


@pytest.fixture(scope="module")
def single(shared_net):
    """The id of a single file, which could replace another one."""
    (peer,) = shared_net.peers("publisher")
    return peer.publish(peer.make("p2pd.toml", 1000))


@pytest.mark.parametrize("where", DESTINATIONS)
def test_a_hostile_destination(fetcher, single, untouched, where):
    fetcher.refusal("fetch", single, "--force", "-o", where.format(home=fetcher.home), code=1)


@pytest.mark.parametrize("leaf", ["dangling", "key", "loop", "exit", "fifo", "hard"])
def test_what_is_there_already(fetcher, single, untouched, leaf):
    """Whatever it is, and wherever it leads, without --force."""
    fetcher.refusal("fetch", single, "-o", fetcher.share / leaf, code=1)


# What from


SOURCES = [
    "/etc/passwd", "/proc/self/environ", "/proc/self/root/etc/passwd", "/dev/zero", "/",
    "{home}", "{home}/..", "{home}/../outside/file", "{home}/share/exit", "{home}/share/exit/file",
    "{home}/share/etc/passwd", "{home}/share/key", "{home}/share/hard", "{home}/share/loop",
    "{home}/share/fifo", "{home}/share/device", "{home}/state", "{home}/state/",
    "{home}/state/network.key", "{home}/state/identity.key", "{home}/state/state.db",
    "{home}/share/../state/network.key", "{home}/p2pd.toml", "{home}/ctl.sock",
    "{home}/share/hides a key", "{home}/share/hides a fifo", "{home}/share/hides a socket",
    "{home}/share/leads to /", "{home}/share/leads up", "{home}/share",
]  # fmt: skip


@pytest.mark.parametrize("path", SOURCES)
def test_a_hostile_source(fetcher, untouched, path):
    before = fetcher.files()
    fetcher.refusal("publish", path.format(home=fetcher.home), code=1)
    assert fetcher.files() == before


def test_how_many():
    cases = len(MANIFESTS) + 1 + 2 * len(NAMES) + len(DESTINATIONS) + 10 + len(SOURCES)
    print(f"{cases} hostile cases, {len(MANIFESTS) + 1} of them manifests")
    assert cases >= 40
