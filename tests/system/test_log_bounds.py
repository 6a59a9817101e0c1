"""No trouble fills the log: one line a cause and minute, counted, and 20 a minute in all."""

import re
import signal
import time

from member import Member, dial
from processes import eventually

REGISTER = 16
MOST = 20  # lines in any minute


class Watched:
    """The lines of a node's log from now on."""

    def __init__(self, node):
        self._node, self._before = node, len(node.log_text().splitlines())
        self._began = time.monotonic()

    @property
    def lines(self):
        return self._node.log_text().splitlines()[self._before :]

    @property
    def bound(self):
        return MOST * (1 + int((time.monotonic() - self._began) / 60))

    @property
    def repeated(self):
        """The counts that they tell."""
        counts = re.findall(r"repeated ([\d,]+) times", "\n".join(self.lines))
        return [int(count.replace(",", "")) for count in counts]


def test_members_that_come_and_go(net):
    log = Watched(net.tracker)
    for number in range(120):
        member = Member(dial(net.tracker), net.secret).hello(name=f"member-{number}")
        member.ask(REGISTER)
        member.close()
    print(f"240 events: {len(log.lines)} lines")
    assert len(log.lines) <= log.bound
    net.tracker.stop()
    assert sum(log.repeated) > 180, "what was counted is told at the end"
    assert log.lines[-1].endswith(" I app: stopped")


def test_trouble_is_a_line_a_cause(net):
    """Thirty fetches that fail, and the hook of each."""
    names = [f"f{number}" for number in range(30)]
    (source,) = net.peers("source")
    source.ctl("publish", *(source.make(name, 1000, seed=name) for name in names))
    peer = net.peer("peer", peer={"on_failed": ["/bin/false"]}).start()
    peer.downloads.mkdir(exist_ok=True)
    for name in names:
        (peer.downloads / name).write_text("in the way")
    log = Watched(peer)
    for name in names:
        peer.ctl("fetch", name, code=1)

    def all_hooks_ran():
        return all(row["hook"] == "exit 1" for row in peer.json("transfers")["transfers"])

    eventually(all_hooks_ran, "all hooks ran")
    failures = [line for line in log.lines if " W transfers: " in line]
    print(f"30 failures and hooks: {len(log.lines)} lines, {len(failures)} of failures")
    assert len(log.lines) <= log.bound
    assert len(failures) <= log.bound / MOST
    peer.ctl("log-level", "debug")
    peer.ctl("fetch", "f0", code=1)
    peer.ctl("fetch", "f1", code=1)
    assert [" W transfers: " in line for line in log.lines].count(True) >= 3, "debug tells all"
    peer.stop()
    assert max(log.repeated) >= 28


def test_answers_to_signals_are_always_said(net):
    (peer,) = net.peers("peer")
    for count in range(1, 31):
        peer.process.send_signal(signal.SIGHUP)
        eventually(lambda: peer.log_text().count("reloaded; in force") == count, "it answers")
