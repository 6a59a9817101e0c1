"""The findings as Markdown."""

from itertools import groupby

from figures import Figure, Row
from inputs import MIB

LEGEND = """\
Everything on loopback and in turns, medians of {rounds}. p2pd encrypts and authenticates all that
it sends and verifies all that it gets; its rivals run in plaintext, and curl verifies nothing. Time
counts from the command to the whole file; MB/s are those of all leechers together. CPU is user and
system time, in seconds for a GiB delivered. Memory is that of the largest process of a side: the
most that was resident, with mapped files, and the most that was anonymous. Lag is how long p2pd's
loop was busy at a stretch, p99.9. The last column says how many times as long as p2pd it took."""

HEADS = (
    "",
    "",
    "s",
    "MB/s",
    "CPU seeder",
    "CPU leecher",
    "MiB seeder",
    "MiB leecher",
    "lag ms",
    "times p2pd's",
)


def markdown(machine, findings, rounds):
    """All of it, ready to be pasted."""
    parts = [", ".join(f"{word} {what}" for word, what in machine.items()) + "."]
    rows = [each for each in findings if isinstance(each, Row)]
    figures = [each for each in findings if isinstance(each, Figure)]
    if rows:
        parts += [LEGEND.format(rounds=rounds), lines(HEADS, map(cells, rows))]
    if figures:
        told = ((each.scenario, each.what, each.told) for each in figures)
        parts.append(lines(("", "", "measured"), told))
    return "\n\n".join(parts) + "\n"


def lines(heads, rows):
    """A scenario is named in its first row alone."""
    out = [heads, ["---"] * 2 + ["---:" if len(heads) > 3 else "---"] * (len(heads) - 2)]
    for _, group in groupby(rows, key=lambda row: row[0]):
        first, *others = group
        out += [first] + [("", *other[1:]) for other in others]
    return "\n".join(f"| {' | '.join(row)} |" for row in out)


def cells(row):
    if row.note and row.seconds is None:
        return (row.scenario, f"{row.who}: {row.note}", *[""] * (len(HEADS) - 2))
    return (
        row.scenario,
        f"{row.who}: {row.note}" if row.note else row.who,
        f"{row.seconds:.2f}",
        f"{row.throughput:,.0f}",
        f"{row.seeder_processor:.2f}",
        f"{row.leecher_processor:.2f}",
        memory(row.seeder_peak, row.seeder_anonymous),
        memory(row.leecher_peak, row.leecher_anonymous),
        "" if row.lag is None else f"{row.lag:.1f}",
        "" if row.ratio is None else f"{row.ratio:.2f}",
    )


def memory(peak, anonymous):
    return f"{peak / MIB:.0f}, {anonymous / MIB:.0f}" if peak else ""
