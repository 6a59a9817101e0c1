"""Temporary folders of a run of tests. Each bears the number of the process that made it, so that
what a killed run has left behind can be told from what another one uses, and is removed by the next
one. (Processes need no such care: they end with the one that started them, see node.py.)"""

import contextlib
import functools
import itertools
import os
import re
import shutil
import subprocess
from pathlib import Path

PARENTS = ("/tmp", "/var/tmp", "/dev/shm")
serial = itertools.count()


def make_folder(parent="/tmp"):
    """Its name is short: a socket's path has at most 107 bytes, and a line of a terminal 80."""
    remove_leftovers()
    while True:
        folder = Path(parent, f"p2pd-{os.getpid()}-{next(serial)}")
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            return folder


@functools.cache
def remove_leftovers():
    """Once a run; another one may be at it as well."""
    for folder in (folder for parent in PARENTS for folder in Path(parent).glob("p2pd-*-*")):
        with contextlib.suppress(FileNotFoundError):
            if is_left_over(folder):
                _remove(folder)


def is_left_over(folder):
    maker = re.match(r"p2pd-(\d+)-\d+$", folder.name)
    ours = folder.stat().st_uid == os.geteuid()
    return maker and ours and not Path("/proc", maker[1]).exists()


def _remove(folder):
    if (socket := folder / "tmux").exists():
        subprocess.run(["tmux", "-S", socket, "kill-server"], capture_output=True)
    shutil.rmtree(folder, ignore_errors=True)
