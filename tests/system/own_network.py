"""A network namespace for each test, so that nothing else on the machine can be in its way: no port
is taken, no beacon of another test is heard.

As root every test enters a namespace of its own, and the test after it another one. What a module's
tests share (shared_net and what is made of it) stays in the namespace of the module, and so do the
tests that use it. Without root the whole run gets one, in a user namespace, if the kernel allows
that. Where it does not, the tests run in the network of the machine: the ports they listen at are
then kept from others by reserved_port alone.

A namespace is entered by a thread and inherited by the threads and processes that it starts. It goes
away with the last of them and with the last socket in it.
"""

import contextlib
import ctypes
import fcntl
import os
import socket
import struct

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1
NET = "/proc/thread-self/ns/net"

_libc = ctypes.CDLL(None, use_errno=True)


def _call(function, *arguments):
    if function(*arguments) != 0:
        raise OSError(ctypes.get_errno(), function.__name__)


def _raise_loopback():
    with socket.socket() as any_socket:
        request = bytearray(struct.pack("16sh14x", b"lo", 0))
        fcntl.ioctl(any_socket, SIOCGIFFLAGS, request)
        name, flags = struct.unpack_from("16sh", request)
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", name, flags | IFF_UP))


@contextlib.contextmanager
def own_network():
    """In a new namespace with a loopback and nothing else; yields whether there is one."""
    with open(NET) as before:
        try:
            _call(_libc.unshare, CLONE_NEWNET)
        except OSError:
            yield False
            return
        try:
            _raise_loopback()
            yield True
        finally:
            _call(_libc.setns, before.fileno(), CLONE_NEWNET)


def _leave_the_machines_network():
    user, group = os.geteuid(), os.getegid()
    _call(_libc.unshare, CLONE_NEWUSER | CLONE_NEWNET)
    _raise_loopback()
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(line)


def leave_the_machines_network():
    """For a process with one thread and without root, and all that it starts. It is tried in a child
    first: a kernel may grant the namespaces and then forbid to use them."""
    if (child := os.fork()) == 0:
        try:
            _leave_the_machines_network()
        except OSError:
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        _leave_the_machines_network()


class Ports:
    """Ports that are this test's until close(). Each is bound but not listened at, so the kernel
    gives it to nobody else, and whoever sets SO_REUSEADDR, as p2pd and Python's servers do, can
    still listen there, leave, and come back."""

    def __init__(self):
        self._held = []

    def reserve(self, *hosts):
        """A port that is free at each of these addresses of the loopback."""
        while True:
            held, port = [], 0
            for host in hosts or ("127.0.0.1",):
                held.append(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET))
                held[-1].setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    held[-1].bind((host, port))
                except OSError:
                    break
                port = held[-1].getsockname()[1]
            else:
                self._held += held
                return port
            for each in held:
                each.close()

    def close(self):
        for each in self._held:
            each.close()
