"""How fast what is published is hashed, from the page cache."""

from contest import contest
from contestant import Task
from figures import Row
from inputs import GIB, MIB, make_file, make_tree
from rivals.libtorrent import LibtorrentHash
from rivals.p2pd_publish import P2pdPublish
from rivals.transmission import TransmissionCreate
from scenarios.transfers import told
from torrents import total_size


def publish(bench):
    files = (20_000, 2000, 50)[bench.scale]
    size = (GIB, 256 * MIB, MIB)[bench.scale]
    file = make_file(bench.folder / "input" / "file", size)
    tree = make_tree(bench.folder / "trees" / "tree", files)
    rivals = [LibtorrentHash, TransmissionCreate]
    return rows(bench, "file", f"publish, {told(size)}", file, rivals) + rows(
        bench, "tree", f"publish, {files:,} files of 0 to 16 KiB", tree, rivals
    )


def rows(bench, folder, name, content, rivals):
    folder = bench.folder / folder
    folder.mkdir()
    task = Task(bench.build, folder, content)
    size = total_size(content)
    results = contest(task, P2pdPublish, rivals, bench.rounds)
    return [Row.of(name, size, result) for result in results]


SCENARIOS = {"publish": publish}
