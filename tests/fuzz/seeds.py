#!/usr/bin/python3
"""Writes the seeds of a fuzz target as the binary files that libFuzzer wants:

seeds.py TARGET FOLDER

Its corpus, and the golden files that it reads, are kept as hex so that people can review them.
"""

import sys
from pathlib import Path

HERE = Path(__file__).parent
GOLDEN = {"message": "messages", "manifest": "manifest", "control": "control"}


def main(target, folder):
    places = [HERE / "corpus" / target]
    if target in GOLDEN:
        places.append(HERE.parent / "golden" / GOLDEN[target])
    Path(folder).mkdir(parents=True, exist_ok=True)
    for file in (file for place in places for file in place.glob("*.hex")):
        digits = "".join(line.split("#")[0] for line in file.read_text().splitlines())
        (Path(folder) / file.stem).write_bytes(bytes.fromhex(digits))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
