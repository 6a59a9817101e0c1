"""A booted machine on subnets of the lab, for what takes systemd, users and packages."""

from machine import Machine
from place import Place


class Booted(Place):
    """The machine is `machine`: run() and what else it has. Not booted yet when it is made."""

    def __init__(self, name):
        super().__init__(name)
        self.machine = Machine(name, network=f"/run/netns/{self.namespace}")

    def close(self):
        self.machine.close()
