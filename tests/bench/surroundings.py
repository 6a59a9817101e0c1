"""Where and with what the bench was run."""

import datetime
import os
import platform
import re
import subprocess
from pathlib import Path

from inputs import GIB
from meter import memory_info

PACKAGES = (
    "python3-libtorrent",
    "aria2",
    "transmission-daemon",
    "opentracker",
    "nginx-light",
    "curl",
    "rsync",
)


def described(build, folder):
    """Pairs of a word and what it is here, for the head of the table."""
    info = Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*: (.*)", info)
    return {
        "date": datetime.datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %z"),
        "cores": len(os.sched_getaffinity(0)),
        "processor": model[1] if model else platform.machine(),
        "memory": f"{memory_info('MemTotal') / GIB:.0f} GiB",
        "kernel": platform.release(),
        "TCP congestion control": congestion_control(),
        "load at the start": f"{os.getloadavg()[0]:.1f}",
        "files": f"{folder} ({file_system(folder)})",
        "p2pd": version(build),
    } | {package: installed(package) for package in PACKAGES}


def congestion_control():
    """What all connections of this machine get, over loopback as well."""
    return Path("/proc/sys/net/ipv4/tcp_congestion_control").read_text().strip()


def output(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def version(build):
    top = Path(__file__).parent
    commit = output("git", "-C", top, "describe", "--always", "--dirty")
    return f"{output(build / 'daemon' / 'p2pd', '--version')} {commit}".strip()


def installed(package):
    return output("dpkg-query", "-W", "-f=${Version}", package) or "not installed"


def file_system(folder):
    return output("stat", "-f", "-c", "%T", folder)
