"""How fast contents are fetched, and what that costs both sides."""

from functools import partial

from contest import contest
from contestant import Task
from figures import Row
from inputs import GIB, KIB, MIB, make_file, make_tree
from rivals.aria2 import Aria2
from rivals.libtorrent import Libtorrent, LibtorrentDefaults
from rivals.nginx import Nginx, NginxBuffers
from rivals.p2pd import P2pd
from rivals.rsync import Rsync
from rivals.transmission import Transmission
from scale import Scale
from torrents import total_size


def told(size):
    for unit, name in ((GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB")):
        if size >= unit:
            return f"{size / unit:.4g} {name}"
    return f"{size} bytes"


def transfer(bench, name, content, seeders, leechers, rivals):
    task = Task(bench.build, bench.folder, content, seeders, leechers)
    size = total_size(content) * leechers
    if bench.scale is Scale.QUICK:
        rivals = [rival for rival in rivals if not rival.slow]
    return [Row.of(name, size, result) for result in contest(task, P2pd, rivals, bench.rounds)]


def of_one_file(name, sizes, seeders, leechers, rivals, bench):
    size = sizes[bench.scale]
    content = make_file(bench.folder / "input" / "file", size)
    return transfer(bench, f"{name}, {told(size)}", content, seeders, leechers, rivals)


def small_files(bench):
    files = (20_000, 2000, 50)[bench.scale]
    content = make_tree(bench.folder / "input" / "tree", files)
    name = f"small, {files:,} files of 0 to 16 KiB"
    return transfer(bench, name, content, 1, 1, [Libtorrent, Rsync])


ONE = (GIB, 256 * MIB, MIB)
SWARM = (256 * MIB, 64 * MIB, MIB)
SCENARIOS = {
    "one-to-one": partial(
        of_one_file,
        "one-to-one",
        ONE,
        1,
        1,
        [Libtorrent, LibtorrentDefaults, Aria2, Transmission, Nginx, NginxBuffers],
    ),
    "one-to-eight": partial(
        of_one_file,
        "one-to-eight",
        SWARM,
        1,
        8,
        [Libtorrent, LibtorrentDefaults, Nginx, NginxBuffers],
    ),
    "four-to-one": partial(of_one_file, "four-to-one", SWARM, 4, 1, [Libtorrent, Aria2]),
    "small": small_files,
}
