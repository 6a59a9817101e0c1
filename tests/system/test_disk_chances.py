"""Disks that come and go in any order: whatever happens to the folders of two nodes, no bytes are
offered or called whole that are not those of the content, and nobody's own file is lost."""

import json
import os
import random
import secrets
import shutil
import struct
import subprocess
from contextlib import closing
from pathlib import Path

import msgpack
import pytest
from clients import connected
from content import part_of, past_own_writes
from disks import Disk
from processes import eventually

CHUNK = 16 * 1024
PIECES = ("--chunk-size", "16KiB")
FILM, FILES = 24 * CHUNK, 6
NAMES = ("film", "album")
MOST_SNAPSHOTS, MOST_CONTENTS = 3, 6
SETTLED = 30  # seconds until what was touched while nobody looked must have been noticed


class Asking:
    """A client of the control socket that asks without a program to be started for it."""

    def __init__(self, node):
        self._client = connected(node)
        self._stream = self._client.makefile("rb")

    def ask(self, command, **arguments):
        """None where the answer is no."""
        request = msgpack.packb([1, command, arguments])
        self._client.sendall(struct.pack(">I", len(request)) + request)
        (length,) = struct.unpack(">I", self._stream.read(4))
        _, kind, body = msgpack.unpackb(self._stream.read(length))
        return body if kind == "ok" else None

    def close(self):
        self._stream.close()
        self._client.close()


class Place:
    """A node with a disk of its own, on which lie its share and its download folder."""

    def __init__(self, net, name, disk):
        self.disk = disk
        self.share, self.downloads = disk.place / "share", disk.place / "downloads"
        for folder in (self.share, self.downloads):
            folder.mkdir()
        peer = {"share": [str(self.share)], "download_dir": str(self.downloads)}
        self.node = net.peer(name, peer=peer, limits={"upload": "500 kB/s"})
        self.snapshots = []  # folders, with the files of people that are in them
        self.own = {}  # files of people, and their bytes
        self.touched = set()  # what somebody has been at since the node was started
        self.ballast = disk.place / "ballast"

    @property
    def usable(self):
        return self.disk.mounted and not self.ballast.exists()

    def start(self):
        self.touched.clear()
        self.node.start()

    def files(self):
        """What lies in its folders and is nobody's own."""
        found = []
        for top in (self.share, self.downloads):
            for folder, _, names in os.walk(top):
                found += [os.path.join(folder, name) for name in names]
        return sorted(path for path in found if path not in self.own)

    def touch(self, path):
        """It may be anything from here on, until the node looks at it anew."""
        for top in (self.share, self.downloads):
            for name in NAMES:
                for spot in (top / name, part_of(top / name)):
                    if str(path).startswith(str(spot)):
                        self.touched.add(name)


def copy_into(folder, *paths):
    """What is being written or deleted meanwhile is copied as far as it goes."""
    subprocess.run(["cp", "-a", *paths, folder], capture_output=True)


