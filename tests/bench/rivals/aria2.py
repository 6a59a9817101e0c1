"""aria2, which is started for each content that it fetches, with Debian's opentracker to find the
seeder. Plaintext."""

import shutil
import time

from contestant import Contestant, free_port
from processes import eventually
from rivals.opentracker import Opentracker
from torrents import Torrent

# Its defaults but for what finds peers elsewhere, what limits them, and writing all files' zeros
# before their bytes. Room allotted at once, mapped files and larger buffers make it no faster.
OPTIONS = [
    "aria2c",
    "--no-conf",
    "--quiet",
    "--enable-dht=false",
    "--enable-dht6=false",
    "--bt-enable-lpd=false",
    "--bt-max-peers=0",
    "--file-allocation=none",
]


class Aria2(Contestant):
    name = "aria2"
    packages = {"aria2": "aria2c"} | Opentracker.packages

    def set_up(self):
        self.hook = self.home / "whole"
        self.hook.write_text('#!/bin/sh\n: >"$3.whole"\n')  # $3 is the path of the content
        self.hook.chmod(0o755)
        self.tracker = Opentracker()
        self.torrent = Torrent(self.task.content, self.tracker.url, self.home / "torrent")
        self.tracker.start([self.torrent.info_hash])
        folder = self.task.content.parent
        seeding = ["--check-integrity=true", "--seed-ratio=0"]
        commands = [self.command(folder, *seeding) for _ in range(self.task.seeders)]
        self.servers = [self.launch(*command).pid for command in commands]
        eventually(self.seeded, "aria2 seeds", within=120)

    def seeded(self):
        return self.tracker.seeders(self.torrent.info_hash) == self.task.seeders

    def command(self, folder, *options):
        port = f"--listen-port={free_port()}"
        return [*OPTIONS, port, f"--dir={folder}", *options, self.torrent.path]

    def prepare(self):
        self.folders = [self.home / str(number) for number in range(self.task.leechers)]

    def act(self):
        """Until the last copy is whole: it takes two more seconds to take leave of the tracker."""
        options = ["--seed-time=0", f"--on-bt-download-complete={self.hook}"]
        self.run_clients([self.command(folder, *options) for folder in self.folders])
        whole = max(copy.with_name(copy.name + ".whole").stat().st_mtime for copy in self.copies())
        return time.monotonic() - (time.time() - whole)

    def copies(self):
        return [folder / self.task.content.name for folder in self.folders]

    def clear(self):
        for folder in self.folders:
            shutil.rmtree(folder)

    def close(self):
        super().close()
        self.tracker.close()
