"""p2pctl top on a real terminal: what stands there, its keys, a resize, and its end."""

import re

import pytest
from processes import eventually

SIZE = 192 * 1024 * 1024


@pytest.fixture(scope="module")
def pair(shared_net):
    """A peer that fetches from another, for longer than these tests take."""
    here, nas = shared_net.peers("here", "nas")
    here.content = nas.publish(nas.make("漢字.iso", SIZE))
    here.ctl("limit", "--down", "2 MB/s")
    here.ctl("fetch", "--detach", here.content)
    return here, nas


def wide(text):
    """As on the screen, where such a character takes two columns."""
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)


def shows_all_of_it(terminal, columns, lines):
    """The daemon with its rates, the transfer and the peers, each in its place."""

    def complete(screen):
        shown = screen.splitlines()
        rates = re.search(r"^down .*\d MiB/s", screen, re.M), re.search(r"^nas .*MiB/s", screen, re.M)
        return len(shown) == lines and "PEERS: 2" in screen and all(rates)

    shown = terminal.shows(lambda screen: complete(screen) and screen).splitlines()
    assert all(wide(line) <= columns for line in shown)
    assert shown[0].startswith("peer here, ") and "trackers: 1 of 1" in shown[0]
    assert re.match(r"down .*[▁-█] +\d+(\.\d)? MiB/s, \d+(\.\d)? MiB in all$", shown[1])
    assert re.match(r"up   .*[▁-█] +0 B/s, 0 B in all$", shown[2])
    assert shown[4] == "TRANSFERS: 1"
    assert re.match(r"     1  漢字.iso +█*[▉-▏]?░+ +\d+%  ", shown[5])
    rows = {line.split()[0]: line for line in shown[7:-1] if line}
    assert re.match(r"nas +127.0.0.1:\d+ +[\d.]+ ms +[\d.]+ MiB/s +0 B/s", rows["nas"])
    assert rows["tracker"].endswith("0 B/s       0 B/s")
    assert shown[-1].startswith("Up Down select  p pause  r resume")


def test_it_fits_into_80x24_and_follows_a_resize(on_terminal, pair):
    here, _ = pair
    terminal = on_terminal(here, "top")
    shows_all_of_it(terminal, 80, 24)
    assert terminal.full_screen and not terminal.cursor_shown
    terminal.resize(200, 50)
    shows_all_of_it(terminal, 200, 50)
    terminal.resize(30, 9)
    terminal.shows(lambda screen: len(screen.splitlines()) == 9 and "TRANSFERS: 1" in screen)
    terminal.press("q")
    terminal.ends()
    assert terminal.screen() == ""


def test_keys_pause_resume_and_cancel(on_terminal, pair):
    here, nas = pair
    terminal = on_terminal(here, "top", columns=200, lines=50)

    def press(key, note, state):
        terminal.press(key)
        terminal.shows(note)
        eventually(lambda: (here.transfer(here.content) or {}).get("state") == state, state)

    shows_all_of_it(terminal, 200, 50)
    press("p", "transfer 1 (漢字.iso) is paused", "paused")
    terminal.shows(lambda screen: re.search(r"漢字.iso .*  paused", screen))
    press("r", "transfer 1 (漢字.iso) is running", "running")
    press("p", "transfer 1 (漢字.iso) is paused", "paused")
    press("f", "has not ended; p2pctl cancel stops it", "paused")
    press("c", "cancel transfer 1 and remove what it has fetched? y or n", "paused")
    press("n", "s sort (rate)", "paused")
    terminal.press("s")
    terminal.shows("s sort (name)")
    terminal.press("c", "y")
    terminal.shows("TRANSFERS: 0")
    terminal.press("C-c")
    terminal.ends(130)


def test_a_tracker_and_one_that_goes_away(on_terminal, net):
    net.peers("one")
    terminal = on_terminal(net.tracker, "top")
    terminal.shows("tracker tracker, contents: 0, peers: 1")
    assert re.search(r"^one +127.0.0.1:\d+ .* p2pd/0.1.0$", terminal.screen(), re.MULTILINE)
    net.tracker.stop()
    terminal.shows("no daemon answers at")
    net.tracker.start()
    terminal.shows(lambda screen: "s sort (rate)" in screen and "peers: 1" in screen)
    terminal.press("C-d")
    terminal.ends()


def test_without_a_daemon_or_a_terminal(on_terminal, idle_net):
    node = idle_net.node("late")
    terminal = on_terminal(node, "top")
    terminal.ends(3)
    terminal.shows("p2pctl: top: no daemon answers at")
    assert "needs a terminal" in node.refusal("top", code=2)
