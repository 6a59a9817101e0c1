"""The binaries under test, one run of p2pctl, and how a test waits.

Nothing in these tests sleeps for a fixed time: what a test waits for is a condition with a
deadline. Deadlines are for what would never happen, as a busy machine takes its time: how fast
something is, the bench measures (tests/bench). And nothing knows the inside of p2pd: the contract
under test is the man pages'.
"""

import json
import os
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent

# What must stand in no log: reports of the sanitizers, and assertions, which are our own bugs.
BUG = re.compile(r"Sanitizer|runtime error:|assert", re.IGNORECASE)


PATIENCE = 60.0  # seconds for what takes one of them where nothing else runs


def eventually(condition, what, within=PATIENCE):
    """Returns the first truthy value of condition(); fails at the deadline."""
    deadline = time.monotonic() + within
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not within {within} s: {what}"
        time.sleep(0.02)  # the pause between two looks
    return value


def environment():
    """Ours without what would lead p2pd or p2pctl to nodes that are not under test."""
    hidden = {"P2PCTL_SOCKET", "XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_CONFIG_HOME"}
    return {key: value for key, value in os.environ.items() if key not in hidden}


@dataclass(frozen=True)
class Build:
    """The binaries under test."""

    p2pd: Path
    p2pctl: Path
    describe_commands: Path
    sanitized: bool

    @staticmethod
    def of(folder):
        options = json.loads((folder / "meson-info" / "intro-buildoptions.json").read_text())
        sanitize = next(option["value"] for option in options if option["name"] == "b_sanitize")
        return Build(
            folder / "daemon" / "p2pd",
            folder / "ctl" / "p2pctl",
            folder / "tests" / "system" / "describe-commands",
            sanitize != "none",
        )


class Ctl:
    """One run of p2pctl, started at once; finish() waits for it and checks its exit code."""

    def __init__(self, command, env, **popen):
        self._command = [str(word) for word in command]
        self.process = subprocess.Popen(
            command,
            env=env,
            text=True,
            encoding="utf-8",
            errors="surrogateescape",
            **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
            | popen,
        )
        self.stdout = self.stderr = ""

    def finish(self, code=0, within=2 * PATIENCE):
        try:
            self.stdout, self.stderr = self.process.communicate(timeout=within)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.stdout, self.stderr = self.process.communicate()
            raise AssertionError(f"not done in {within} s: {self}") from None
        assert self.process.returncode == code, f"exit code is not {code}: {self}"
        assert not BUG.search(self.stderr or ""), f"p2pctl has a bug: {self}"
        return self

    @property
    def running(self):
        return self.process.poll() is None

    @property
    def lines(self):
        """The objects of --json output that comes line by line."""
        return [json.loads(line) for line in self.stdout.splitlines()]

    @property
    def message(self):
        """The one line that an error is, without p2pctl's name."""
        lines = self.stderr.splitlines()
        assert len(lines) == 1, f"an error is one line: {self}"
        assert lines[0].startswith("p2pctl: "), f"an error begins with who says it: {self}"
        return lines[0].removeprefix("p2pctl: ")

    def __str__(self):
        code = self.process.returncode
        return f"{' '.join(self._command[1:])}: {code=}\n{self.stdout}\n{self.stderr}"
