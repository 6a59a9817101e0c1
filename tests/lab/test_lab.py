"""The lab itself: each of its troubles is the one that it says it is."""

import signal
import socket
import subprocess
import sys
import threading
import time

import pytest
import wires
from processes import PATIENCE, eventually

FRAME, PAYLOAD = 1514, 1448  # bytes of a full frame, and of what TCP carries in it
WARM_UP = 512 * 1024  # bytes; what a bucket lets through at once is among them


def echo_server(host, port=7000):
    """Takes connections and says where they come from."""
    server = host.open(lambda: socket.create_server((host.v4, port)))
    server.settimeout(PATIENCE)
    return server


def connect(host, address, port=7000, timeout=PATIENCE):
    return host.open(lambda: socket.create_connection((address, port), timeout))


def ping(host, address, size=56):
    """Whether an answer comes; a fragment is not sent."""
    how = ["-c", "1", "-W", "1", "-M", "do", "-s", str(size)]
    return host.try_to("ping", *how, address).returncode == 0


def reaches(host, address, size=56):
    """One answer may take longer than a ping waits on a busy machine."""
    return eventually(lambda: ping(host, address, size), f"{address} answers")


def test_two_hosts_are_made_in_no_time_and_see_each_other(lab):
    began = time.monotonic()
    lan = lab.subnet("lan")
    anna, bert = lab.host("anna", lan), lab.host("bert", lan)
    print(f"two hosts in {time.monotonic() - began:.3f} s")
    assert reaches(anna, bert.v4) and reaches(anna, bert.v6)
    assert reaches(anna, f"{bert.link_local}%eth0")


def test_each_host_has_its_own_files(lab):
    lan = lab.subnet("lan")
    anna, bert = lab.host("anna", lan), lab.host("bert", lan)
    assert (anna.run("hostname"), bert.run("hostname")) == ("anna\n", "bert\n")
    ids = {host.run("cat", "/etc/machine-id") for host in (anna, bert)}
    assert len(ids) == 2 and open("/etc/machine-id").read() not in ids
    anna.write("/etc/hosts", "192.0.2.1 there\n")
    assert anna.run("getent", "hosts", "there").split()[0] == "192.0.2.1"
    assert bert.try_to("getent", "hosts", "there").returncode != 0
    for folder in ("/srv/share", "/run", "/var/lib"):
        anna.write(f"{folder}/lab-own", "")
        assert not bert.path(f"{folder}/lab-own").exists()
    anna.disk("/var/lib/p2pd", size="16M", ext4=True)
    kinds = anna.run("stat", "-f", "-c", "%T", "/srv", "/var/lib/p2pd").split()
    assert kinds == ["tmpfs", "ext2/ext3"]


def test_what_a_killed_run_has_left_is_removed(lab):
    gone = subprocess.Popen(["true"])
    gone.wait()
    left = f"{wires.PREFIX}-{gone.pid}-0-left"
    wires.run("ip", "netns", "add", left)
    inside = subprocess.Popen(["nsenter", f"--net=/run/netns/{left}", "sleep", "infinity"])
    eventually(lambda: str(inside.pid) in wires.run("ip", "netns", "pids", left), "it is there")
    wires.remove_leftovers.__wrapped__()
    assert inside.wait(10) == -signal.SIGKILL
    assert left not in wires.run("ip", "netns", "list")


def test_families(lab):
    six, wire = lab.subnet("six", v4=None), lab.subnet("wire", v4=None, v6=None)
    anna, bert = lab.host("anna", six, wire), lab.host("bert", six, wire)
    assert reaches(anna, bert.v6) and bert.legs[0].v4 is None
    assert anna.run("ip", "-4", "-o", "address", "show", "scope", "global") == ""
    old = lab.host("old", lab.subnet("lan"), ipv6=False)
    assert old.run("ip", "-6", "-o", "address") == "" and old.v4
    with pytest.raises(AssertionError, match="Address family not supported"):
        old.run(sys.executable, "-c", "import socket; socket.socket(socket.AF_INET6)")
    old.run(sys.executable, "-c", "import socket; socket.socket(socket.AF_INET)")


def test_nat_translates_and_lets_nothing_in(lab):
    lan, wan = lab.subnet("lan"), lab.subnet("wan")
    home = lab.router("home", inside=lan, outside=wan, nat=True)
    anna, out = lab.host("anna", lan), lab.host("out", wan)
    with echo_server(out) as server, connect(anna, out.v4):
        _, (seen, _) = server.accept()
        assert seen == str(home.legs[1].v4.ip)
    with echo_server(anna):
        with pytest.raises(OSError):
            connect(out, anna.v4, timeout=1)
        home.forward_port(7000, anna)
        connect(out, str(home.legs[1].v4.ip)).close()


def test_a_router_without_nat_joins_two_subnets(lab):
    one, two = lab.subnet("one"), lab.subnet("two")
    anna = lab.host("anna", one)
    lab.router("between", inside=one, outside=two)
    bert = lab.host("bert", two)
    with echo_server(anna) as server, connect(bert, anna.v4):
        assert server.accept()[1][0] == bert.v4
    assert reaches(anna, bert.v6)


def test_drops_drop_and_do_not_refuse(lab):
    lan = lab.subnet("lan")
    anna, bert = lab.host("anna", lan), lab.host("bert", lan)
    with pytest.raises(ConnectionRefusedError):
        connect(anna, bert.v4)
    bert.drop("tcp dport 7000")
    with pytest.raises(TimeoutError):
        connect(anna, bert.v4, timeout=0.5)
    bert.pass_all()
    with pytest.raises(ConnectionRefusedError):
        connect(anna, bert.v4)


