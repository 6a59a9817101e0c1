"""A tree of 20,000 files of 0 to 16 KiB in memory: how long p2pd takes to publish it, and to fetch
it from one seeder beside rsync -a from an rsync daemon on loopback and cp -r, in turns."""

import os
import random
import shutil
import socket
import subprocess

from bench import options, processor_seconds, running_network, seconds, told
from network import free_port
from processes import eventually

FILES = 20_000
A_FOLDER = 100  # files
LARGEST = 16 * 1024


def make(top):
    source = random.Random(1)
    for first in range(0, FILES, A_FOLDER):
        folder = top / f"folder-{first // A_FOLDER:03}"
        folder.mkdir(parents=True)
        for number in range(first, first + A_FOLDER):
            file = folder / f"file-{number:05}"
            file.write_bytes(source.randbytes(source.randint(0, LARGEST)))


class Rsync:
    """An rsync daemon that serves one folder."""

    def __init__(self, home, folder):
        self.port = free_port()
        config = home / "rsyncd.conf"
        config.write_text(
            f"address = 127.0.0.1\nreverse lookup = no\nuse chroot = no\n"
            f"[tree]\npath = {folder}\nuid = {os.getuid()}\ngid = {os.getgid()}\n"
        )
        self.process = subprocess.Popen(
            ["rsync", "--daemon", "--no-detach", f"--config={config}", f"--port={self.port}"],
            stdin=subprocess.DEVNULL,
        )
        eventually(self.answers, "rsync answers")

    def answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def copy(self, to):
        subprocess.run(["rsync", "-a", f"rsync://127.0.0.1:{self.port}/tree/", to], check=True)

    def close(self):
        self.process.terminate()
        self.process.wait()


class Contest:
    """One tree, published once, fetched or copied again and again."""

    def __init__(self, net):
        self.net = net
        self.seeder = net.peers("seeder")[0]
        self.tree = self.seeder.share / "tree"
        make(self.tree)
        self.times = {"publish": [], "p2pd": [], "rsync -a": [], "cp -r": []}
        self.processor = []  # of the seeder and of who fetches

    def publish(self, rounds):
        for number in range(rounds):
            if number > 0:
                self.seeder.ctl("unpublish", "tree")
            self.times["publish"].append(seconds(lambda: self.seeder.publish(self.tree)))

    def fetch(self, number):
        """By a peer that is new, as one that has been here has it already."""
        (leecher,) = self.net.peers(f"leecher-{number}")
        before = [processor_seconds(node) for node in (self.seeder, leecher)]
        self.times["p2pd"].append(seconds(lambda: leecher.fetch("tree")))
        after = [processor_seconds(node) for node in (self.seeder, leecher)]
        self.processor = [late - early for early, late in zip(before, after)]
        self.clear(leecher.downloads / "tree")
        leecher.stop()

    def copy(self, name, action):
        to = self.net.scratch / "copy"
        self.times[name].append(seconds(lambda: action(to)))
        self.clear(to)

    def clear(self, copy):
        subprocess.run(["diff", "-r", self.tree, copy], check=True)
        shutil.rmtree(copy)

    def run(self, rounds):
        self.publish(rounds)
        rsync = Rsync(self.net.scratch, self.tree)
        try:
            for number in range(rounds):
                self.fetch(number)
                self.copy("rsync -a", rsync.copy)
                self.copy("cp -r", lambda to: subprocess.run(["cp", "-r", self.tree, to], check=True))
        finally:
            rsync.close()

    def report(self):
        for name, times in self.times.items():
            print(f"{name:<11} {told(times)}")
        for name in ("rsync -a", "cp -r"):
            ratio = min(self.times["p2pd"]) / min(self.times[name])
            print(f"p2pd takes {ratio:.2f} times as long as {name}")
        print("processor   seeder {:.2f} s, leecher {:.2f} s".format(*self.processor))


def main():
    asked = options(__doc__, "/dev/shm")
    if shutil.which("rsync") is None:
        raise SystemExit("bench: there is no rsync to compare with; install the package rsync")
    with running_network(asked.build, asked.folder) as net:
        contest = Contest(net)
        contest.run(asked.rounds)
        contest.report()


main()
