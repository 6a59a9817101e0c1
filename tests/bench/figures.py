"""What the bench finds out: rows of who moved bytes, and figures of one number or a few."""

from dataclasses import dataclass

from inputs import GIB
from meter import median


@dataclass
class Row:
    """One contestant in one scenario, medians of its rounds. What is not known is None."""

    scenario: str
    who: str
    note: str = ""  # why there is nothing more
    seconds: float | None = None
    throughput: float | None = None  # MB/s, of all leechers together
    seeder_processor: float | None = None  # seconds for a GiB that was delivered
    leecher_processor: float | None = None
    seeder_user: float | None = None  # of them, those that are not the kernel's
    leecher_user: float | None = None
    seeder_peak: int | None = None  # bytes, of the largest process
    seeder_anonymous: int | None = None
    leecher_peak: int | None = None
    leecher_anonymous: int | None = None
    lag: float | None = None  # ms
    ratio: float | None = None  # its time by that of p2pd, the median over the pairs

    @staticmethod
    def of(scenario, size, result):
        """Of `size` bytes that were delivered in each of the result's runs."""
        row = Row(scenario, result.name, result.note)
        if not result.runs:
            return row

        def middle(figure):
            return median([figure(run) for run in result.runs])

        row.seconds = middle(lambda run: run.seconds)
        row.throughput = size / row.seconds / 1e6
        row.seeder_processor = middle(lambda run: run.server.processor) * GIB / size
        row.leecher_processor = middle(lambda run: run.client.processor) * GIB / size
        row.seeder_user = middle(lambda run: run.server.user) * GIB / size
        row.leecher_user = middle(lambda run: run.client.user) * GIB / size
        row.seeder_peak = middle(lambda run: run.server.peak)
        row.seeder_anonymous = middle(lambda run: run.server.anonymous)
        row.leecher_peak = middle(lambda run: run.client.peak)
        row.leecher_anonymous = middle(lambda run: run.client.anonymous)
        row.lag = middle(lambda run: run.lag) if result.runs[0].lag is not None else None
        row.ratio = median(result.ratios) if result.ratios else None
        return row


@dataclass
class Figure:
    """One line: what was measured, and how much it is, in words."""

    scenario: str
    what: str
    told: str
