"""A power cut: power_cut.c keeps a log of a node's writes, from which is taken back here what no
sync covered. How much of that a disk has kept by chance nobody knows, so it is all of it or half."""

import os
import struct
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

PAGE = 4096
SOURCE = Path(__file__).with_suffix(".c")
HEADER = struct.Struct("=8Q")


@dataclass(frozen=True)
class Record:
    """As in power_cut.c, with its place in the log."""

    at: int
    kind: str
    file: tuple  # device and inode
    offset: int
    old_size: int
    covers: int
    path: Path
    old: bytes


def compiled(folder, source=SOURCE):
    library = folder / f"{source.stem}.so"
    flags = ["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror"]
    subprocess.run(["cc", *flags, "-o", library, source, "-ldl"], check=True)
    return library


def read_log(path):
    log, at = path.read_bytes(), 0
    while at + HEADER.size <= len(log):
        kind, device, inode, offset, length, old_size, covers, named = HEADER.unpack_from(log, at)
        begin = at + HEADER.size
        end = begin + named + length
        if end > len(log):
            return  # the kill came before what this tells of
        name, old = log[begin : begin + named], log[begin + named : end]
        where = (device, inode)
        yield Record(at, chr(kind), where, offset, old_size, covers, Path(os.fsdecode(name)), old)
        at = end


def unsynced(log):
    """The writes and the new names that no sync covers."""
    covered = defaultdict(int)  # how much of the log, for a file or a folder, or a whole device
    for record in log:
        if record.kind in "sS":
            key = record.file if record.kind == "s" else record.file[0]
            covered[key] = max(covered[key], record.covers)
    for record in log:
        if record.kind in "wc" and record.at >= max(covered[record.file], covered[record.file[0]]):
            yield record


def has_inode(path, inode):
    """Or it is gone, or another file was moved to its name, which only what is synced is."""
    return path.exists() and path.stat().st_ino == inode


class PowerCut:
    """Watches one node, from its next start on."""

    def __init__(self, node, library, chance):
        self.taken_back = 0  # bytes, in all cuts together
        self._node, self._chance = node, chance
        self._log = node.home / "power_cut.log"
        variables = {"LD_PRELOAD": library, "POWER_CUT_LOG": self._log}
        variables["POWER_CUT_ROOT"] = node.home
        node.prefix = ["env", *(f"{name}={value}" for name, value in variables.items())]

    def cut(self):
        """Ends the node, and leaves on the disk what a power cut could leave there."""
        self._node.kill9()
        (self._node.state / "state.db-shm").unlink(missing_ok=True)  # it is memory, in truth
        share = self._chance.choice([1, 0.5])
        lost = defaultdict(lambda: self._chance.random() < share)
        for record in reversed(list(unsynced(list(read_log(self._log))))):
            if record.kind == "c":
                if lost[record.path] and has_inode(record.path, record.covers):
                    record.path.unlink()
            elif record.path.exists():  # or it has another name, which only what is synced gets
                self._take_back(record, lost)
        self._log.unlink()

    def _take_back(self, write, lost):
        with write.path.open("r+b", buffering=0) as file:
            at, end = write.offset, write.offset + len(write.old)
            while at < end:
                upto = min(end, at - at % PAGE + PAGE)
                if lost[write.file, at // PAGE]:
                    os.pwrite(file.fileno(), write.old[at - write.offset : upto - write.offset], at)
                    self.taken_back += upto - at
                at = upto
            if lost[write.file, "size"]:
                file.truncate(write.old_size)
