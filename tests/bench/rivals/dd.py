"""dd: one process that copies the files of a folder one by one, and has each on the disk when it
goes on, as p2pd has all when a fetch is done. Nothing is sent, and nothing is verified."""

import shutil

from contestant import Contestant


class Dd(Contestant):
    name = "dd"

    def prepare(self):
        self.copies()[0].mkdir()

    def act(self):
        for file in sorted(self.task.content.iterdir()):
            copy = self.copies()[0] / file.name
            self.run_clients([["dd", f"if={file}", f"of={copy}", "bs=512K", "conv=fsync"]])

    def copies(self):
        return [self.home / "copy"]

    def clear(self):
        shutil.rmtree(self.copies()[0])
