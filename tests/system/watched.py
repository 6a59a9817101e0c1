"""A fetch that a test looks at while it runs, and how it went."""

import json
import threading
import time


class Fetch:
    """A fetch and when it had how much, as its lines of progress say it, ten a second. Moments are
    seconds since its start."""

    def __init__(self, node, name="film", *options):
        self.node = node
        self._lines = [(0.0, 0, 0)]  # when, bytes that were there, bytes in all
        self._began = time.monotonic()
        self._job = node.spawn("--json", "fetch", name, *options)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self._job.process.stdout:
            (row,) = json.loads(line)["transfers"]
            self._lines.append((self.now, row["done_bytes"], row["size"]))

    def finish(self, within=300):
        self._reader.join(within)
        self._job.finish()
        return self

    @property
    def goes_on(self):
        return self._reader.is_alive()

    @property
    def now(self):
        return time.monotonic() - self._began

    @property
    def had(self):
        """Bytes that are there, as its last line says."""
        return self._lines[-1][1]

    @property
    def never_lost_any(self):
        done = [had for _, had, _ in self._lines]
        return done == sorted(done)

    @property
    def seconds(self):
        """What it took."""
        return self._lines[-1][0]

    @property
    def first(self):
        """When the first chunk was there."""
        return next(at for at, had, _ in self._lines if had > 0)

    @property
    def longest_wait(self):
        """The longest time until now in which nothing came."""
        lines = list(zip(self._lines, self._lines[1:]))
        came = [0.0, *(at for (_, had, _), (at, has, _) in lines if has > had), self.now]
        return max(later - sooner for sooner, later in zip(came, came[1:]))

    @property
    def tail(self):
        """The share of the time that the last 1 % took."""
        return 1 - self._when(0.99 * self._lines[-1][2]) / self.seconds

    def rate(self, begin, end):
        """Bytes per second between two moments, both of them over."""
        return (self._had(end) - self._had(begin)) / (end - begin)

    def _when(self, count):
        """When so much was there; between two lines it is interpolated, here and below."""
        for (at, had, _), (then, has, _) in zip(self._lines, self._lines[1:]):
            if had < count <= has:
                return at + (then - at) * (count - had) / (has - had)
        raise AssertionError(f"there were never {count} bytes")

    def _had(self, moment):
        for (at, had, _), (then, has, _) in zip(self._lines, self._lines[1:]):
            if at <= moment < then:
                return had + (has - had) * (moment - at) / (then - at)
        raise AssertionError(f"{moment} s are not over")

    def __str__(self):
        return f"{self.seconds:.2f} s, the last 1 % in {self.tail:.1%} of it"
