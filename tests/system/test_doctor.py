"""doctor: what is wrong with a node, as it says it, and that it is gone when it was mended. The
checks themselves are for tests/unit/checkup.cpp."""

import subprocess

import pytest
from processes import eventually


def findings(node, code):
    answer = node.ctl("--json", "doctor", code=code)
    assert answer.stderr == ""
    (found,) = answer.lines
    assert found["schema"] == 1
    for check in found["checks"]:
        assert check["finding"] and check["state"] in ("ok", "warn", "fail"), check
        assert bool(check["remedy"]) == (check["state"] != "ok"), check
    return {check["name"]: check for check in found["checks"] if check["state"] == "fail"}


@pytest.fixture(scope="module")
def peer(shared_net):
    return shared_net.peers("peer")[0]


def test_nothing_is_wrong(shared_net, peer):
    assert findings(peer, code=0) == {}
    assert findings(shared_net.tracker, code=0) == {}
    names = {row["name"] for row in peer.json("doctor")["checks"]}
    assert names >= set("socket config state secret space share download_dir tracker ports".split())
    assert names >= {"descriptors", "memory", "clock"}


def test_a_share_folder_that_is_gone(peer):
    moved = peer.share.rename(peer.home / "moved")
    wrong = findings(peer, code=1)
    assert set(wrong) == {"share"} and str(peer.share) in wrong["share"]["finding"]
    moved.rename(peer.share)
    assert findings(peer, code=0) == {}


def test_a_secret_that_others_can_read(peer):
    key = peer.state / "network.key"
    key.chmod(0o644)
    wrong = findings(peer, code=1)
    assert set(wrong) == {"secret"} and "chmod 600" in wrong["secret"]["remedy"]
    key.chmod(0o600)


def test_a_config_with_a_mistake(peer):
    path = peer.home / "p2pd.toml"
    good = path.read_text()
    path.write_text(good + "[nodes]\n")
    wrong = findings(peer, code=1)
    assert set(wrong) == {"config"} and f"{path}:" in wrong["config"]["finding"]
    path.write_text(good.replace("[node]", '[node]\nlog_level = "debug"'))
    (found,) = [row for row in peer.json("doctor")["checks"] if row["name"] == "config"]
    assert found["state"] == "warn" and "p2pctl reload" in found["remedy"]
    peer.ctl("reload")
    (found,) = [row for row in peer.json("doctor")["checks"] if row["name"] == "config"]
    assert found["state"] == "ok", found


def test_no_network_and_no_tracker(idle_net):
    alone = idle_net.node("alone", secret=None)
    (alone.state / "network.key").unlink()
    wrong = findings(alone.start(), code=1)
    assert set(wrong) == {"secret"} and "p2pctl join" in wrong["secret"]["remedy"]
    lost = idle_net.node("lost", peer={"trackers": [f"127.0.0.1:{idle_net.port()}"]}).launch()
    eventually(lost.answers, "it answers without its tracker")
    wrong = findings(lost, code=1)
    assert set(wrong) == {"tracker"} and "is not connected" in wrong["tracker"]["finding"]
    lost.ctl("disconnect")
    assert "knows no tracker" in findings(lost, code=1)["tracker"]["finding"]


def odd(node):
    """What is marked although nothing is wrong, by name."""
    assert findings(node, code=0) == {}
    checks = node.json("doctor")["checks"]
    return {check["name"]: check for check in checks if check["state"] == "warn"}


def test_one_tracker_of_two(shared_net, peer):
    away = f"127.0.0.1:{shared_net.port()}"
    peer.ctl("connect", away)
    assert f"{away} is not connected" in odd(peer)["tracker"]["finding"]
    peer.ctl("disconnect", away)
    assert "tracker" not in odd(peer)


def test_nothing_shared_and_reached_by_nobody(shared_net):
    node = shared_net.peer("hermit", peer={"share": []}).start()
    marked = odd(node)
    assert "nothing can be published" in marked["share"]["finding"]
    assert "no other machine reaches" in marked["ports"]["finding"]
    node.stop()
    node.config["network"]["advertise"] = ["192.0.2.7:7440"]
    assert "ports" not in odd(node.start())
    node.stop()


def test_a_tracker_without_peers(net):
    assert "p2pctl invite" in odd(net.tracker)["peers"]["remedy"]


def test_few_descriptors(idle_net):
    node = idle_net.node("tight", role="tracker")
    node.prefix = ["prlimit", "--nofile=256:256"]
    assert "LimitNOFILE" in odd(node.start())["descriptors"]["remedy"]


def test_a_download_folder_that_cannot_be_written(idle_net):
    node = idle_net.node("sealed")
    node.downloads.mkdir(parents=True)
    seal = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
    node.prefix = ["unshare", "-m", "sh", "-c", seal, node.downloads]
    if subprocess.run([*node.prefix, "true"], capture_output=True).returncode != 0:
        pytest.skip("nothing may be mounted here")
    wrong = findings(node.start(), code=1)["download_dir"]
    assert "Read-only" in wrong["finding"]
    assert "read-only" in wrong["remedy"]


def test_no_daemon(idle_net):
    wrong = findings(idle_net.tracker, code=1)
    assert "systemctl start" in wrong["socket"]["remedy"]
