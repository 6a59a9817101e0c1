"""How much of all is measured."""

import enum


class Scale(enum.IntEnum):
    """As an index: sizes are told as (full, quick, smoke)."""

    FULL = 0
    QUICK = 1
    SMOKE = 2

    @property
    def rounds(self):
        return (5, 1, 1)[self]
