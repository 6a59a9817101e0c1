"""A name server of the test's own, which may answer late, never, or differently over time."""

import ipaddress
import selectors
import socket
import struct
import threading
import time

ADDRESS = "127.0.0.53"  # on each host that it serves, so no route is needed
A, AAAA, INET = 1, 28, 1
ANSWER, NO_NAME, FAILS = 0x8180, 0x8183, 0x8182  # flags of a reply


def question(query):
    """The name in lower case, its type, and where in the query it ends."""
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode("ascii", "replace").lower())
        at += 1 + query[at]
    return ".".join(labels), int.from_bytes(query[at + 1 : at + 3], "big"), at + 5


def reply(query, addresses, ttl, flags):
    """With those addresses that are of the type that was asked for."""
    _, kind, end = question(query)
    wanted = {A: 4, AAAA: 6}.get(kind)
    of_kind = [address.packed for address in addresses if address.version == wanted]
    head = query[:2] + struct.pack(">5H", flags, 1, len(of_kind), 0, 0)
    record = struct.pack(">HHHI", 0xC00C, kind, INET, ttl)  # the name is that of the question
    answers = (record + len(packed).to_bytes(2, "big") + packed for packed in of_kind)
    return head + query[12:end] + b"".join(answers)


class NameServer:
    """`names` is {name: address, list of addresses, or a function that returns either}; it may be
    changed at any time, as may the modes. `asked` holds the names of all queries so far."""

    def __init__(self, names):
        self.names = dict(names)
        self.ttl = 0
        self.asked = []
        self._delay, self._fails = 0.0, False
        self._waiting = []  # (when, socket, reply, client)
        self._looks = selectors.DefaultSelector()
        self._wake, self._woken = socket.socketpair()
        self._looks.register(self._woken, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def serve(self, host, search=()):
        """Listens on this host, whose resolv.conf names it and these search domains."""
        self._looks.register(host.open(listener), selectors.EVENT_READ)
        self._wake.send(b".")
        search = f"search {' '.join(search)}\n" if search else ""
        host.write("/etc/resolv.conf", f"{search}nameserver {ADDRESS}\n")

    def late(self, seconds):
        """Answers so late, from now on."""
        self._delay = seconds

    def never(self):
        """Takes queries and says nothing."""
        self._delay = None

    def fails(self):
        """Answers that it cannot tell."""
        self._delay, self._fails = 0.0, True

    def at_once(self):
        """As at the beginning."""
        self._delay, self._fails = 0.0, False

    def close(self):
        self._wake.close()
        self._thread.join()
        for key in list(self._looks.get_map().values()):
            key.fileobj.close()
        self._looks.close()

    def _run(self):
        while True:
            soonest = min((when for when, *_ in self._waiting), default=None)
            pause = None if soonest is None else max(0, soonest - time.monotonic())
            for key, _ in self._looks.select(pause):
                if key.fileobj is not self._woken:
                    self._take(key.fileobj)
                elif not self._woken.recv(100):  # closed
                    return
            now = time.monotonic()
            for when, server, answer, client in self._waiting:
                if when <= now:
                    server.sendto(answer, client)
            self._waiting = [waits for waits in self._waiting if waits[0] > now]

    def _take(self, server):
        query, client = server.recvfrom(2048)
        name, kind, _ = question(query)
        self.asked.append(name)
        if self._delay is None:
            return
        answer = self._answer(query, name)
        self._waiting.append((time.monotonic() + self._delay, server, answer, client))

    def _answer(self, query, name):
        if self._fails:
            return reply(query, [], 0, FAILS)
        if name not in self.names:
            return reply(query, [], 0, NO_NAME)
        known = self.names[name]
        found = known() if callable(known) else known
        listed = [found] if isinstance(found, str) else found
        addresses = [ipaddress.ip_address(address) for address in listed]
        return reply(query, addresses, self.ttl, ANSWER)


def listener():
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((ADDRESS, 53))
    return server
