"""A whole machine for a test: this one once more, booted by systemd-nspawn from an overlay, with
processes, services, users and a loopback of its own. What it changes is gone with it."""

import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from processes import PATIENCE, eventually
from shell import Shell


PREFIX = "p2pd-machine"
LANDLOCK = ("create_ruleset", "add_rule", "restrict_self")


def why_not():
    """What is missing for one; None where there can be one."""
    if os.getuid() != 0:
        return "a machine of its own takes root"
    return None if shutil.which("systemd-nspawn") else "systemd-nspawn is not there"


class Machine(Shell):
    """Its network is a namespace that is there already, or nothing but a loopback."""

    def __init__(self, name="p2pd-test", network=None):
        self.name, self._network = name, network
        remove_leftovers()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}-{os.getpid()}-"))
        memory = ["-t", "tmpfs", "-o", "mode=0755", "tmpfs"]
        subprocess.run(["mount", *memory, self.folder], check=True)
        self.root = self.folder / "root"
        for part in ("root", "upper", "work"):
            (self.folder / part).mkdir()
        layers = f"lowerdir=/,upperdir={self.folder}/upper,workdir={self.folder}/work"
        subprocess.run(["mount", "-t", "overlay", "-o", layers, "overlay", self.root], check=True)
        # What forbids services on machines that build, and what takes half a minute at an install.
        for unwanted in ("/usr/sbin/policy-rc.d", "/var/lib/man-db/auto-update"):
            self.path(unwanted).unlink(missing_ok=True)
        self.identify(name)
        self._log = (self.folder / "log").open("wb")
        self._container = None

    def boot(self):
        """As far as services can be started; those of this machine that are enabled are not."""
        return self.launch().ready()

    def launch(self):
        """Begins to boot."""
        nspawn = ["setpriv", "--pdeathsig=KILL", "systemd-nspawn", "--quiet", "--register=no"]
        nspawn += ["--keep-unit", f"--machine=p2pd-{os.getpid()}-{self.name}"]
        nspawn += ["--console=read-only", f"--directory={self.root}"]
        inside = f"--network-namespace-path={self._network}"
        nspawn += [inside if self._network else "--private-network"]
        # What it would not know, and forbid.
        nspawn += [f"--system-call-filter=landlock_{call}" for call in LANDLOCK]
        self._container = subprocess.Popen(
            [*nspawn, "--boot", "--", "--unit=basic.target"],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )
        return self

    def ready(self):
        eventually(self._booted, f"{self.name} has booted", within=PATIENCE)
        return self

    def _booted(self):
        assert self._container.poll() is None, f"it does not boot: {self.log()}"
        children = f"/proc/{self._container.pid}/task/{self._container.pid}/children"
        pids = Path(children).read_text().split()
        if not pids:
            return False
        self.enter = ["nsenter", f"--target={pids[0]}", "--all", "--root", "--wd"]
        return self.try_to("systemctl", "is-active", "basic.target").returncode == 0

    def log(self):
        return (self.folder / "log").read_text(errors="replace")

    def close(self):
        if self._container is not None:
            self._container.terminate()  # the machine is switched off
            try:
                self._container.wait(30)
            except subprocess.TimeoutExpired:
                self._container.kill()
                self._container.wait()
        self._log.close()
        remove(self.folder)


def remove(folder):
    for mounted in (folder / "root", folder):
        subprocess.run(["umount", "--lazy", mounted], check=True)
    folder.rmdir()


@functools.cache
def remove_leftovers():
    """Of runs that were killed; their machines are switched off by that."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}-*"):
        process = folder.name.removeprefix(f"{PREFIX}-").partition("-")[0]
        if not Path("/proc", process, "exe").exists():
            remove(folder)
