"""What the system does not give: threads, processes, memory. Each ends or waits with a line that names
the limit. And p2pd as the first process of a container."""

import os
import re
import resource
import signal
import subprocess
from pathlib import Path

import pytest
from content import MIB, same_bytes, seed
from processes import eventually

USER = 54_321  # who has no other process
BECOME = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]

root_only = pytest.mark.skipif(os.getuid() != 0, reason="takes root")
# At the end of a process the leak check starts a task of its own, which these limits forbid.
few_tasks = pytest.mark.release_only


def children(pid):
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def state(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def zombies(pid):
    return [child for child in children(pid) if state(child) == "Z"]


def as_user(node, *limits):
    """Runs it as a user who is held to limits on processes, as root is not."""
    node.configure()
    node.home.parent.chmod(0o755)
    subprocess.run(["chown", "-R", f"{USER}:{USER}", node.home], check=True)
    node.prefix = [*BECOME, *(["prlimit", *limits] if limits else [])]


def limited(node, processes):
    """While it runs."""
    command = ["prlimit", f"--pid={node.process.pid}", f"--nproc={processes}:"]
    subprocess.run([*BECOME, *command], check=True)


def refuses_to_start(node):
    """The one line with which it ends."""
    node.launch()
    node.ends(code=1)
    (line,) = (line for line in node.log_text().splitlines() if line.startswith("p2pd: "))
    return line


# Threads and processes


@root_only
@few_tasks
def test_no_thread(idle_net):
    node = idle_net.node("node")
    as_user(node, "--nproc=1")
    line = refuses_to_start(node)
    assert line.startswith("p2pd: no thread can be started: ")
    assert "RLIMIT_NPROC, 1" in line and "LimitNPROC=" in line


@root_only
@few_tasks
def test_fewer_threads(idle_net):
    node = idle_net.node("node")
    as_user(node, "--nproc=2")
    node.start()
    assert re.search(r"W app: 1 of \d+ threads .*RLIMIT_NPROC, 2", node.log_text())
    seed("film", MIB, node)


@pytest.fixture
def control_group():
    """One that allows a single task."""
    old = Path("/sys/fs/cgroup/pids")
    group = (old if old.is_dir() else old.parent) / f"p2pd-test-{os.getpid()}"
    if not (group.parent / "cgroup.procs").exists():
        pytest.skip("no control groups")
    try:
        group.mkdir()
        (group / "pids.max").write_text("1")
    except OSError as error:
        pytest.skip(f"no control group: {error}")
    yield group
    eventually(lambda: not (group / "cgroup.procs").read_text(), "it is empty")
    group.rmdir()


@root_only
@few_tasks
def test_a_control_group(idle_net, control_group):
    node = idle_net.node("node")
    node.prefix = ["sh", "-c", f'echo $$ >{control_group}/cgroup.procs && exec "$@"', "sh"]
    line = refuses_to_start(node)
    assert "pids.max, 1" in line and "TasksMax=" in line


@root_only
def test_hooks_wait_for_a_process(net):
    (source,) = net.peers("source")
    content = seed("film", MIB, source)
    fetcher = net.peer("fetcher", peer={"on_complete": ["/bin/true"]})
    as_user(fetcher)
    fetcher.start()
    limited(fetcher, "1")
    fetcher.fetch("film")
    eventually(lambda: "RLIMIT_NPROC, 1" in fetcher.log_text(), "the log names the limit")
    assert fetcher.transfer(content)["hook"] == "waiting"
    limited(fetcher, "1000")
    eventually(lambda: fetcher.transfer(content)["hook"] == "exit 0", "it is tried again")


@root_only
def test_the_first_process_of_a_container(net):
    """It collects what its hooks leave behind, and stops when it is told to."""
    (source,) = net.peers("source")
    fetcher = net.peer("fetcher")
    hook = fetcher.home / "hook"
    hook.write_text('#!/bin/sh\nfor i in 1 2 3; do (sleep 0.1; : >"$1/$i") & done\n')
    hook.chmod(0o755)
    fetcher.configure(peer={"on_complete": [str(hook), str(fetcher.home)]})
    fetcher.prefix = ["unshare", "--pid", "--fork", "--mount-proc"]
    fetcher.start()
    (first,) = children(fetcher.process.pid)
    assert f"NSpid:\t{first}\t1\n" in Path(f"/proc/{first}/status").read_text()
    content = seed("film", MIB, source)
    fetcher.fetch("film")
    eventually(lambda: fetcher.transfer(content)["hook"] == "exit 0", "its hook")
    eventually(lambda: (fetcher.home / "3").exists(), "what the hook left behind has ended")
    eventually(lambda: not children(first), f"nobody stays: {zombies(first)}")
    os.kill(first, signal.SIGTERM)
    fetcher.ends()


# Memory


@pytest.mark.release_only
@pytest.mark.parametrize("limit, name", [("as", "RLIMIT_AS"), ("data", "RLIMIT_DATA")])
def test_memory_at_the_start(idle_net, limit, name):
    """However little there is, it runs, or ends with a line that names the limit."""
    node = idle_net.node("node")

    def prefix(mebibytes):
        return ["prlimit", f"--{limit}={mebibytes * MIB}"]

    def loads(mebibytes):  # below that not even the libraries can be
        run = subprocess.run([*prefix(mebibytes), node.build.p2pd, "--version"], capture_output=True)
        return run.returncode == 0

    least = next(filter(loads, range(1, 500)))
    for mebibytes in range(least, 500):
        node.prefix = prefix(mebibytes)
        node.log.unlink(missing_ok=True)
        node.launch()
        eventually(lambda: not node.running or "listening on" in node.log_text(), "it starts")
        if node.running:
            break
        code, lines = node.process.returncode, node.log_text().splitlines()
        node.kill9()
        assert code == 1, f"{mebibytes} MiB: {code} {lines}"
        assert name in lines[-1] and lines[-1].startswith("p2pd: "), lines
    print(f"{limit}: ends with a line from {least} MiB on, and runs from {mebibytes} MiB on")
    node.ready()


@pytest.mark.release_only
def test_memory_in_mid_transfer(net):
    """Payload waits for memory; it says so, and goes on by itself."""
    source, fetcher = net.peers("source", "fetcher")
    seed("film", 64 * MIB, source)
    pid = fetcher.process.pid
    fetcher.ctl("limit", "--down", "1MB/s")
    fetch = fetcher.spawn("fetch", "film")
    used = int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()
    resource.prlimit(pid, resource.RLIMIT_AS, (used + MIB, resource.RLIM_INFINITY))
    fetcher.ctl("limit", "--down", "0")
    eventually(lambda: "RLIMIT_AS" in fetcher.log_text(), "the log names the limit")
    assert fetcher.running
    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    resource.prlimit(pid, resource.RLIMIT_AS, unlimited)
    fetch.finish()
    assert same_bytes(source.share / "film", fetcher.downloads / "film")
