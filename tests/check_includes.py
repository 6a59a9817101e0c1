#!/usr/bin/python3
"""Holds the tree against the house plan: who may include whom, libuv in its one room, heavy
headers out of headers, and no file over 400 lines without its reason.

  check_includes.py [TREE]        check TREE (default: the tree this script stands in)
  check_includes.py --self-test   check that a tree with one fault of each kind is found out
"""

import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

# What a room may include besides itself: rooms, or single files of proto. This is the diagram
# "who may include whom" of the house plan, each row with all that stands to its right.
ALLOWED = {
    "proto": "",
    "proto/control": "proto",
    "ctl/base": "proto/control proto",
    "ctl/render": "ctl/base proto/control proto",
    "ctl/complete": "ctl/render ctl/base proto/control proto",
    "ctl/top": "ctl/render ctl/base proto/control proto",
    "ctl": "ctl/complete ctl/top ctl/render ctl/base proto/control proto",
    "base": "proto/bytes proto/ids proto/safe_text proto/units",
    "io": "base",
    "lookup": "proto/control proto",
    "cipher": "proto",
    "net": "cipher io base proto",
    "disk": "io base proto/bytes proto/ids proto/manifest",
    "state": "disk io base proto/bytes proto/ids",
    "store": "disk io base proto/bytes proto/ids proto/manifest",
    "swarm": "proto/bytes proto/ids proto/chunk_set",
    "library": "net state store disk io base proto/control proto",
    "membership": "library lookup net state disk io base proto",
    "links": "library swarm net disk io base proto",
    "download": "links membership library lookup swarm net state store disk io base proto",
    "transfer": "download links membership library lookup net state store disk io base proto",
    "publishing": "transfer membership library lookup net store disk io base proto",
    "peer": "publishing transfer download links membership library lookup net disk io base proto",
    "tracker": "swarm net state disk io base proto",
    "checkup": "disk base",
    "control": "checkup peer publishing transfer download links membership library tracker lookup net "
    "disk io base proto/control proto",
    "http": "peer transfer links membership library tracker net disk io base proto",
    "app": "control http peer library tracker net disk io base proto",
    "options": "",
    "seen_closes": "",
    "wipe_freed": "",
    "main": "options app control http peer tracker net disk io base proto",
}

# Seconds of compile time each: never in a header, where every includer would pay.
HEAVY = ("toml.hpp", "toml/", "CLI/", "msgpack.hpp", "msgpack/", "nlohmann/")

LONGEST = 400
EXCUSE = "// Long because"

INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')
LIBUV = re.compile(r"\b(uv_|UV_)\w+|<uv\.h>")


def room_of(path):
    """The room of a path written from the tree's root: daemon/net/session.hpp is in net, and
    proto/control/commands/nodes.hpp in proto/control."""
    parts = Path(path).with_suffix("").parts
    if parts[0] == "daemon":
        return parts[1]  # a folder, or the file daemon/main or daemon/app itself
    folder = "/".join(parts[:-1][:2])
    return folder if folder in ALLOWED else parts[0]


def may_include(source, target):
    room = room_of(source)
    allowed = ALLOWED.get(room, "").split() + [room]
    return room_of(target) in allowed or str(Path(target).with_suffix("")) in allowed


def check_file(tree, path, heavy_users):
    """Yields a complaint for each fault of one file."""
    name = str(path.relative_to(tree))
    lines = path.read_text().splitlines()
    if room_of(name) not in ALLOWED:
        yield f"{name}: \"{room_of(name)}\" is no room of the house plan"
    if len(lines) > LONGEST and not any(line.startswith(EXCUSE) for line in lines[:15]):
        yield f'{name}: {len(lines)} lines; split it, or say "{EXCUSE} ..." at its top'
    for number, line in enumerate(lines, 1):
        where = f"{name}:{number}"
        if LIBUV.search(line.split("//")[0]) and room_of(name) != "io":
            yield f"{where}: libuv is named outside daemon/io"
        include = INCLUDE.match(line)
        if not include:
            continue
        bracket, target = include.groups()
        heavy = next((header for header in HEAVY if target.startswith(header)), None)
        if heavy:
            heavy_users[heavy] += 1
            if path.suffix != ".cpp":
                yield f"{where}: {target} is heavy and belongs into one .cpp"
        if bracket == "<":
            continue
        if not (tree / target).is_file():
            yield f'{where}: "{target}" is no file from the root of the tree'
        elif not may_include(name, target):
            yield f"{where}: {room_of(name)} must not include {target}"


