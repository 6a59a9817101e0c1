"""A host of the lab: a place with files and a name of its own, where p2pd is installed."""

import subprocess
import sys
from pathlib import Path

from instance import Instance
from place import Place
from shell import Shell

NO_IPV6 = Path(__file__).parent / "no_ipv6.py"

# One tmpfs, /mnt, holds what the host changes. /etc, /usr/local and /var/lib are the machine's with
# its own on top; /run and /srv are empty at first. It ends when its standard input does.
MAKE = """
echo "$1" >/proc/sys/kernel/hostname
mount -t tmpfs tmpfs /mnt
cd /mnt
mkdir -p etc/upper etc/work usr/local/upper usr/local/work var/lib/upper var/lib/work
for folder in /etc /usr/local /var/lib; do
  layers="lowerdir=$folder,upperdir=/mnt$folder/upper,workdir=/mnt$folder/work"
  mount -t overlay -o "$layers" overlay "$folder"
done
mount -t tmpfs -o mode=0755 tmpfs /run
mount -t tmpfs -o mode=0755 tmpfs /srv
mount -t sysfs sysfs /sys
rm -rf /etc/p2pd /var/lib/p2pd /etc/resolv.conf
mkdir -p /etc/p2pd /srv/share /usr/local/bin
ln -sf "$2" "$3" /usr/local/bin
echo made
exec cat >/dev/null
"""


class Host(Place, Shell):
    """A test reads and writes its files below `root`; `inside` gives the host's names of them."""

    def __init__(self, lab, name, ipv6=True, forwards=False):
        super().__init__(name, ipv6, forwards)
        self.lab = lab
        self._keeper = subprocess.Popen(
            ["nsenter", f"--net=/run/netns/{self.namespace}"]
            + ["unshare", "--mount", "--uts", "--propagation=private", "sh", "-ec", MAKE, "sh"]
            + [name, lab.build.p2pd, lab.build.p2pctl],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        if self._keeper.stdout.readline() != "made\n":
            raise OSError(f"no host {name}: {self._keeper.communicate()[1]}")
        self.root = Path(f"/proc/{self._keeper.pid}/root")
        self.identify(name)
        self.write("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n")
        self.write("/etc/resolv.conf", "")

    def close(self):
        """Once its processes are gone; the network namespace is the lab's to remove."""
        self._keeper.communicate()

    @property
    def enter(self):
        """What starts a command there, as the process that was asked for."""
        there = ["nsenter", f"--target={self._keeper.pid}", "--net", "--mount", "--uts", "--"]
        return there if self.has_ipv6 else [*there, sys.executable, NO_IPV6]

    def disk(self, folder, size="1G", ext4=False):
        """Mounts a file system of its own on this folder: a tmpfs, or ext4 on a loop device."""
        self.run("mkdir", "-p", folder)
        if not ext4:
            self.run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder)
            return
        image = f"/mnt/{str(folder).strip('/').replace('/', '-')}.img"
        self.run("truncate", "-s", size, image)
        self.run("mkfs.ext4", "-q", "-E", "root_owner=0:0", image)
        self.run("mount", "-o", "loop", image, folder)

    # Its nodes

    def node(self, name=None, role="peer", secret=None, disk=None, **config):
        """p2pd with the package's config but for the keys that are given, not started: the one of
        p2pd.service, or the instance of that name."""
        secret = self.lab.secret if secret is None else secret
        made = Instance(self, name, role, secret, disk or {}, config)
        self.lab.nodes.append(made)
        return made

    def newcomer(self, name=None, **more):
        """The same without the network's secret."""
        return self.node(name, secret="", **more)
