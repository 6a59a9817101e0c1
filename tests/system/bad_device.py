"""A device that fails under one folder of a node, while it is told to: bad_device.c in front of the
system's calls."""

from pathlib import Path

from power_cut import compiled


def library_in(folder):
    return compiled(folder, Path(__file__).with_name("bad_device.c"))


class Device:
    """Under one folder of a node, from the node's next start on."""

    def __init__(self, node, folder, library):
        self._base = node.home / "device"
        names = {"LD_PRELOAD": library, "BAD_DEVICE": self._base, "BAD_DEVICE_ROOT": folder}
        node.prefix = ["env", *(f"{name}={value}" for name, value in names.items())]

    def fails_to(self, what):
        self._base.with_suffix("." + what).touch()

    def is_mended(self):
        for marker in self._base.parent.glob("device.*"):
            marker.unlink()
