"""p2pd as it publishes a content, which a tracker acknowledges."""

from contestant import PATIENCE
from rivals.p2pd import P2pd


class P2pdPublish(P2pd):
    def set_up(self):
        (self.peer,) = self.started("peer", 1)
        self.servers = [self.peer.process.pid]

    def prepare(self):
        pass

    def act(self):
        self.peer.ctl("publish", self.task.content, within=PATIENCE)

    def copies(self):
        return []

    def lag(self):
        return self.peer.json("status")["loop_lag_ms"]["p999"]

    def clear(self):
        self.peer.ctl("unpublish", self.task.content.name)
