"""File systems to fetch onto and to publish from: a file that is mounted, or another folder behind
FUSE. They take root; where mounts are not allowed a test that needs one is skipped."""

import os
import shutil
import subprocess

import pytest

IMAGE_SIZE = {"ext4": 64, "ntfs": 64, "xfs": 320, "btrfs": 128}  # MiB
MAKE = {
    "ext4": ["mkfs.ext4", "-q", "-m", "0"],
    "ntfs": ["mkfs.ntfs", "-q", "-F", "-Q"],
    "xfs": ["mkfs.xfs", "-q"],
    "btrfs": ["mkfs.btrfs", "-q"],
}
# Where files show another owner than who made them, as NFS and CIFS may.
STRANGER = "12345"


class Disk:
    """One file system of a kind, unmounted at first; its bytes stay while it is unmounted."""

    def __init__(self, kind, scratch, name="disk"):
        self.kind, self.place = kind, scratch / name
        self.under = scratch / f"{name}.under"  # the image, or the folder that is shown
        self.place.mkdir()
        if kind in MAKE:
            with self.under.open("wb") as image:
                image.truncate(IMAGE_SIZE[kind] << 20)
            _run([*MAKE[kind], self.under])
        elif kind != "folder":
            self.under.mkdir()

    @property
    def mounted(self):
        return os.path.ismount(self.place)

    def mount(self):
        under, place = str(self.under), str(self.place)
        words = {
            "bindfs": ["bindfs", f"--force-user={STRANGER}", under, place],
            "mergerfs": ["mergerfs", under, place],
            "unionfs": ["unionfs", f"{under}=RW", place],
            "ntfs": ["mount", "-t", "ntfs-3g", "-o", "loop,windows_names", under, place],
        }.get(self.kind, ["mount", "-o", "loop", under, place])
        if self.kind != "folder":
            _run(words)
        return self

    def unmount(self):
        if self.mounted:
            subprocess.run(["umount", self.place], check=True)

    def close(self):
        if self.mounted:
            subprocess.run(["umount", "-l", self.place], check=True)


def _run(words):
    if shutil.which(words[0]) is None and words[0] != "mount":
        pytest.skip(f"there is no {words[0]} here")
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"no such file system here: {' '.join(map(str, words))}: {done.stderr.strip()}")