class Chances:
    """Random operations; after each of them it is looked at what has to hold."""

    def __init__(self, net, scratch, disks):
        number = int(os.environ.get("P2PD_SEED") or secrets.randbits(32))
        print(f"P2PD_SEED={number} repeats the operations")
        self.chance = random.Random(number)
        self.scratch = scratch
        self.tracker = Asking(net.tracker)
        self.count = 0
        self.done = []  # the operations
        self.contents = {}  # id: name, and bytes by path below it
        self.ends = {}  # of transfers that were seen: their state
        names = ("source", "fetcher")
        self.places = [Place(net, name, disk.mount()) for name, disk in zip(names, disks)]
        self.source, self.fetcher = self.places
        for place in self.places:
            place.start()
        for name in NAMES:
            self.publish(name)

    def close(self):
        self.tracker.close()
        for place in self.places:
            if place.node.running:
                place.node.kill9()

    # What may happen. Where it cannot at the moment, it returns False

    def stop(self, place):
        if not place.node.running:
            return False
        place.node.stop()

    def kill(self, place):
        if not place.node.running:
            return False
        place.node.kill9()

    def start(self, place):
        if place.node.running:
            return False
        place.start()

    def unmount(self, place):
        if not place.disk.mounted:
            return False
        subprocess.run(["umount", place.disk.place], capture_output=True)  # it may be in use

    def mount(self, place):
        if place.disk.mounted:
            return False
        place.disk.mount()

    def snapshot(self, place):
        if not place.disk.mounted:
            return False
        self.count += 1
        copy = self.scratch / f"snapshot-{self.count}"
        copy.mkdir()
        copy_into(copy, place.share, place.downloads)
        place.snapshots.append((copy, dict(place.own)))
        if len(place.snapshots) > MOST_SNAPSHOTS:
            shutil.rmtree(place.snapshots.pop(0)[0])

    def restore(self, place):
        """In place of what is there, or, as a careless one does it, over it."""
        if not place.usable or not place.snapshots:
            return False
        copy, own = self.chance.choice(place.snapshots)
        replaced = self.chance.random() < 0.5
        for top in (place.share, place.downloads):
            for path in list(top.iterdir()):
                place.touch(path)
                if not replaced or str(path) in place.own:
                    continue
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)
            for path in (copy / top.name).iterdir():
                place.touch(top / path.name)
        copy_into(place.disk.place, copy / "share", copy / "downloads")
        place.own |= own

    def replace(self, place):
        if not place.usable or not place.node.running:
            return False
        name = self.chance.choice(NAMES)
        if place is self.source:
            return self.publish(name)
        place.node.spawn("fetch", "--detach", "--force", name).process.wait()

    def edit(self, place):
        files = [path for path in place.files() if ".p2pd-" not in path]
        if not place.node.running:  # in what it writes, only verify finds what others do
            files = [path for path in place.files() if ".p2pd-" not in path or ".part" in path]
        if not place.disk.mounted or not files:
            return False
        path = self.chance.choice(files)
        if not place.node.running:
            past_own_writes(*map(Path, files))
        place.touch(path)
        with open(path, "r+b") as file:
            file.seek(self.chance.randrange(max(os.path.getsize(path), 1)))
            file.write(self.chance.randbytes(1))

    def delete(self, place):
        files = place.files()
        if not place.disk.mounted or not files:
            return False
        path = self.chance.choice(files)
        place.touch(path)
        os.unlink(path)

    def write(self, place):
        """A file of somebody's own, beside what p2pd has."""
        if not place.usable:
            return False
        self.count += 1
        path = str(self.chance.choice((place.share, place.downloads)) / f"own-{self.count}")
        place.own[path] = self.chance.randbytes(300)
        with open(path, "wb") as file:
            file.write(place.own[path])

    def fill(self, place):
        if not place.disk.mounted:
            return False
        if place.ballast.exists():
            return place.ballast.unlink()
        subprocess.run(["dd", "if=/dev/zero", f"of={place.ballast}", "bs=64K"], capture_output=True)

    OPERATIONS = (stop, kill, start, start, unmount, mount, mount, snapshot, restore, replace, replace,
                  edit, delete, write, fill)  # fmt: skip

    def publish(self, name):
        place = self.source
        self.count += 1
        target = place.share / name
        files = {"": self.chance.randbytes(FILM)}
        if name == "album":
            files = {f"{i}": self.chance.randbytes(3 * CHUNK + i) for i in range(FILES)}
            target.mkdir(exist_ok=True)
        for below, data in files.items():
            (target / below).write_bytes(data)
        if name == "album":
            for below in files:  # two versions may have the same times, as of builds that repeat
                os.utime(target / below, (10**9 + self.count % 2,) * 2)
        job = place.node.spawn("--json", "publish", target, *PIECES)
        out, _ = job.process.communicate()
        if job.process.returncode != 0:
            return place.touch(target)
        place.touched.discard(name)
        content = json.loads(out)["files"][0]["id"]
        self.contents.pop(content, None)  # the one published last comes last
        self.contents[content] = (name, files)
        if len(self.contents) > MOST_CONTENTS:
            del self.contents[next(iter(self.contents))]

    # What has to hold

    @staticmethod
    def bytes_at(spot, files):
        """Of what lies there, as far as it does."""
        there = b""
        for below, right in files.items():
            try:
                with open(spot / below if below else spot, "rb") as file:
                    part = file.read(len(right))
            except OSError:
                part = b""
            there += part.ljust(len(right), b"\0")
        return there

    def wrong_offers(self, place):
        """The chunks that the tracker has of this node and that it has not."""
        wrong, me = [], place.node.id
        for content, (name, files) in self.contents.items():
            answer = None if name in place.touched else self.tracker.ask("chunks", content=content)
            if answer is None:
                continue
            bits = [bytes.fromhex(p["bitmap_hex"]) for p in answer["peers"] if p["id"] == me]
            right = b"".join(files.values())
            spots = [place.share / name, place.downloads / name, part_of(place.downloads / name)]
            there = [self.bytes_at(spot, files) for spot in spots]
            for chunk in range((len(right) + CHUNK - 1) // CHUNK):
                piece = slice(chunk * CHUNK, (chunk + 1) * CHUNK)
                if any(b[chunk // 8] & 0x80 >> chunk % 8 for b in bits):
                    if all(data[piece] != right[piece] for data in there):
                        wrong.append((content[:8], name, chunk))
        return wrong

    def look_at_ends(self):
        """A fetch that has just become whole is that."""
        with closing(Asking(self.fetcher.node)) as asking:
            rows = asking.ask("transfers")["transfers"]
        for row in rows:
            before = self.ends.get(row["id"])
            self.ends[row["id"]] = row["state"]
            name, files = self.contents.get(row["content"], ("", {}))
            if row["state"] != "done" or before in (None, "done") or name in self.fetcher.touched:
                continue
            there = self.bytes_at(self.fetcher.downloads / name, files)
            assert there == b"".join(files.values()), f"{row} is called whole"

    def look(self):
        for place in self.places:
            if not place.disk.mounted:
                continue
            for path, data in place.own.items():
                with open(path, "rb") as file:
                    assert file.read() == data, f"{path} is somebody's own"
            if place.node.running:
                if place is self.fetcher:
                    self.look_at_ends()
                self.offers_nothing_wrong(place)

    def offers_nothing_wrong(self, place):
        found = []  # one look after the other

        def right():
            found.append(self.wrong_offers(place))
            return not found[-1]

        try:
            eventually(right, "what is offered is right", SETTLED)
        except AssertionError as late:
            listing = {row["id"][:8]: row for row in place.node.files()}
            rows = [listing.get(content) for content, _, _ in found[-1]]
            raise AssertionError(f"{place.node.name} offers {found[-1]}: {rows[:1]}") from late

    def run(self, steps):
        while len(self.done) < steps:
            place = self.chance.choice(self.places)
            operation = self.chance.choice(self.OPERATIONS)
            if operation(self, place) is False:
                continue
            self.done.append(f"{operation.__name__} at {place.node.name}")
            self.look()

    def end(self):
        """When all is well again, what is fetched is right."""
        for place in self.places:
            self.stop(place)
            self.mount(place)
            place.ballast.unlink(missing_ok=True)
            place.start()
        self.source.node.ctl("limit", "--up", "0")
        for name in NAMES:
            for row in self.fetcher.node.json("transfers")["transfers"]:
                if row["state"] not in ("done", "failed"):
                    self.fetcher.node.spawn("cancel", str(row["id"])).process.wait()
            self.publish(name)
            content = list(self.contents)[-1]
            self.fetcher.node.fetch("--force", content)
            files = self.contents[content][1]
            assert self.bytes_at(self.fetcher.downloads / name, files) == b"".join(files.values())
        self.look()


@pytest.fixture
def disks(scratch):
    made = [Disk("ext4", scratch, name) for name in ("one", "two")]
    try:
        yield made
    finally:
        for disk in made:
            disk.close()


@pytest.fixture
def chances(net, scratch, disks):
    made = Chances(net, scratch, disks)
    try:
        yield made
    finally:
        print("\n".join(made.done[-100:]), f"\nthe last of {len(made.done)}")
        made.close()


def test_what_may_happen_to_disks(chances):
    chances.run(40)
    chances.end()


@pytest.mark.long
@pytest.mark.alone
def test_ten_thousand_things_that_may_happen_to_disks(chances):
    chances.run(int(os.environ.get("P2PD_STEPS") or 10_000))
    chances.end()
