#!/usr/bin/python3
"""Each promise of SECURITY.md is shown by a test: every test that is named there exists, and each
row of what somebody can do names one.

Paths are below tests/; one without a folder is in tests/system/ or tests/lab/.
"""

import re
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent
PAGE = TESTS.parent / "SECURITY.md"


def exists(test):
    folders = [""] if "/" in test else ["system", "lab"]
    return any((TESTS / folder / test).is_file() for folder in folders)


def faults(text):
    found = [
        f'"{test}" does not exist'
        for test in re.findall(r"`((?:\w+/)?test_\w+\.py)`", text)
        if not exists(test)
    ]
    table = text.partition("| shown by |\n")[2].partition("\n\n")[0].splitlines()[1:]
    if not table:
        found.append('there is no table with a column "shown by"')
    for row in table:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        if "`" not in cells[-1]:
            found.append(f'no test shows where "{cells[1]}" ends')
    return found


def main():
    found = faults(PAGE.read_text())
    for fault in found:
        print(f"{PAGE.name}: {fault}")
    sys.exit(bool(found))


main()
