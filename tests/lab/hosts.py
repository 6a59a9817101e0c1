"""A host of the lab: a network, mount and UTS namespace, in which p2pd and p2pctl are installed."""

import secrets
import subprocess
from pathlib import Path

from instance import Instance
from wires import ip, namespace, nft, open_in, run

# One tmpfs, /mnt, holds what the host changes. /etc, /usr/local and /var/lib are the machine's with
# its own on top; /run and /srv are empty at first. It ends when its standard input does.
MAKE = """
hostname "$1"
mount -t tmpfs tmpfs /mnt
for folder in /etc /usr/local /var/lib; do
  mkdir -p "/mnt$folder/upper" "/mnt$folder/work"
  layers="lowerdir=$folder,upperdir=/mnt$folder/upper,workdir=/mnt$folder/work"
  mount -t overlay -o "$layers" overlay "$folder"
done
mount -t tmpfs -o mode=0755 tmpfs /run
mount -t tmpfs -o mode=0755 tmpfs /srv
mount -t sysfs sysfs /sys
rm -rf /etc/p2pd /var/lib/p2pd
rm -f /etc/resolv.conf
mkdir -p /etc/p2pd /srv/share /usr/local/bin /usr/local/sbin
ln -sf "$2" /usr/local/sbin/p2pd
ln -sf "$3" /usr/local/bin/p2pctl
cd /proc/sys/net
echo 0 >ipv6/conf/default/accept_dad
echo "$4" >ipv6/conf/all/disable_ipv6
echo "$4" >ipv6/conf/default/disable_ipv6
echo "$5" >ipv4/ip_forward
echo "$5" >ipv6/conf/all/forwarding
cd /
echo made
exec cat >/dev/null
"""

RULES = """table inet lab {
  chain input { type filter hook input priority filter; }
  chain output { type filter hook output priority filter; }
  chain forward { type filter hook forward priority filter; }
}
"""


class Host:
    """A test reads and writes its files below `root`; `inside` gives the host's names of them."""

    def __init__(self, lab, name, ipv6=True, forwards=False):
        self.lab, self.name, self.has_ipv6 = lab, name, ipv6
        self.namespace = namespace(name)
        self.nodes, self.legs = [], []
        self._filters = False
        run("ip", "netns", "add", self.namespace)
        ip(self.namespace, "link set lo up")
        flags = [str(int(flag)) for flag in (not ipv6, forwards)]
        self._keeper = subprocess.Popen(
            ["nsenter", f"--net=/run/netns/{self.namespace}"]
            + ["unshare", "--mount", "--uts", "--propagation=private", "sh", "-ec", MAKE, "sh"]
            + [name, lab.build.p2pd, lab.build.p2pctl, *flags],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        if self._keeper.stdout.readline() != "made\n":
            raise OSError(f"no host {name}: {self._keeper.communicate()[1]}")
        self.root = Path(f"/proc/{self._keeper.pid}/root")
        self.write("/etc/hostname", f"{name}\n")
        self.write("/etc/hosts", f"127.0.0.1 localhost\n127.0.1.1 {name}\n::1 localhost\n")
        self.write("/etc/machine-id", secrets.token_hex(16) + "\n")
        self.write("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n")
        self.write("/etc/resolv.conf", "")

    def close(self):
        """Once its processes are gone; the network namespace is the lab's to remove."""
        self._keeper.communicate()

    # Its files and its commands

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
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode)
        path.write_text(text)

    @property
    def enter(self):
        """What starts a command there, as the process that was asked for."""
        return ["nsenter", f"--target={self._keeper.pid}", "--net", "--mount", "--uts", "--"]

    def try_to(self, *command, **options):
        return subprocess.run(
            [*self.enter, *(str(self.inside(word)) for word in command)],
            **{"capture_output": True, "text": True, "timeout": 60}
            | options,
        )

    def run(self, *command, **options):
        done = self.try_to(*command, **options)
        assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def open(self, make):
        """What make() returns in its network, such as a socket."""
        return open_in(self.namespace, make)

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

    # Its network

    def attach(self, subnet):
        self.legs.append(subnet.attach(self, f"eth{len(self.legs)}"))
        return self

    @property
    def v4(self):
        return str(self.legs[0].v4.ip)

    @property
    def v6(self):
        return str(self.legs[0].v6.ip)

    @property
    def address(self):
        """The first that it has, as one writes it before a port."""
        return self.v4 if self.legs[0].v4 else f"[{self.v6}]"

    @property
    def link_local(self):
        """Of its first device, without a zone."""
        lines = self.run("ip", "-6", "-o", "address", "show", "dev", "eth0", "scope", "link")
        return lines.split()[3].partition("/")[0]

    def address_add(self, address, device="eth0"):
        """With its prefix length, as "10.1.0.77/24"."""
        nodad = " nodad" if ":" in address else ""
        ip(self.namespace, f"address add {address} dev {device}{nodad}")

    def address_del(self, address, device="eth0"):
        ip(self.namespace, f"address del {address} dev {device}")

    def link(self, state, device="eth0"):
        """"up" or "down". Down, a device loses its IPv6 addresses and its routes."""
        ip(self.namespace, f"link set {device} {state}")

    def shape(self, mbit, device="eth0"):
        """So fast, headers included, is what it sends. Pieces of 16 KiB, not 64, leave its TCP, so
        that a few of them fit into the queue of a slow link and none is dropped."""
        ip(self.namespace, f"link set {device} gso_max_size 16384")
        where = ("-n", self.namespace, "qdisc", "replace", "dev", device, "root")
        run("tc", *where, "tbf", "rate", f"{mbit}mbit", "burst", "32kb", "latency", "100ms")

    def drop(self, what, at="input"):
        """Drops, without a word to the sender, what this nft expression matches: at "input",
        "output" or, on a router, "forward"."""
        if not self._filters:
            nft(self.namespace, RULES)
            self._filters = True
        nft(self.namespace, f"add rule inet lab {at} {what} drop\n")

    def pass_all(self):
        """Forgets what was to be dropped."""
        if self._filters:
            nft(self.namespace, "flush table inet lab\n")

    # Its nodes

    def node(self, name=None, role="peer", secret=None, disk=None, **config):
        """p2pd with the package's config but for the keys that are given, not started: the one of
        p2pd.service, or the instance of that name."""
        secret = self.lab.secret if secret is None else secret
        made = Instance(self, name, role, secret, disk or {}, config)
        self.nodes.append(made)
        self.lab.nodes.append(made)
        return made

    def newcomer(self, name=None, **more):
        """The same without the network's secret."""
        return self.node(name, secret="", **more)
