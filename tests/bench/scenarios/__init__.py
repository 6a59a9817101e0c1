"""What is measured, each under the name that --only takes. A scenario is called with a Bench and
gives the rows and figures that it found."""

from dataclasses import dataclass
from pathlib import Path

from scale import Scale


@dataclass(frozen=True)
class Bench:
    """What a scenario may use."""

    build: Path  # the build folder of p2pd
    folder: Path  # for its files; removed behind it
    scale: Scale
    rounds: int


def every():
    """By name, in the order of the table."""
    from scenarios import (
        commands,
        cores,
        crowd,
        first_byte,
        fleets,
        large,
        links,
        paging,
        publish,
        sites,
        tracker,
        transfers,
        trouble,
        upkeep,
    )

    modules = (
        *(transfers, crowd, links, fleets, sites, trouble, first_byte, publish, cores, large),
        *(commands, upkeep, paging, tracker),
    )
    return {name: run for module in modules for name, run in module.SCENARIOS.items()}
