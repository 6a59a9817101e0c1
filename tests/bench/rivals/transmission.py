"""transmission: daemons that run already, as p2pd's do, told by RPC. Plaintext. It keeps one peer
for each address, and what a tracker answers might make that itself: so its tracker is one of our
own, which names the seeder alone, and it has no part in swarms."""

import base64
import http.server
import json
import shutil
import socket
import struct
import subprocess
import threading
import urllib.error
import urllib.request

from contestant import PATIENCE, Contestant, free_port
from processes import eventually
from torrents import Torrent, bencoded

# Its defaults but for what finds peers elsewhere, what would encrypt, and what limits many peers
# of one machine.
SETTINGS = {
    "dht-enabled": False,
    "lpd-enabled": False,
    "pex-enabled": False,
    "utp-enabled": False,
    "port-forwarding-enabled": False,
    "encryption": 0,
    "rpc-bind-address": "127.0.0.1",
    "rpc-authentication-required": False,
    "upload-slots-per-torrent": 64,
}


def own_address():
    """Of this machine: transmission talks to nobody at 127.0.0.1. The bytes stay on loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # nothing is sent, a route is looked up
        return probe.getsockname()[0]


class OneSeeder:
    """Answers each announce, but the seeder's own, with the address of the seeder."""

    def __init__(self, port):
        seeder = socket.inet_aton(own_address()) + struct.pack(">H", port)

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                peers = b"" if f"&port={port}&" in self.path else seeder
                self.wfile.write(bencoded({b"interval": 1800, b"peers": peers}))

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/announce"

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class Daemon:
    """One transmission-daemon with one torrent."""

    def __init__(self, contestant, home, folder):
        self.folder = folder
        self._url = f"http://127.0.0.1:{(port := free_port())}/transmission/rpc"
        self._session = ""
        home.mkdir()
        self.port = free_port()
        settings = SETTINGS | {"rpc-port": port, "peer-port": self.port}
        (home / "settings.json").write_text(json.dumps(settings))
        self.process = contestant.launch(
            "transmission-daemon", "-f", "-g", home, stderr=subprocess.DEVNULL
        )
        eventually(self._answers, "transmission answers")

    def ask(self, method, **arguments):
        """It gives out the id of a session first, and refuses what has none."""
        body = json.dumps({"method": method, "arguments": arguments}).encode()
        for _ in range(2):
            headers = {"X-Transmission-Session-Id": self._session}
            request = urllib.request.Request(self._url, body, headers)
            try:
                return json.loads(urllib.request.urlopen(request).read())["arguments"]
            except urllib.error.HTTPError as refused:
                self._session = refused.headers["X-Transmission-Session-Id"]
        raise AssertionError("transmission refuses")

    def _answers(self):
        try:
            return self.ask("session-get")
        except urllib.error.URLError:
            return False

    def add(self, torrent):
        metainfo = base64.b64encode(torrent.path.read_bytes()).decode()
        added = {"metainfo": metainfo, "download-dir": str(self.folder)}
        assert "torrent-added" in self.ask("torrent-add", **added)

    def whole(self):
        (torrent,) = self.ask("torrent-get", fields=["leftUntilDone"])["torrents"]
        return torrent["leftUntilDone"] == 0


class Transmission(Contestant):
    name = "transmission"
    packages = {"transmission-daemon": "transmission-daemon"}
    slow = True  # a seeder lets nobody in for 10 seconds, then sends some 8 MB/s

    def set_up(self):
        assert self.task.seeders == self.task.leechers == 1, "transmission takes no part in swarms"
        self.round = 0
        seeder = Daemon(self, self.home / "seeder", self.task.content.parent)
        self.servers = [seeder.process.pid]
        self.tracker = OneSeeder(seeder.port)
        self.torrent = Torrent(self.task.content, self.tracker.url, self.home / "torrent")
        seeder.add(self.torrent)
        eventually(seeder.whole, "transmission has checked", within=120)

    def prepare(self):
        self.round += 1
        home = self.home / f"leecher-{self.round}"
        self.leecher = Daemon(self, home, home / "downloads")
        self.clients = [self.leecher.process.pid]

    def act(self):
        self.leecher.add(self.torrent)
        eventually(self.leecher.whole, "transmission is done", within=PATIENCE)

    def copies(self):
        return [self.leecher.folder / self.task.content.name]

    def clear(self):
        self.end(self.leecher.process)
        shutil.rmtree(self.leecher.folder)
        self.clients = []

    def close(self):
        super().close()
        self.tracker.close()


class TransmissionCreate(Contestant):
    """What it does to make a torrent of the content."""

    name = "transmission-create"
    packages = {"transmission-cli": "transmission-create"}

    def act(self):
        self.run_clients([["transmission-create", "-o", self.home / "torrent", self.task.content]])

    def clear(self):
        (self.home / "torrent").unlink()
