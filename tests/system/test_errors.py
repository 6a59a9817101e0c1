"""What is refused: one line that names the thing, the cause and the remedy, the right exit code,
and nothing changed."""

import os
import subprocess

import pytest
from content import seed
from node import toml
from processes import BUG, PATIENCE, environment, eventually


@pytest.fixture(scope="module")
def peer(shared_net):
    return shared_net.peers("peer")[0]


def refused_start(node, code):
    """The daemon ends by itself, says why on stderr, and has no bug. Returns what it says."""
    node.launch().ends(code)
    said = node.log_text()
    assert said and not BUG.search(said)
    return said


# publish and fetch


@pytest.fixture(scope="module")
def publisher(peer):
    """A peer with what the table below names in its share folder."""
    peer.make("good", 1000)
    peer.make("better", 2000)
    (peer.share / "link").symlink_to("/etc/hostname")
    os.mkfifo(peer.share / "pipe")
    return peer


# Paths are relative to the share folder. Each case: arguments, exit code, what the error names.
UNPUBLISHABLE = {
    "missing": (["missing"], 1, "missing"),
    "outside": (["/etc/hostname"], 1, "/etc/hostname"),
    "link to outside": (["link"], 1, "link"),
    "steps to outside": (["../p2pd.toml"], 1, "p2pd.toml"),
    "secret": (["../state/network.key"], 1, "network.key"),
    "no file": (["pipe"], 1, "pipe"),
    "empty path": ([""], 2, "PATH"),
    "empty name": (["good", "--name", ""], 2, "name"),
    "name with a slash": (["good", "--name", "a/b"], 2, "a/b"),
    "odd chunk size": (["good", "--chunk-size", "100000"], 2, "chunk"),
    "small chunk size": (["good", "--chunk-size", "8KiB"], 2, "chunk"),
    "large chunk size": (["good", "--chunk-size", "8MiB"], 2, "chunk"),
    "no chunk size": (["good", "--chunk-size", "many"], 2, "many"),
    "one name for two": (["good", "better", "--name", "x"], 2, "name"),
}


@pytest.mark.parametrize("case", UNPUBLISHABLE)
def test_publish_is_refused(publisher, case):
    args, code, named = UNPUBLISHABLE[case]
    before = publisher.files()
    assert named in publisher.refusal("publish", *args, code=code, cwd=publisher.share)
    assert publisher.files() == before


def test_publish_of_one_good_and_one_missing(net):
    (peer,) = net.peers("peer")
    peer.make("good", 1000)
    said = peer.ctl("publish", "good", "missing", code=1, cwd=peer.share)
    assert "missing" in said.stderr and "good" in said.stdout
    assert peer.file("good") and not peer.file("missing")


def test_publish_without_the_right_to_read(net):
    node = net.peer("blind")
    if os.getuid() == 0:  # root reads everything, unless it gives that up
        node.prefix = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    node.start()
    closed = node.make("closed", 1000)
    closed.chmod(0)
    assert str(closed) in node.refusal("publish", closed, code=1)
    assert node.files() == []


@pytest.mark.parametrize("what", ["nothing-of-this-name", "name@nobody", "0" * 64])
@pytest.mark.parametrize("command", ["fetch", "unpublish"])
def test_no_such_content(peer, command, what):
    assert what in peer.refusal(command, what, code=4)
    assert peer.json("transfers")["transfers"] == []


def test_fetch_of_one_known_and_one_unknown(shared_net, peer):
    (other,) = shared_net.peers("other")
    seed("known", 1000, other)
    said = peer.ctl("fetch", "known", "unknown", code=4)
    assert "unknown" in said.stderr and "known" in said.stdout
    other.stop()


# p2pctl


USAGES = [
    ("dance",), ("fetch",), ("publish",), ("unpublish",), ("fetch", "x", "--sideways"),
    ("status", "more"), ("secret", "old"), ("help", "dance"), ("--timeout", "soon", "status"),
    ("pause",), ("wait",), ("verify",), ("limit", "--up", "fast"), ("limit", "50 MB/s"),
]  # fmt: skip


@pytest.mark.parametrize("args", USAGES, ids=" ".join)
def test_wrong_usage(peer, args):
    peer.refusal(*args, code=2)


def test_without_a_command(peer):
    said = peer.ctl(code=2)
    assert said.stdout == "" and "publish" in said.stderr


def test_nobody_at_the_socket(net):
    away = net.peer("away")
    message = away.refusal("status", code=3)
    assert str(away.socket) in message and "p2pd" in message


def test_a_command_of_the_other_role(shared_net):
    for command in (["publish", "/etc/hostname"], ["fetch", "x"], ["transfers"]):
        assert "tracker" in shared_net.tracker.refusal(*command, code=1)


# Starting


