"""The programs that on_complete and on_failed name."""

import sqlite3

import pytest
from content import seed
from processes import eventually

SCRIPT = """#!/bin/sh
echo "$P2PD_STATE $P2PD_NAME $P2PD_PATH $P2PD_ERROR" >>"$1/told"
while [ -e "$1/hold" ]; do sleep 0.02; done
[ "$P2PD_NAME" != bad ]
"""


@pytest.fixture(scope="module")
def pair(shared_net):
    """A source, and a fetcher with both hooks."""
    fetcher = shared_net.peer("fetcher")
    program = fetcher.home / "hook"
    program.write_text(SCRIPT)
    program.chmod(0o755)
    hook = [str(program), str(fetcher.home)]
    fetcher.configure(peer={"on_complete": hook, "on_failed": hook})
    return shared_net.peers("source")[0], fetcher.start()


def told(fetcher):
    file = fetcher.home / "told"
    return file.read_text().splitlines() if file.exists() else []


def has_hook(fetcher, content, status):
    eventually(lambda: fetcher.transfer(content)["hook"] == status, f"its hook: {status}")


def test_what_is_done_and_what_has_failed(pair):
    source, fetcher = pair
    good, bad = seed("good", 1000, source), seed("bad", 1001, source, variant=2)
    fetcher.fetch("good")
    has_hook(fetcher, good, "exit 0")
    assert told(fetcher)[-1] == f"done good {fetcher.downloads}/good "
    fetcher.fetch("bad")
    has_hook(fetcher, bad, "exit 1")
    assert "hook: exit 1" not in fetcher.ctl("transfers").stdout  # a column of its own
    assert f"hooks: exit 1 transfer={fetcher.transfer_id(bad)}" in fetcher.log_text()
    (fetcher.downloads / "in-the-way").write_text("mine")
    content = seed("in-the-way", 1002, source)
    fetcher.fetch("in-the-way", code=1)
    has_hook(fetcher, content, "exit 0")
    assert told(fetcher)[-1].startswith("failed in-the-way ")
    assert "in-the-way" in told(fetcher)[-1].split(" ", 3)[3], "the error"


def test_never_twice(pair):
    """Killed while its hook runs, and killed before it is started."""
    source, fetcher = pair
    early = seed("early", 1005, source)
    fetcher.fetch("early")
    has_hook(fetcher, early, "exit 0")
    hold = fetcher.home / "hold"
    hold.touch()
    content = seed("once", 1003, source)
    fetcher.fetch("once")
    eventually(lambda: any(" once " in line for line in told(fetcher)), "its hook runs")
    fetcher.kill9()
    before = told(fetcher)
    with sqlite3.connect(fetcher.state / "state.db") as database:
        database.execute(
            "UPDATE transfers SET hook = ? WHERE content = ?", [b"waiting", bytes.fromhex(early)]
        )
    database.close()
    hold.unlink()
    fetcher.start()
    has_hook(fetcher, content, "interrupted")
    eventually(lambda: len(told(fetcher)) > len(before), "the one that waited runs")
    assert told(fetcher)[len(before):] == [f"done early {fetcher.downloads}/early "]
    fetcher.kill9()
    fetcher.start()
    has_hook(fetcher, content, "interrupted")
    assert len(told(fetcher)) == len(before) + 1


def test_other_hooks_after_a_reload(pair):
    source, fetcher = pair
    fetcher.configure(peer={"on_complete": None})
    fetcher.ctl("reload")
    quiet = seed("quiet", 1006, source)
    fetcher.fetch("quiet")
    assert fetcher.transfer(quiet)["hook"] is None
    fetcher.configure(peer={"on_complete": ["/usr/bin/true"]})
    fetcher.ctl("reload")
    content = seed("after", 1004, source)
    fetcher.fetch("after")
    has_hook(fetcher, content, "exit 0")
