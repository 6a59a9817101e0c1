"""The Debian package, from its making to its purge, on a machine where systemd runs: so the units
as they are shipped, with all that they forbid, do the main job here."""

import ctypes
import json
import shutil
import subprocess

import pytest
from machine import Machine
from node import toml
from processes import TOP, eventually

pytestmark = [pytest.mark.long, pytest.mark.alone, pytest.mark.release_only]

SHARE = "/srv/share"


@pytest.fixture
def machine():
    made = Machine()
    try:
        yield made
    finally:
        made.close()


HELD = """
./etc/p2pd/p2pd.toml
./lib/systemd/system/p2pd.service
./lib/systemd/system/p2pd.socket
./lib/systemd/system/p2pd@.service
./usr/bin/p2pctl
./usr/lib/systemd/user/p2pd.service
./usr/lib/sysusers.d/p2pd.conf
./usr/lib/tmpfiles.d/p2pd.conf
./usr/sbin/p2pd
./usr/share/man/man1/p2pctl.1.gz
./usr/share/man/man5/p2pctl-json.5.gz
./usr/share/man/man5/p2pd.toml.5.gz
./usr/share/man/man7/p2p-protocol.7.gz
./usr/share/man/man8/p2pd.8.gz
./usr/share/p2pd/alerts.yml
./usr/share/p2pd/grafana.json
"""


def test_it_holds_what_belongs_to_p2pd(package):
    listed = subprocess.run(
        ["dpkg-deb", "--contents", package], capture_output=True, text=True, check=True
    )
    held = {line.split()[5] for line in listed.stdout.splitlines()}
    assert {*HELD.split()} <= held


def test_lintian_finds_no_error(package):
    checked = subprocess.run(
        ["lintian", "--allow-root", "--fail-on", "error", package], capture_output=True, text=True
    )
    print(checked.stdout)
    assert checked.returncode == 0, checked.stdout


def newer(package, folder):
    """The same with a higher version."""
    tree = folder / "tree"
    subprocess.run(["dpkg-deb", "--raw-extract", package, tree], check=True)
    control = tree / "DEBIAN" / "control"
    control.write_text(control.read_text().replace("-1\n", "-2\n", 1))
    made = folder / "newer.deb"
    subprocess.run(["dpkg-deb", "--build", tree, made], check=True, capture_output=True)
    return made


class Service:
    """p2pd.service, or the instance of that name."""

    def __init__(self, machine, instance=None):
        self.machine, self.instance = machine, instance
        self.unit = f"p2pd@{instance}" if instance else "p2pd"
        self.folder = f"/var/lib/p2pd-{instance}" if instance else "/var/lib/p2pd"

    def configure(self, **config):
        self.machine.write(f"/etc/p2pd/{self.instance or 'p2pd'}.toml", toml(config))

    def systemctl(self, verb):
        return self.machine.run("systemctl", verb, self.unit)

    def show(self, property):
        show = ["systemctl", "show", "--value", f"--property={property}", self.unit]
        return self.machine.run(*show).strip()

    def log(self):
        return self.machine.run("journalctl", f"--unit={self.unit}", "--output=cat")

    def ctl(self, *arguments):
        of = ["-i", self.instance] if self.instance else []
        return self.machine.run("p2pctl", *of, *arguments)

    def json(self, *arguments):
        return json.loads(self.ctl("--json", *arguments))


def services(machine):
    """A tracker and two peers that share a secret by systemd's credentials."""
    machine.path(SHARE).mkdir()
    tracker, one, two = Service(machine, "tracker"), Service(machine, "one"), Service(machine)
    listen = "127.0.0.1:7450"
    tracker.configure(node={"role": "tracker"}, network={"listen": [listen], "beacon": False})
    peer = {"trackers": [listen], "share": [SHARE]}
    one.configure(network={"listen": ["127.0.0.1:7451"], "beacon": False}, peer=peer)
    two.configure(network={"listen": ["127.0.0.1:7440"], "beacon": False}, peer=peer)
    secret = machine.run("p2pctl", "secret", "new")
    for name in ("p2pd", "p2pd-one", "p2pd-tracker"):
        machine.write(f"/etc/credstore/{name}.network.key", secret, 0o600)
    return tracker, one, two


def test_installed_used_upgraded_and_purged(package, machine, scratch):
    for made, name in ((package, "p2pd.deb"), (newer(package, scratch), "newer.deb")):
        shutil.copy(made, machine.root / "root" / name)
    machine.boot()
    machine.run("dpkg", "--install", "/root/p2pd.deb")
    installed_and_not_started(machine)
    tracker, one, two = nodes = services(machine)
    for node in nodes:
        node.systemctl("start")
        if kernel_has_landlock():
            assert "confined to its folders by Landlock" in node.log()
    does_the_main_job(machine, nodes)
    a_stuck_loop_is_restarted(machine, one)
    is_started_by_its_socket(machine, two)
    is_upgraded(machine, nodes)
    for node in nodes:
        node.systemctl("stop")
        assert node.show("Result") == "success"
    is_purged(machine, nodes)