FAULTS = {
    "unknown key": ({"node": {"nmae": "x"}}, "nmae"),
    "unknown section": ({"nodes": {"name": "x"}}, "nodes"),
    "wrong type": ({"node": {"name": 7}}, "name"),
    "no such role": ({"node": {"role": "boss"}}, "boss"),
    "no such level": ({"node": {"log_level": "chatty"}}, "chatty"),
    "no address": ({"network": {"listen": ["localhost"]}}, "localhost"),
    "port out of range": ({"network": {"listen": ["127.0.0.1:70000"]}}, "70000"),
    "no address to listen on": ({"network": {"listen": []}}, "contains no address"),
    "no rate": ({"limits": {"upload": "fast"}}, "fast"),
    "no time": ({"tracker": {"peer_timeout": "soon"}}, "soon"),
    "no tracker address": ({"peer": {"trackers": ["nowhere"]}}, "nowhere"),
    "no group": ({"control": {"group": "no-such-group-here"}}, "no-such-group-here"),
    "long socket path": ({"control": {"socket": f"/tmp/{'s' * 110}"}}, "107"),
    "out of range": ({"peer": {"upload_slots": 0}}, "upload_slots"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_config(idle_net, fault):
    config, named = FAULTS[fault]
    node = idle_net.node("faulty", **config)
    line = next(line for line in refused_start(node, code=2).splitlines() if named in line)
    file, row, column, _ = line.removeprefix("p2pd: ").split(":", 3)
    assert file == str(node.home / "p2pd.toml")
    written = (node.home / "p2pd.toml").read_text().splitlines()[int(row) - 1]
    ((section, keys),) = config.items()
    assert section in written or any(key in written for key in keys)
    assert 1 <= int(column) <= len(written)


def test_all_faults_at_once(idle_net):
    node = idle_net.node("faulty", node={"nmae": "x"}, limits={"upload": "fast"})
    said = refused_start(node, code=2)
    assert "nmae" in said and "fast" in said


def test_no_toml(idle_net):
    node = idle_net.node("faulty")
    path = node.home / "broken.toml"
    path.write_text('[node]\nname = "x"\nsite = [\n')
    said = check(node, path, code=2)
    assert f"{path}:" in said
    assert len(said.splitlines()) == 1


def check(node, path, code):
    """What `p2pd --check` says of a config file."""
    done = subprocess.run(
        [node.build.p2pd, "-c", path, "--check"],
        env=environment(), capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return done.stderr


def test_check(idle_net):
    node = idle_net.node("sound")
    path = node.home / "p2pd.toml"
    path.write_text(toml(node.config))
    check(node, path, code=0)
    assert not node.socket.exists()
    assert "nowhere.toml" in check(node, node.home / "nowhere.toml", code=2)


def test_a_secret_that_others_can_read(idle_net):
    node = idle_net.node("open")
    key = node.state / "network.key"
    key.chmod(0o644)
    said = refused_start(node, code=2)
    assert str(key) in said and "chmod" in said


def test_a_secret_that_is_none(idle_net):
    node = idle_net.node("garbled", secret="not sixty-four hex digits")
    said = refused_start(node, code=2)
    assert str(node.state / "network.key") in said
    assert "sixty-four" not in said  # what stands in a secret file is told to nobody


def test_two_daemons_on_one_state_dir(idle_net, peer):
    second = idle_net.node("second", node={"state_dir": str(peer.state)})
    assert str(peer.state) in refused_start(second, code=1)
    assert peer.ctl("status")


def test_two_daemons_at_one_socket(idle_net, peer):
    second = idle_net.node("second", control={"socket": str(peer.socket)})
    assert str(peer.socket) in refused_start(second, code=1)
    assert peer.ctl("status")


def test_a_port_in_use(net):
    listen = net.tracker.config["network"]["listen"]
    second = net.node("second", network={"listen": listen})
    assert listen[0] in refused_start(second, code=1)


def test_without_a_secret(idle_net):
    node = idle_net.node("lonely", network={"listen": [f"127.0.0.1:{idle_net.port()}"]})
    (node.state / "network.key").unlink()
    node.start()
    eventually(lambda: "join" in node.log_text(), "the log says how to join")


def test_another_secret_sees_nothing(net):
    (member,) = net.peers("member")
    seed("private", 1000, member)
    stranger = net.peer("stranger", secret="5" * 64)
    stranger.launch()
    eventually(stranger.answers, "the stranger answers")
    eventually(lambda: stranger.json("status")["trackers"][0]["error"], "it has tried")
    assert not stranger.connected()
    assert stranger.files() == []
    stranger.refusal("fetch", "private", code=1)
    names = {row["name"] for row in net.tracker.json("peers")["peers"]}
    assert names == {"member"}
