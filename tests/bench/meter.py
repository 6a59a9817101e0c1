"""What an action costs: time, processor time and memory of the processes on both sides of it, from
the kernel's accounts under /proc."""

import os
import re
import resource
import statistics
import threading
import time
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
SAMPLE_PERIOD = 0.02  # seconds between two looks at the memory


def family(pid):
    """A process and its descendants."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [pid] + [each for child in children for each in family(int(child))]


def stat_fields(path):
    """The fields from the state on, of which number 11 is the user time (man 5 proc: 14)."""
    return path.read_text().rpartition(")")[2].split()


def processor_seconds(pids):
    """What these processes have used so far, and their descendants, those that ended included: in
    all, and without the kernel's part."""
    user = system = 0
    for pid in (each for parent in pids for each in family(parent)):
        own, kernel, of_ended, kernel_of_ended = stat_fields(Path(f"/proc/{pid}/stat"))[11:15]
        user += int(own) + int(of_ended)
        system += int(kernel) + int(kernel_of_ended)
    return (user + system) / TICK, user / TICK


def thread_seconds(pid):
    """Of the loop's thread and of all others together: the pool."""
    loop = pool = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        used = sum(map(int, stat_fields(task / "stat")[11:13])) / TICK
        if int(task.name) == pid:
            loop = used
        else:
            pool += used
    return loop, pool


def scheduled_seconds(pid):
    """As processor_seconds, to the nanosecond, of threads that live."""
    schedules = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(each.read_text().split()[0]) for each in schedules) / 1e9


def memory(pid):
    """Bytes that a process has had in memory at most, and has there now that are no file's."""
    status = Path(f"/proc/{pid}/status").read_text()
    fields = dict(re.findall(r"(VmHWM|RssAnon):\s+(\d+) kB", status))
    return int(fields.get("VmHWM", 0)) * 1024, int(fields.get("RssAnon", 0)) * 1024


def resident(pid):
    """Bytes that a process has in memory now."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024


def memory_info(field):
    """Bytes, of the whole machine (man 5 proc: meminfo)."""
    info = Path("/proc/meminfo").read_text()
    return int(re.search(rf"^{field}:\s+(\d+) kB", info, re.MULTILINE)[1]) * 1024


@dataclass
class Side:
    """Whoever gives, or whoever takes: processor time of all, memory of the largest process."""

    processor: float = 0  # seconds
    user: float = 0  # seconds of it that are not the kernel's
    peak: int = 0  # bytes, with what is shared and the pages of mapped files
    anonymous: int = 0  # bytes

    def look(self, pids):
        for pid in (each for parent in pids for each in family(parent)):
            try:
                peak, anonymous = memory(pid)
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has just ended
            self.peak = max(self.peak, peak)
            self.anonymous = max(self.anonymous, anonymous)


@dataclass
class Run:
    """One action of a contestant. A client that is started for it belongs to those who take."""

    seconds: float
    server: Side
    client: Side
    lag: float | None = None  # ms, p99.9 of the event loop; only p2pd tells it


class Sampler:
    """Looks at the memory of both sides until the end."""

    def __init__(self, contestant):
        self.server, self.client = Side(), Side()
        self._contestant = contestant
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._enough.set()
        self._thread.join()

    def _sample(self):
        while True:
            self.server.look(self._contestant.servers)
            self.client.look(list(self._contestant.clients))
            if self._enough.wait(SAMPLE_PERIOD):
                return


def forget_peaks(pids):
    """From now on the kernel keeps the peaks of these processes anew (man 5 proc: clear_refs)."""
    for pid in (each for parent in pids for each in family(parent)):
        Path(f"/proc/{pid}/clear_refs").write_text("5")


def reaped():
    """Processor seconds of the clients that were started and have ended, likewise."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime, usage.ru_utime


def differences(these, those):
    return [one - other for one, other in zip(these, those)]


def measured(contestant):
    """The run of its act()."""
    servers, clients = contestant.servers, list(contestant.clients)
    forget_peaks(servers + clients)
    before = processor_seconds(servers), processor_seconds(clients), reaped()
    with Sampler(contestant) as sampler:
        begin = time.monotonic()
        seconds = (contestant.act() or time.monotonic()) - begin
    after = processor_seconds(servers), processor_seconds(clients), reaped()
    server, client, ended = (differences(*each) for each in zip(after, before))
    sampler.server.processor, sampler.server.user = server
    sampler.client.processor, sampler.client.user = map(sum, zip(client, ended))
    return Run(seconds, sampler.server, sampler.client, contestant.lag())


def quantile(values, share):
    """The smallest value that so large a share of them does not pass."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


median = statistics.median
