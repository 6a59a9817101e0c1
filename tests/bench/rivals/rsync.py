"""rsync -a from an rsync daemon: plaintext, and each file's checksum is compared at its end."""

import os
import shutil
import socket

from contestant import Contestant
from network import free_port
from processes import eventually


class Rsync(Contestant):
    name = "rsync"
    packages = {"rsync": "rsync"}

    def set_up(self):
        self.port = free_port()
        config = self.home / "rsyncd.conf"
        config.write_text(
            f"address = 127.0.0.1\nreverse lookup = no\nuse chroot = no\n"
            f"pid file = {self.home}/pid\n[content]\npath = {self.task.content}\n"
            f"uid = {os.getuid()}\ngid = {os.getgid()}\n"
        )
        command = ["rsync", "--daemon", "--no-detach", f"--config={config}", f"--port={self.port}"]
        self.servers = [self.launch(*command).pid]
        eventually(self.answers, "rsync answers")

    def answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def act(self):
        source = f"rsync://127.0.0.1:{self.port}/content/"
        self.run_clients(["rsync", "-a", source, copy] for copy in self.copies())

    def copies(self):
        return [self.home / f"copy-{number}" for number in range(self.task.leechers)]

    def clear(self):
        for copy in self.copies():
            shutil.rmtree(copy)
