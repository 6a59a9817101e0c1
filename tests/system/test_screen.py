"""What p2pctl draws on a real terminal: bars that follow the window and go when they are done,
tables that fit, and colour only where it is wanted."""

import os
import pty
import re
import subprocess
import unicodedata

import pytest
from content import MIB, seed
from processes import environment

BAR = re.compile(r"film +[█▏▎▍▌▋▊▉]+░+ +\d+%")
DONE = re.compile(r"(/\S+)  4 MiB  +\S+ (s|min).*  +\S+ [KM]iB/s  from 1 source")


@pytest.fixture
def held(net):
    """A fetcher, and the gate that holds its fetch of "film" when a third is there."""
    origin, gate = net.gated_peer("origin", allow=3 * MIB // 2)
    seed("film", 4 * MIB, origin, options=("--chunk-size", "64KiB"))
    (fetcher,) = net.peers("fetcher")
    return fetcher, gate


def shows_its_bar(terminal):
    """Waits until the bar stands there, and nothing else; returns it."""

    def alone(screen):
        return "\n" not in screen and BAR.match(screen) and "from 1" in screen

    terminal.shows(alone)
    return terminal.screen()


def shows_it_is_done(terminal, fetcher):
    """It ends, and its one line is all that is left."""
    terminal.ends()
    line = DONE.fullmatch(terminal.history())
    assert line, terminal.history()
    assert line[1] == str(fetcher.downloads / "film")


@pytest.mark.parametrize("columns, lines", [(80, 24), (200, 50)])
def test_ctrl_c_leaves_the_transfer_and_says_how_to_follow_it(held, on_terminal, columns, lines):
    fetcher, gate = held
    fetching = on_terminal(fetcher, "fetch", "film", columns=columns, lines=lines)
    assert (len(shows_its_bar(fetching)) > 80) == (columns > 80)
    fetching.press("C-c")
    fetching.ends(130)
    assert fetching.history() == (
        "p2pctl: fetch: interrupted: transfer 1 goes on in the daemon; "
        '"p2pctl wait 1" follows it, "p2pctl cancel 1" ends it'
    )
    waiting = on_terminal(fetcher, "wait", "1", columns=columns, lines=lines)
    shows_its_bar(waiting)
    gate.open()
    shows_it_is_done(waiting, fetcher)


def test_the_bar_follows_the_window(held, on_terminal):
    fetcher, gate = held
    fetching = on_terminal(fetcher, "fetch", "film")
    before = len(shows_its_bar(fetching))
    for columns in (50, 30, 120):

        def follows(screen, before=before, columns=columns):
            alone = "\n" not in screen and BAR.match(screen)
            return alone and before != len(screen) < columns

        fetching.resize(columns, 24)
        fetching.shows(follows)
        before = len(fetching.screen())
    fetching.press("C-d")  # of no interest to a fetch
    gate.open()
    shows_it_is_done(fetching, fetcher)


def test_the_terminal_may_go(held, on_terminal):
    fetcher, gate = held
    fetching = on_terminal(fetcher, "fetch", "film")
    shows_its_bar(fetching)
    fetching.hang_up()
    gate.open()
    fetcher.ctl("wait", "1")


def columns_of(text):
    """What it takes on a terminal, by another table than p2pctl's."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)


NAMES = ["plain", "漢字の名前", "e\u0301tude", "two\nlines", "\x1b[31mred", "quo\"te's", "x" * 130]


@pytest.mark.parametrize("columns", [80, 200])
def test_a_table_keeps_its_columns(net, on_terminal, columns):
    (peer,) = net.peers("peer")
    for number, name in enumerate(NAMES):
        peer.publish(peer.make(name, 1000 + number, seed=number))
    table = on_terminal(peer, "files", columns=columns, lines=24)
    table.ends()
    head, *rows = table.history().splitlines()
    assert len(rows) == len(NAMES), table.history()
    end_of_size = head.index("SIZE") + len("SIZE")
    for row in rows:
        size = re.search(r"1\d\d\d B|1.0 KiB|0.98 KiB", row)
        assert columns_of(row[: size.end()]) == end_of_size, row
        assert columns_of(row) <= columns
    assert any(row.startswith("xxxx") and ("…" in row) == (columns == 80) for row in rows)


def drawn(node, *args, **env):
    """The bytes that p2pctl writes to a terminal."""
    outer, inner = pty.openpty()
    command = [node.build.p2pctl, "--socket", node.socket, *args]
    env = environment() | {"TERM": "xterm", "LC_ALL": "C.UTF-8", "NO_COLOR": ""} | env
    subprocess.run(command, env=env, stdout=inner, stderr=inner, check=True)
    os.close(inner)
    written = b""
    try:
        while data := os.read(outer, 65536):
            written += data
    except OSError:  # as a terminal ends
        pass
    os.close(outer)
    return written


def test_colour_is_for_those_who_want_it(net):
    for args in (["status"], ["files"], ["doctor"]):
        assert b"\x1b[" in drawn(net.tracker, *args) or args == ["files"]
        assert b"\x1b" not in drawn(net.tracker, *args, NO_COLOR="1")
        assert b"\x1b" not in drawn(net.tracker, *args, TERM="dumb")
        assert b"\x1b" not in drawn(net.tracker, "--no-color", *args)


def test_without_utf8_all_is_ascii(net):
    (peer,) = net.peers("peer")
    peer.publish(peer.make("漢字 é", 1000))
    for args in (["files"], ["chunks", "漢字 é"]):
        assert "漢字".encode() in drawn(peer, *args)
        written = drawn(peer, *args, LC_ALL="C")
        assert written.isascii() and b"???? ?" in written
