"""Debian's opentracker: a BitTorrent tracker in one thread, for what its whitelist has."""

import re
import shutil
import socket
import struct
import subprocess
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from contestant import free_port
from processes import eventually


class Opentracker:
    """By UDP and HTTP at one port, until close()."""

    packages = {"opentracker": "opentracker"}

    def __init__(self):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/announce"
        self._folder = tempfile.TemporaryDirectory(prefix="opentracker-")
        self._process = None

    @staticmethod
    def installed():
        return shutil.which("opentracker") is not None

    def start(self, info_hashes):
        home = Path(self._folder.name)
        home.chmod(0o755)  # where it is started by root, it becomes somebody else
        (home / "whitelist").write_text("".join(each.hex() + "\n" for each in info_hashes))
        (home / "conf").write_text(
            f"listen.udp.workers 0\nlisten.udp 127.0.0.1:{self.port}\n"
            f"listen.tcp 127.0.0.1:{self.port}\n"
            f"tracker.rootdir {home}\naccess.whitelist whitelist\n"
        )
        self._process = subprocess.Popen(
            ["opentracker", "-f", home / "conf"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        eventually(self._answers, "opentracker answers")

    def _answers(self):
        """Whether it gives out connection ids (BEP 15)."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.settimeout(0.1)
            probe.connect(("127.0.0.1", self.port))
            try:
                probe.send(struct.pack(">QII", 0x41727101980, 0, 1))
                return len(probe.recv(100)) == 16
            except OSError:
                return False

    def seeders(self, info_hash):
        """How many have announced that they have the whole of it."""
        scrape = self.url.replace("announce", "scrape")
        asked = urllib.parse.urlencode({"info_hash": info_hash}, quote_via=urllib.parse.quote)
        try:
            answer = urllib.request.urlopen(f"{scrape}?{asked}", timeout=5).read()
        except urllib.error.HTTPError:
            return 0
        found = re.search(rb"8:completei(\d+)e", answer)
        return int(found[1]) if found else 0

    def close(self):
        if self._process:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()
