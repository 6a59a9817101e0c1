"""rsync -a from an rsync daemon: plaintext, and each file's checksum is compared at its end."""

import os
import shutil

from contestant import ServerContestant


class Rsync(ServerContestant):
    name = "rsync"
    packages = {"rsync": "rsync"}

    def set_up(self):
        config = self.home / "rsyncd.conf"
        config.write_text(
            f"address = 127.0.0.1\nreverse lookup = no\nuse chroot = no\n"
            f"pid file = {self.home}/pid\n[content]\npath = {self.task.content}\n"
            f"uid = {os.getuid()}\ngid = {os.getgid()}\n"
        )
        self.serve("rsync", "--daemon", "--no-detach", f"--config={config}", f"--port={self.port}")

    def act(self):
        """Nothing is there to compare with, no temporary files, and the list of files in one go."""
        command = ["rsync", "-a", "--whole-file", "--inplace", "--no-inc-recursive"]
        source = f"rsync://127.0.0.1:{self.port}/content/"
        self.run_clients([*command, source, copy] for copy in self.copies())

    def clear(self):
        for copy in self.copies():
            shutil.rmtree(copy)
