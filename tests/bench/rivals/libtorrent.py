"""libtorrent, of Debian's python3-libtorrent: sessions that run already, as p2pd's daemons do, and
know all their peers from the start, so that no tracker takes time. Plaintext."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from contestant import Contestant
from torrents import Torrent

# -P: that file's folder has a module of libtorrent's name.
SESSION = [sys.executable, "-P", "-B", Path(__file__).with_name("libtorrent_session.py")]


class Libtorrent(Contestant):
    name = "libtorrent"
    settings = "tuned"
    packages = {"python3-libtorrent": "libtorrent"}

    def set_up(self):
        content = self.task.content
        self.torrent = Torrent(content, "http://127.0.0.1:1/announce", self.home / "torrent").path
        sessions = [self.session() for _ in range(self.task.seeders)]
        self.servers = [process.pid for process, _ in sessions]
        self.ports = [port for _, port in sessions]
        for process, _ in sessions:
            self.order(process, content.parent, [])
            self.done(process)

    def session(self):
        process = self.launch(*SESSION, self.settings, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return process, int(process.stdout.readline())

    def say(self, process, **order):
        process.stdin.write(json.dumps(order).encode() + b"\n")
        process.stdin.flush()

    def order(self, process, folder, peers):
        self.say(process, torrent=str(self.torrent), folder=str(folder), peers=peers)

    def done(self, process):
        assert process.stdout.readline() == b"done\n", "libtorrent has given up"

    def prepare(self):
        self.leechers = [self.session() for _ in range(self.task.leechers)]
        self.clients = [process.pid for process, _ in self.leechers]
        self.folders = [self.home / str(pid) for pid in self.clients]

    def act(self):
        """Each knows the seeders and those who came before it."""
        ports = list(self.ports)
        for (process, port), folder in zip(self.leechers, self.folders):
            self.order(process, folder, ports)
            ports.append(port)
        for process, _ in self.leechers:
            self.done(process)

    def copies(self):
        return [folder / self.task.content.name for folder in self.folders]

    def clear(self):
        for process, _ in self.leechers:
            self.end(process)
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)  # one that gave up has made none
        self.clients = []


class LibtorrentDefaults(Libtorrent):
    """As those have it who leave its settings alone."""

    name = "libtorrent, defaults"
    settings = "defaults"


class LibtorrentHash(Libtorrent):
    """What it does to make a torrent of the content."""

    def set_up(self):
        self.process, _ = self.session()
        self.servers = [self.process.pid]

    def prepare(self):
        pass

    def act(self):
        self.say(self.process, hash=str(self.task.content))
        self.done(self.process)

    def copies(self):
        return []

    def clear(self):
        pass
