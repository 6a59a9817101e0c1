"""Who takes part in a contest: p2pd, or a rival."""

import importlib.util
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from own_network import Ports
from processes import eventually

PATIENCE = 600  # seconds for one action


def free_port():
    """A port that nobody holds. The rivals cannot take one over that is reserved, so it is free only
    where nobody else is: compare.py runs in a network of its own where it may."""
    ports = Ports()
    port = ports.reserve()
    ports.close()
    return port


@dataclass(frozen=True)
class Task:
    """What all contestants of a contest are given."""

    build: Path  # the build folder of p2pd
    folder: Path  # for what a contestant makes
    content: Path  # a file or a folder, alone in its folder
    seeders: int = 1
    leechers: int = 1


class Contestant:
    """It is set up once; for each round it prepares, acts, which alone is timed, and clears."""

    name = ""
    packages = {}  # Debian packages, each with the program or module that it is known by
    slow = False  # one round is enough, and none for --quick

    def __init__(self, task):
        self.task = task
        self.home = task.folder / self.name.replace(" ", "-")
        self.home.mkdir()
        self.servers, self.clients = [], []  # process ids; the clients' may come while it acts
        self._running = []

    @classmethod
    def missing(cls):
        """The Debian packages that it lacks here."""
        return [
            package
            for package, known in cls.packages.items()
            if not shutil.which(known) and not importlib.util.find_spec(known)
        ]

    def set_up(self):
        """Servers that have, and have checked, what is to be fetched."""

    def prepare(self):
        """Leechers that have nothing, where they are daemons."""

    def act(self):
        """From the order to the whole and, where the contestant does so, verified result. Returns
        when that was (time.monotonic()), or nothing if it is now."""
        raise NotImplementedError

    def copies(self):
        """What the clients have fetched."""
        return []

    def clear(self):
        """Leaves everything as it was before prepare()."""

    def lag(self):
        return None

    def close(self):
        for process in self._running:
            process.kill()
            process.wait()

    def launch(self, *command, **popen):
        """Starts what is to run until close() or end()."""
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
        process = subprocess.Popen([str(word) for word in command], **quiet | popen)
        self._running.append(process)
        return process

    def end(self, process):
        process.kill()
        process.wait()
        self._running.remove(process)

    def run_clients(self, commands):
        """All at once; each ends by itself and with success."""
        started = [
            subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
            for command in commands
        ]
        self.clients = [process.pid for process in started]
        try:
            for process in started:
                _, errors = process.communicate(timeout=PATIENCE)
                assert process.returncode == 0, f"{self.name}: {errors.decode()[-300:]}"
        finally:
            self.clients = []
            for process in started:
                process.kill()
                process.wait()


class ServerContestant(Contestant):
    """One server at `port`, and for each leecher a client that makes a copy and ends."""

    def __init__(self, task):
        super().__init__(task)
        self.port = free_port()

    def serve(self, *command):
        self.servers = [self.launch(*command).pid]
        eventually(self.answers, f"{self.name} answers")

    def answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def copies(self):
        return [self.home / f"copy-{number}" for number in range(self.task.leechers)]
