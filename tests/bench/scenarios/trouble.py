"""What a fetch costs beside sources that do not answer, and a seeder under attack."""

import shutil

from bench import running_network
from content import seed
from figures import Figure
from inputs import MIB
from meter import median, processor_seconds
from strangers import Attack, raise_descriptor_limit
from watched import Fetch


def fetch_once(net, name, *options):
    """MB/s of a fetch by a new peer."""
    (fetcher,) = net.peers(name)
    fetch = Fetch(fetcher, "film", *options).finish()
    size = (fetcher.downloads / "film").stat().st_size
    fetcher.stop()
    shutil.rmtree(fetcher.home)
    return size / fetch.seconds / 1e6, fetch.seconds


def sources(bench):
    """One that is late, one that falls silent, and one that never answers, beside a good one."""
    size = (64 * MIB, 64 * MIB, MIB)[bench.scale]
    with running_network(bench.build, bench.folder) as net:
        silent, gate = net.gated_peer("silent", allow=size // 16)
        good, late, mute = net.peers("good", "late", "mute")
        seed("film", size, silent, good, late, mute)
        late.ctl("delay", "300ms")
        mute.ctl("delay", "1h")
        found = []
        for other in ("nobody", "late", "mute", "silent"):
            beside = () if other == "nobody" else ("--from", other)
            _, took = fetch_once(net, f"beside-{other}", "--from", "good", *beside)
            found.append(Figure("sources", f"a good one beside {other}", f"{took:.2f} s"))
        gate.open()
    return found


def attack(bench):
    """Members' fetches while strangers come and talk, in turns with fetches in peace."""
    size, count = (1024 * MIB, 512 * MIB, MIB)[bench.scale], (10_000, 1000, 20)[bench.scale]
    raise_descriptor_limit()
    alone, attacked = [], []
    with running_network(bench.build, bench.folder) as net:
        (source,) = net.peers("source")
        seed("film", size, source)
        for number in range(bench.rounds):
            alone.append(measured(net, source, f"alone-{number}"))
            with Attack(source, count):
                attacked.append(measured(net, source, f"attacked-{number}"))

    def told(runs):
        rate, spent = (median(figures) for figures in zip(*runs))
        return f"{rate:.0f} MB/s, {spent:.2f} s of a processor for the source"

    return [
        Figure(f"attack, {size // MIB} MiB", "in peace", told(alone)),
        Figure(f"attack, {size // MIB} MiB", f"beside {count:,} strangers", told(attacked)),
    ]


def measured(net, source, name):
    before, _ = processor_seconds([source.process.pid])
    rate, _ = fetch_once(net, name, "--from", "source")
    return rate, processor_seconds([source.process.pid])[0] - before


SCENARIOS = {"sources": sources, "attack": attack}
