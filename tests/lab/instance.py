"""A p2pd on a host of the lab: the package's config and folders, as its unit would start it."""

import json

from node import Daemon, write_secret
from processes import TOP

PACKAGED = (TOP / "conf" / "p2pd.toml").read_text()


def edited(config):
    """The package's config with these keys written below the heads of their sections."""
    text = PACKAGED
    for section, keys in config.items():
        head = f"[{section}]\n"
        assert head in text, f"p2pd.toml has no section {section}"
        lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items())
        text = text.replace(head, head + lines)
    return text


class Instance(Daemon):
    """p2pd.service of the host, or p2pd@NAME.service. Its paths are those that a test opens; given
    to p2pctl as Paths, they become those of the host."""

    def __init__(self, host, name, role, secret, disk, config):
        self.host, self.instance = host, name
        suffix = f"-{name}" if name else ""
        self._state, self._runtime = f"/var/lib/p2pd{suffix}", f"/run/p2pd{suffix}"
        self.config_file = host.path(f"/etc/p2pd/{name or 'p2pd'}.toml")
        self.state = host.path(self._state)
        self.share = host.path("/srv/share")
        self.downloads = self.state / "downloads"
        made = {} if role == "peer" else {"node": {"role": role}}
        if role == "peer":
            made["peer"] = {"share": ["/srv/share"]}
        for section, keys in config.items():
            made[section] = made.get(section, {}) | keys
        called = f"{host.name}{suffix}"
        super().__init__(host.lab.build, called, host.lab.scratch / f"{called}.log", made)
        host.disk(self._state, **disk)
        self.state.chmod(0o700)
        host.path(self._runtime).mkdir(exist_ok=True)
        if secret:
            write_secret(self.state / "network.key", secret)

    @property
    def config_text(self):
        return edited(self.config)

    @property
    def variables(self):
        """As systemd names the unit's folders."""
        return {"STATE_DIRECTORY": self._state, "RUNTIME_DIRECTORY": self._runtime}

    @property
    def command(self):
        return [*self.host.enter, "p2pd", "-c", self.host.inside(self.config_file)]

    @property
    def ctl_command(self):
        which = ["-i", self.instance] if self.instance else []
        return [*self.host.enter, "p2pctl", *which]

    def spawn(self, *args, **popen):
        return super().spawn(*map(self.host.inside, args), **popen)

    @property
    def address(self):
        """Where others on its first subnet reach it."""
        port = self.json("status")["listen"][0].rpartition(":")[2]
        return f"{self.host.address}:{port}"
