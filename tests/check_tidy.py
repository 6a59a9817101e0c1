#!/usr/bin/python3
"""Runs clang-tidy on all that a build compiles, with the checks of .clang-tidy.

  check_tidy.py BUILD           all of it
  check_tidy.py BUILD net disk  what is below a folder of these names

In a build that compiles each room as one file, as tests/build.sh makes it, headers are parsed once
for each room: all rooms take about a minute on two cores, and their tests another. A build that
compiles each file takes ten times as long. So a run checks everything and need not guess which
files a change concerns. Exit code 77 if there is no clang-tidy.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TREE = Path(__file__).parent.parent.resolve()
TIDY = shutil.which("clang-tidy-14") or shutil.which("clang-tidy")

# Options of g++ that clang does not have.
FOREIGN = ("-Wno-unknown-warning-option", "-Wno-ignored-optimization-argument")


def sources(build, folders):
    """What is compiled, below one of the folders if there are any."""
    commands = json.loads((build / "compile_commands.json").read_text())
    files = {os.path.relpath(Path(each["directory"], each["file"]), build) for each in commands}
    return sorted(file for file in files if not folders or folders & set(Path(file).parts))


def findings(build, source):
    """What clang-tidy says of one source: blocks of lines, each with the place it is about."""
    said = subprocess.run(
        [TIDY, "-p", build, "--quiet", f"--config-file={TREE / '.clang-tidy'}",
         *(f"--extra-arg={option}" for option in FOREIGN), build / source],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    blocks = re.split(r"^(?=\S+:\d+:\d+: (?:error|warning): )", said.stdout, flags=re.MULTILINE)
    found = [block for block in blocks if ": error: " in block or ": warning: " in block]
    return found or ([f"{source}: {said.stderr}"] if said.returncode != 0 else [])


def in_tree(build, block):
    """The block with the path of its place written from the tree's root."""
    place, colon, rest = block.partition(":")
    return os.path.relpath((build / place).resolve(), TREE) + colon + rest


def main():
    if TIDY is None:
        print("check_tidy: there is no clang-tidy; see tests/deps.sh", file=sys.stderr)
        return 77
    if len(sys.argv) < 2:
        sys.exit("usage: check_tidy.py BUILD [FOLDER...]")
    build = Path(sys.argv[1]).resolve()
    files = sources(build, set(sys.argv[2:]))
    if not files:
        sys.exit(f"check_tidy: {build} compiles nothing there")
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        found = {in_tree(build, block) for each in pool.map(lambda file: findings(build, file), files)
                 for block in each}
    print("".join(sorted(found)) or f"clang-tidy finds nothing in {len(files)} files")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