def test_a_hole_swallows_what_is_large_alone(lab):
    lan = lab.subnet("lan")
    anna, bert = lab.host("anna", lan), lab.host("bert", lan)
    lan.mtu(1280)
    assert reaches(anna, bert.v4, size=1000) and not ping(anna, bert.v4, size=1400)
    with echo_server(bert) as server, connect(anna, bert.v4) as client:
        taken, _ = server.accept()
        taken.settimeout(0.5)
        client.sendall(b"small")
        assert taken.recv(10) == b"small"
        client.sendall(bytes(10_000))
        with pytest.raises(TimeoutError):
            taken.recv(1)


def test_small_segments_pass_through_a_hole(lab):
    lan = lab.subnet("lan")
    anna, bert = lab.host("anna", lan), lab.host("bert", lan)
    lan.mtu(1280)
    with echo_server(bert) as server, anna.open(socket.socket) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1200)
        client.connect((bert.v4, 7000))
        taken, _ = server.accept()
        taken.settimeout(PATIENCE)
        client.sendall(bytes(10_000))
        assert taken.recv(10_000, socket.MSG_WAITALL) == bytes(10_000)


def test_a_link_is_as_fast_as_it_says(lab):
    lan = lab.subnet("lan")
    near, far = lab.host("near", lan), lab.host("far", lan)
    far.shape(40)
    rate = tcp_rate(far, near, seconds=1.5) * FRAME / PAYLOAD
    print(f"a TCP stream fills {rate / 1e6:.2f} of 40 Mbit/s")
    assert 0.5 < rate / 40e6 < 1.1, "no faster, and slower only where the machine is busy"


def tcp_rate(sender, receiver, seconds):
    """Bits per second of a plain TCP stream between two hosts, once it flows."""
    with echo_server(receiver) as listener, connect(sender, receiver.v4) as client:
        threading.Thread(target=send_until_closed, args=(client,), daemon=True).start()
        server, _ = listener.accept()
        with server:
            began = now = time.monotonic()
            count = skipped = 0
            while now < began + seconds:
                count += len(server.recv(1024 * 1024))
                now = time.monotonic()
                if count < WARM_UP:
                    began, skipped = now, count
            return 8 * (count - skipped) / (now - began)


def send_until_closed(client):
    try:
        while True:
            client.sendall(bytes(256 * 1024))
    except OSError:
        pass  # the other side has seen enough


def test_addresses_come_and_go(lab):
    lan = lab.subnet("lan")
    anna, bert = lab.host("anna", lan), lab.host("bert", lan)
    bert.address_add("10.1.0.77/24")
    assert reaches(anna, "10.1.0.77")
    bert.address_del("10.1.0.77/24")
    assert not ping(anna, "10.1.0.77")
    bert.link("down")
    assert not ping(anna, bert.v4)


def test_dns(lab):
    anna = lab.host("anna", lab.subnet("lan"))
    found = iter(["192.0.2.1", "192.0.2.2"])
    both = ["192.0.2.9", "2001:db8::9"]
    names = {"turns": lambda: next(found), "both": both, "there.example": "192.0.2.7"}
    dns = lab.dns(anna, names, search=["example"])

    def lookup(name, family="ahostsv4"):
        return {line.split()[0] for line in anna.run("getent", family, name).splitlines()}

    assert lookup("both") == {"192.0.2.9"} and lookup("both", "ahostsv6") == {"2001:db8::9"}
    assert lookup("turns") | lookup("turns") == {"192.0.2.1", "192.0.2.2"}
    assert lookup("there") == {"192.0.2.7"}
    assert anna.try_to("getent", "hosts", "nobody").returncode != 0
    dns.late(0.5)
    began = time.monotonic()
    assert lookup("both") and time.monotonic() - began >= 0.5
    dns.never()
    job = anna.try_to("timeout", "0.5", "getent", "hosts", "both")
    assert job.returncode == 124, "it still waits"


def test_the_default_config_on_two_hosts(lab):
    lan = lab.subnet("lan")
    anna, bert = lab.host("anna", lan), lab.host("bert", lan)
    listen = {"listen": ["[::]:7450", "0.0.0.0:7450"]}
    tracker = anna.node("tracker", role="tracker", network=listen).start()
    peers = [host.node(peer={"trackers": [f"{anna.v4}:7450"]}).start() for host in (anna, bert)]
    one, two = peers
    assert {one.json("status")["name"], two.json("status")["name"]} == {"anna", "bert"}
    assert one.json("status")["state_dir"] == "/var/lib/p2pd"
    one.publish(one.make("film", 300_000))
    two.fetch("film")
    assert (two.downloads / "film").read_bytes() == (one.share / "film").read_bytes()
    eventually(lambda: len(tracker.json("peers")["peers"]) == 2, "both are there")


def test_what_a_killed_run_left_is_removed_by_several_at_once(lab):
    gone = subprocess.Popen(["true"])
    gone.wait()
    left = {f"{wires.PREFIX}-{gone.pid}-{number}-left" for number in range(20)}
    wires.ip(None, *(f"netns add {name}" for name in left))
    code = "import sys; sys.path[:0] = sys.argv[1:]; import wires; wires.remove_leftovers()"
    cleaners = [subprocess.Popen([sys.executable, "-c", code, *sys.path]) for _ in range(3)]
    assert [cleaner.wait(PATIENCE) for cleaner in cleaners] == [0, 0, 0]
    assert not left & set(wires.run("ip", "netns", "list").split())
