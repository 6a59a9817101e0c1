#!/usr/bin/python3
"""Sums JUnit reports: prints `passed failed skipped`, and the names of what failed on stderr.

A report that is missing counts as one failure: its test run ended before it could write one.
"""

import sys
import xml.etree.ElementTree as xml
from pathlib import Path


def count(report):
    """Returns (passed, failed, skipped) of one report."""
    try:
        cases = list(xml.parse(report).iter("testcase"))
    except (OSError, xml.ParseError) as error:
        print(f"  FAILED {report}: {error}", file=sys.stderr)
        return 0, 1, 0
    failed = [c for c in cases if c.find("failure") is not None or c.find("error") is not None]
    skipped = [c for c in cases if c.find("skipped") is not None]
    for case in failed:
        name = f"{case.get('classname')}.{case.get('name')}"
        print(f"  FAILED {Path(report).stem}: {name}", file=sys.stderr)
    return len(cases) - len(failed) - len(skipped), len(failed), len(skipped)


print(*(sum(column) for column in zip(*map(count, sys.argv[1:]))))
