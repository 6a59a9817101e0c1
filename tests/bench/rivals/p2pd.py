"""p2pd: a tracker, peers that have published the content, and peers that are told to fetch it by
p2pctl. All of them are processes with the defaults of the config."""

import shutil

from contestant import PATIENCE, Contestant
from network import Network
from processes import Build


class P2pd(Contestant):
    name = "p2pd"

    def __init__(self, task):
        super().__init__(task)
        self.net = Network(Build.of(task.build), self.home)
        self.net.tracker.start()
        self._seeders, self._leechers, self._round = [], [], 0

    def started(self, kind, count):
        """They share the folder of the content, the only copy of it."""
        share = {"share": [str(self.task.content.parent)]}
        names = [f"{kind}-{number}" for number in range(count)]
        nodes = [self.net.peer(name, peer=share).launch() for name in names]
        return [node.ready() for node in nodes]

    def set_up(self):
        self._seeders = self.started("seeder", self.task.seeders)
        self.servers = [node.process.pid for node in self._seeders]
        for node in self._seeders:
            node.ctl("publish", self.task.content, within=PATIENCE)

    def prepare(self):
        """New ones, as one that has been here has the content already."""
        self._round += 1
        self._leechers = self.started(f"leecher-{self._round}", self.task.leechers)
        self.clients = [node.process.pid for node in self._leechers]

    def act(self):
        jobs = [node.spawn("fetch", self.task.content.name) for node in self._leechers]
        for job in jobs:
            job.finish(within=PATIENCE)

    def copies(self):
        return [node.downloads / self.task.content.name for node in self._leechers]

    def lag(self):
        nodes = self._seeders + self._leechers
        return max(node.json("status")["loop_lag_ms"]["p999"] for node in nodes)

    def clear(self):
        for node in self._leechers:
            node.close()
            self.net.nodes.remove(node)
            shutil.rmtree(node.home)
        self._leechers, self.clients = [], []

    def close(self):
        self.net.close()
        super().close()
