"""no_ipv6.py COMMAND...: runs it as on a kernel without IPv6, which has no such sockets."""

import ctypes
import errno
import os
import platform
import socket
import struct
import sys

# seccomp(2), linux/filter.h: one instruction is code, jumps if true and if false, operand.
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, ERROR = 0x7FFF0000, 0x00050000
NUMBER, FIRST_ARGUMENT = 0, 16  # where they are in seccomp_data
NO_NEW_PRIVILEGES, SECCOMP, FILTER = 38, 22, 2  # prctl(2)
SOCKET = {"x86_64": 41, "aarch64": 198}[platform.machine()]

PROGRAM = [
    (LOAD, 0, 0, NUMBER),
    (EQUAL, 0, 3, SOCKET),
    (LOAD, 0, 0, FIRST_ARGUMENT),
    (EQUAL, 0, 1, socket.AF_INET6),
    (RETURN, 0, 0, ERROR | errno.EAFNOSUPPORT),
    (RETURN, 0, 0, ALLOW),
]


def forbid():
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in PROGRAM))
    program = struct.pack("HxxxxxxP", len(PROGRAM), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    for call in ((NO_NEW_PRIVILEGES, 1, 0, 0, 0), (SECCOMP, FILTER, program)):
        if libc.prctl(*call) != 0:
            raise OSError(ctypes.get_errno(), "prctl")


forbid()
os.execvp(sys.argv[1], sys.argv[1:])