def check(tree):
    """Returns the complaints about a tree, and how many files include each heavy header."""
    heavy_users = Counter()
    complaints = []
    for room in ("proto", "daemon", "ctl"):
        for path in sorted((tree / room).rglob("*.[ch]pp")):
            complaints += check_file(tree, path, heavy_users)
    return complaints, heavy_users


BAD_TREE = {
    "proto/bytes.hpp": "#pragma once\n",
    "proto/ids.hpp": '#include "proto/bytes.hpp"\n',
    "proto/frame.hpp": '#include "daemon/base/log.hpp"\n',  # proto stands alone
    "proto/codec.hpp": '#include "proto/control/commands/nodes.hpp"\n',
    "proto/control/commands/nodes.hpp": '#include "proto/ids.hpp"\n',
    "daemon/base/log.hpp": "#include <CLI/CLI.hpp>\n",  # heavy in a header
    "daemon/base/config.cpp": '#include "proto/frame.hpp"\n#include <toml.hpp>\n',
    "daemon/io/loop.hpp": '#include <uv.h>\n#include "daemon/net/session.hpp"\n',
    "daemon/net/session.hpp": '#include "session_set.hpp"\n// uv_loop_t is named here in peace\n',
    "daemon/swarm/picker.hpp": '#include "proto/ids.hpp"\n#include "proto/frame.hpp"\n',
    "daemon/download/download.cpp": '#include "daemon/swarm/picker.hpp"\nuv_loop_t* loop;\n',
    "daemon/peer/long.cpp": "\n" * (LONGEST + 1),
    "daemon/peer/excused.cpp": f"{EXCUSE} it is a table.\n" + "\n" * LONGEST,
    "daemon/attic/old.hpp": "#pragma once\n",
    "daemon/app.cpp": '#include "daemon/io/loop.hpp"\n#include "proto/ids.hpp"\n',
    "daemon/main.cpp": '#include "daemon/app.hpp"\n',
    "daemon/app.hpp": "#pragma once\n",
    "ctl/main.cpp": '#include "proto/frame.hpp"\n#include "daemon/app.hpp"\n',
}
BAD_TREE_FAULTS = """\
proto/frame.hpp:1: proto must not include daemon/base/log.hpp
proto/codec.hpp:1: proto must not include proto/control/commands/nodes.hpp
daemon/attic/old.hpp: "attic" is no room of the house plan
daemon/base/config.cpp:1: base must not include proto/frame.hpp
daemon/base/log.hpp:1: CLI/CLI.hpp is heavy and belongs into one .cpp
daemon/io/loop.hpp:2: io must not include daemon/net/session.hpp
daemon/net/session.hpp:1: "session_set.hpp" is no file from the root of the tree
daemon/peer/long.cpp: 401 lines; split it, or say "// Long because ..." at its top
daemon/download/download.cpp:2: libuv is named outside daemon/io
daemon/swarm/picker.hpp:2: swarm must not include proto/frame.hpp
ctl/main.cpp:2: ctl must not include daemon/app.hpp"""


def self_test():
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        for name, text in BAD_TREE.items():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_text(text)
        complaints, heavy_users = check(tree)
    found, expected = set(complaints), set(BAD_TREE_FAULTS.splitlines())
    for line in sorted(expected - found):
        print(f"not found out: {line}")
    for line in sorted(found - expected):
        print(f"no fault: {line}")
    return found == expected and heavy_users == {"CLI/": 1, "toml.hpp": 1}


def main():
    if "--self-test" in sys.argv:
        return 0 if self_test() else 1
    tree = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    complaints, heavy_users = check(tree)
    for header, users in sorted(heavy_users.items()):
        print(f"{header} is included by {users} files")
    print("\n".join(complaints) or "every include is on the plan")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
