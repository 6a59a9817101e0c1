"""A real terminal: tmux, with one program in it, no status line and no config of the user's."""

import shutil
import subprocess

from leftovers import make_folder
from processes import PATIENCE, environment, eventually

CONFIG = """\
set -g status off
set -g default-terminal screen-256color
set -g history-limit 10000
set -s escape-time 0
"""

# Runs a program and leaves its exit code in a file, with the terminal's modes before and after.
# Then it stays, so that the screen does; Ctrl-C is the program's alone.
SHELL_LINE = """\
trap : INT
modes=$(stty -g)
"$@"
printf "%s\n" $? "$modes" "$(stty -g)" >"$0.new"
mv "$0.new" "$0"
trap "" INT
exec sleep infinity
"""


class Terminal:
    """A program on a terminal. Its last screen stays when it has ended, until close()."""

    def __init__(self, *command, columns=80, lines=24, env=None):
        self._folder = make_folder()
        (self._folder / "conf").write_text(CONFIG)
        self._env = environment() | {"LC_ALL": "C.UTF-8"} | (env or {})
        self._env.pop("TMUX", None)
        self._result = self._folder / "result"
        run = ["sh", "-c", SHELL_LINE, self._result, *command]
        size = ["-x", columns, "-y", lines]
        self._tmux("-f", self._folder / "conf", "new-session", "-d", *size, *run)

    def _tmux(self, *args):
        command = ["tmux", "-u", "-S", self._folder / "tmux", *args]
        done = subprocess.run(
            [str(word) for word in command], env=self._env, text=True, capture_output=True
        )
        assert done.returncode == 0, f"tmux {' '.join(map(str, args))}: {done.stderr}"
        return done.stdout

    def _ask(self, variable):
        return self._tmux("display-message", "-p", f"#{{{variable}}}").strip()

    # What a user does

    def type(self, text):
        self._tmux("send-keys", "-l", "--", text)

    def press(self, *keys):
        """Keys by tmux's names: Enter, Tab, Up, C-c, C-d."""
        self._tmux("send-keys", "--", *keys)

    def enter(self, line):
        self.type(line)
        self.press("Enter")

    def resize(self, columns, lines):
        self._tmux("resize-window", "-x", columns, "-y", lines)

    def hang_up(self):
        """Closes the window, with the program in it."""
        self._tmux("respawn-pane", "-k", "sleep infinity")

    # What a user sees

    def lines(self):
        """The lines on the screen from top to bottom, without the blanks behind them."""
        return [line.rstrip() for line in self._tmux("capture-pane", "-p").split("\n")[:-1]]

    def screen(self):
        return "\n".join(self.lines()).rstrip()

    def history(self):
        """The screen and all that has left it over its top, as one text."""
        return self._tmux("capture-pane", "-p", "-J", "-S", "-").rstrip()

    def shows(self, text, within=PATIENCE):
        """Waits until the text, or what a function makes of the screen, is there."""
        seen = text if callable(text) else lambda screen: text in screen
        try:
            return eventually(lambda: seen(self.screen()), f"the screen shows {text}", within)
        except AssertionError as failure:
            raise AssertionError(f"{failure}; it shows\n{self.screen()}") from None

    @property
    def full_screen(self):
        """Whether a program has taken the whole screen and not given it back."""
        return self._ask("alternate_on") == "1"

    @property
    def cursor_shown(self):
        return self._ask("cursor_flag") == "1"

    # The end

    @property
    def running(self):
        return not self._result.exists()

    def ends(self, code=0, within=PATIENCE):
        """Waits until the program has ended, with this exit code, and the terminal as it was."""
        eventually(lambda: not self.running, "the program ends", within)
        ended, before, after = self._result.read_text().split()
        assert ended == str(code), f"exit code is {ended}, not {code}:\n{self.screen()}"
        assert after == before, f"it left the terminal in other modes:\n{self.screen()}"
        eventually(lambda: not self.full_screen and self.cursor_shown, "the screen is given back")

    def close(self):
        self._tmux("kill-server")
        shutil.rmtree(self._folder)