def kernel_has_landlock():
    create_ruleset, version = 444, 1
    return ctypes.CDLL(None).syscall(create_ruleset, None, 0, version) > 0


def installed_and_not_started(machine):
    assert machine.try_to("systemctl", "is-enabled", "p2pd").stdout == "disabled\n"
    assert machine.try_to("systemctl", "is-active", "p2pd").stdout == "inactive\n"
    assert machine.run("id", "--group", "--name", "p2pd") == "p2pd\n"
    assert machine.run("stat", "--format=%a %U", "/var/lib/p2pd") == "700 p2pd\n"
    machine.run("p2pd", "--check")


def does_the_main_job(machine, nodes):
    tracker, one, two = nodes
    film = machine.path(f"{SHARE}/film")
    film.write_bytes(bytes(range(256)) * 40_000)
    eventually(lambda: one.json("status")["trackers"][0]["state"] == "connected", "it registers")
    assert one.json("publish", f"{SHARE}/film")["files"]
    two.ctl("fetch", "film")
    assert machine.path("/var/lib/p2pd/downloads/film").read_bytes() == film.read_bytes()
    eventually(lambda: "1 contents" in two.show("StatusText"), "the status tells", within=30)
    before = two.show("MainPID")
    two.systemctl("reload")
    assert "reloaded" in two.log()
    assert two.ctl("status") and two.show("MainPID") == before
    config = machine.path("/etc/p2pd/one.toml")
    good = config.read_text()
    config.write_text(good + "shares = []\n")
    assert machine.try_to("systemctl", "reload", one.unit).returncode != 0
    assert "shares" in one.log(), "what is wrong stands in the log"
    config.write_text(good)
    refused = machine.try_to("p2pctl", "fetch", "film", "-o", "/usr/film")
    assert refused.returncode == 1, "nothing is written but below its state"
    nobody = ["setpriv", "--reuid=65534", "--regid=65534"]
    stranger = machine.try_to(*nobody, "--clear-groups", "p2pctl", "status")
    assert "join the group p2pd" in stranger.stderr
    group = machine.run("getent", "group", "p2pd").split(":")[2]
    machine.run(*nobody, f"--groups={group}", "p2pctl", "status")


def a_stuck_loop_is_restarted(machine, node):
    drop_in = f"/etc/systemd/system/{node.unit}.service.d"
    short = "[Service]\nWatchdogSec=2\nTimeoutAbortSec=1\nRestartSec=0\n"
    machine.write(f"{drop_in}/short.conf", short)
    machine.run("systemctl", "daemon-reload")
    node.systemctl("restart")
    stuck = node.show("MainPID")
    machine.run("kill", "-STOP", stuck)
    eventually(lambda: int(node.show("NRestarts")) > 0, "systemd has noticed")
    eventually(lambda: node.show("ActiveState") == "active", "it is there again")
    assert node.show("MainPID") != stuck
    shutil.rmtree(machine.path(drop_in))


def is_started_by_its_socket(machine, node):
    node.systemctl("stop")
    machine.run("systemctl", "start", "p2pd.socket")
    assert node.show("ActiveState") == "inactive"
    assert machine.run("stat", "--format=%a %U:%G", "/run/p2pd/p2pd.sock") == "660 p2pd:p2pd\n"
    assert node.json("status")["role"] == "peer"
    assert node.show("ActiveState") == "active"


def is_upgraded(machine, nodes):
    config = machine.path("/etc/p2pd/p2pd.toml").read_text()
    before = [node.show("MainPID") for node in nodes]
    machine.run("dpkg", "--install", "/root/newer.deb")
    assert machine.path("/etc/p2pd/p2pd.toml").read_text() == config
    for node, pid in zip(nodes, before):
        assert node.show("ActiveState") == "active"
        assert node.show("MainPID") != pid, "the new one runs"
    assert "film" in nodes[2].ctl("transfers"), "what it knew it knows"


def is_purged(machine, nodes):
    machine.run("dpkg", "--purge", "p2pd")
    left = machine.run("find", "/etc", "/usr", "/lib/systemd", "/var/lib", "-path", "*p2pd*")
    mine = {"/etc/p2pd", "/etc/p2pd/one.toml", "/etc/p2pd/tracker.toml"}
    fetched = {"/var/lib/p2pd", "/var/lib/p2pd/downloads", "/var/lib/p2pd/downloads/film"}
    assert {path for path in left.split() if "credstore" not in path} == mine | fetched
