"""One p2pd process, and what a test asks of it."""

import json
import random
import signal
import subprocess

from processes import BUG, PATIENCE, Ctl, environment, eventually

# What starts a process that is killed when the one that started it ends, however that ends.
WITH_US = ("setpriv", "--pdeathsig", "KILL", "--")


def toml(config):
    """Sections of strings, numbers, booleans and lists: their JSON is TOML."""
    lines = []
    for section, keys in config.items():
        lines.append(f"[{section}]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
    return "\n".join(lines) + "\n"


def write_secret(path, digits):
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(digits + "\n")


def close_all(nodes):
    """The last one first, and all of them even if one fails."""
    failures = []
    for node in reversed(nodes):
        try:
            node.close()
        except AssertionError as failure:
            failures.append(str(failure))
    assert not failures, "\n".join(failures)


class Daemon:
    """One p2pd with a config and a log of its own. Where it lives says who derives from this:
    config_file, share, downloads, and how p2pd and p2pctl are started."""

    command, ctl_command = (), ()
    variables = {}  # what p2pd's environment has besides ours

    def __init__(self, build, name, log, config):
        self.build, self.name, self.log, self.config = build, name, log, config
        self.process = None
        self._awaited_end = True  # False while it runs and nobody has asked it to end
        self._jobs = []

    # The daemon

    def configure(self, **sections):
        """Changes keys of the config, for the next start or reload; None takes one out."""
        for section, keys in sections.items():
            now = self.config.get(section, {}) | keys
            self.config[section] = {key: value for key, value in now.items() if value is not None}
        self.config_file.write_text(self.config_text)

    def launch(self):
        """Starts the process and does not wait until it answers."""
        self.configure()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*WITH_US, *self.command],
                env=environment() | self.variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._awaited_end = False
        return self

    def ready(self):
        """Waits until it answers and, if it is a peer that has trackers, until one is connected."""
        eventually(self.answers, f"{self.name} answers")
        if self.config.get("peer", {}).get("trackers"):
            eventually(self.connected, f"{self.name} is connected to its tracker")
        return self

    def start(self):
        return self.launch().ready()

    def answers(self):
        assert self.process.poll() is None, f"{self.name} ended early: {self.log_text()}"
        job = self.spawn("status")
        job.process.communicate(timeout=PATIENCE)
        return job.process.returncode == 0

    def connected(self):
        return any(tracker["state"] == "connected" for tracker in self.json("status")["trackers"])

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    def ends(self, code=0, within=PATIENCE):
        """Waits for the end that somebody has asked for, which has this exit code."""
        try:
            ended = self.process.wait(timeout=within)
        except subprocess.TimeoutExpired:
            self.kill9()
            raise AssertionError(f"{self.name} did not end within {within} s") from None
        self._awaited_end = True
        assert ended == code, f"{self.name} ended with {ended}, not {code}: {self.log_text()}"

    def stop(self, by=signal.SIGTERM, within=PATIENCE):
        self.process.send_signal(by)
        self.ends(within=within)

    def kill9(self):
        self.process.kill()
        self.process.wait()
        self._awaited_end = True

    def close(self):
        """The end of a test: stops what still runs, and finds no bug in the log."""
        for job in self._jobs:
            if job.running:
                job.process.kill()
                job.process.communicate()
        if self.running:
            self.stop()
        assert self._awaited_end, f"{self.name} ended by itself, with {self.process.returncode}"
        bugs = [line for line in self.log_text().splitlines() if BUG.search(line)]
        assert not bugs, f"{self.name} has a bug, see its log: {bugs[0]}"

    def log_text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    # p2pctl

    def spawn(self, *args, **popen):
        """Starts p2pctl and leaves it running; it is killed at the end of the test."""
        job = Ctl([*self.ctl_command, *args], environment(), **popen)
        self._jobs.append(job)
        return job

    def ctl(self, *args, code=0, within=2 * PATIENCE, **popen):
        return self.spawn(*args, **popen).finish(code, within)

    def json(self, *args, **popen):
        """The one object that a command prints with --json."""
        answer = json.loads(self.ctl("--json", *args, **popen).stdout)
        assert answer["schema"] == 1
        return answer

    def refusal(self, *args, code, **popen):
        """The message of a command that ends with this code, in one line and with no output."""
        refused = self.ctl(*args, code=code, **popen)
        assert refused.stdout == "", f"an error prints nothing on stdout: {refused}"
        return refused.message

    # What a test asks for most

    @property
    def id(self):
        return self.json("status")["id"]

    @property
    def address(self):
        return self.json("status")["listen"][0]

    @property
    def port(self):
        return int(self.address.rpartition(":")[2])

    def files(self):
        return self.json("files")["files"]

    def file(self, name):
        """The catalog's row of this name, which only one content has; None where there is none."""
        rows = [row for row in self.files() if row["name"] == name]
        assert len(rows) <= 1, f"{name} is in the catalog {len(rows)} times"
        return rows[0] if rows else None

    def transfer(self, content):
        """The last transfer of this content id; None where there is none."""
        rows = [t for t in self.json("transfers")["transfers"] if t["content"] == content]
        return rows[-1] if rows else None

    def transfer_id(self, content):
        """As pause, wait and the others take it."""
        return str(self.transfer(content)["id"])

    def done_bytes(self, content):
        transfer = self.transfer(content)
        return transfer["done_bytes"] if transfer else 0

    def make(self, name, size, seed=1):
        """A file of pseudo-random bytes in the share folder; equal seeds give equal bytes."""
        path = self.share / name
        chance, block = random.Random(seed), 64 * 1024 * 1024
        with path.open("wb") as file:
            for left in range(size, 0, -block):
                file.write(chance.randbytes(min(left, block)))
        return path

    def publish(self, path, *options):
        """Publishes and returns the content id."""
        (row,) = self.json("publish", path, *options)["files"]
        return row["id"]

    def fetch(self, *args, code=0):
        return self.ctl("fetch", *args, code=code)


class Node(Daemon):
    """One on this machine's loopback, with a folder of its own."""

    def __init__(self, build, home, name, secret, role="peer", **config):
        self.home = home
        self.state = home / "state"
        self.share = home / "share"
        self.downloads = home / "downloads"
        self.socket = home / "ctl.sock"
        self.config_file = home / "p2pd.toml"
        self.prefix = []  # a command that is to start p2pd, with its own arguments
        made = {
            "node": {"role": role, "name": name, "state_dir": str(self.state)},
            "network": {"listen": ["127.0.0.1:0"], "beacon": False},
            "control": {"socket": str(self.socket)},
        }
        if role == "peer":
            folders = {"share": [str(self.share)], "download_dir": str(self.downloads)}
            made["peer"] = folders | {"writable": [str(home)]}
        for section, keys in config.items():
            made[section] = made.get(section, {}) | keys
        super().__init__(build, name, home / "log", made)
        self.share.mkdir(parents=True)
        if secret:
            write_secret(self.state / "network.key", secret)

    @property
    def config_text(self):
        return toml(self.config)

    @property
    def command(self):
        return [*self.prefix, self.build.p2pd, "-c", self.config_file]

    @property
    def ctl_command(self):
        return [self.build.p2pctl, "--socket", self.socket]
