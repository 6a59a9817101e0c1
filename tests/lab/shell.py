"""Files of another host, and commands that run on it."""

import secrets
import subprocess
from pathlib import Path


class Shell:
    """Of a host whose root folder the test sees as `root`, and where `enter`, put before a command,
    starts it."""

    root, enter = Path("/"), ()

    def path(self, inside):
        """The name that a file of it has for the test."""
        return self.root / str(inside).lstrip("/")

    def inside(self, word):
        """For a command on the host: a path that the test uses becomes the host's own."""
        if isinstance(word, Path) and word.is_relative_to(self.root):
            return Path("/") / word.relative_to(self.root)
        return word

    def write(self, inside, text, mode=0o644):
        path = self.path(inside)
        assert not path.is_symlink(), "it may lead to a file of this machine"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode)
        path.write_text(text)

    def identify(self, name):
        """Gives it files that tell it from other hosts."""
        self.write("/etc/hostname", f"{name}\n")
        self.write("/etc/hosts", f"127.0.0.1 localhost\n127.0.1.1 {name}\n::1 localhost\n")
        self.write("/etc/machine-id", f"{secrets.token_hex(16)}\n")

    def try_to(self, *command, **options):
        if "input" not in options:
            options = {"stdin": subprocess.DEVNULL} | options
        return subprocess.run(
            [*self.enter, *(str(self.inside(word)) for word in command)],
            **{"capture_output": True, "text": True, "timeout": 180} | options,
        )

    def run(self, *command, **options):
        done = self.try_to(*command, **options)
        assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout
