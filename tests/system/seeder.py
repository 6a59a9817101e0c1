"""A member that offers contents of its own making, as no p2pd would make them."""

import hashlib
import socket
import threading

import msgpack
from member import DONE, MOST_PLAINTEXT, Member, dial, new_identity

REGISTER, PUBLISH = 16, 19
WANT, HAVE_ALL, REQUEST, SEGMENT, MANIFEST_REQUEST, MANIFEST_SIZE = 64, 67, 70, 72, 73, 74
FILE, EXECUTABLE, FOLDER, SYMLINK = range(4)
CHUNK = 16384
EVIL = b"evil" * 10


def blake2b(person, data):
    return hashlib.blake2b(data, digest_size=32, person=person).digest()


def manifest(entries, **odd):
    """The manifest of a tree whose files all hold EVIL; `odd` are fields that are not to fit."""
    data = EVIL * sum(kind in (FILE, EXECUTABLE) for kind, *_ in entries)
    hashes = blake2b(b"p2pd.chunk", blake2b(b"p2pd.leaf", data)) if data else b""
    fields = {"size": len(data), "chunk_size": CHUNK, "hashes": hashes} | odd
    return msgpack.packb([1, fields["size"], fields["chunk_size"], entries, fields["hashes"]])


def file(path, size=len(EVIL)):
    return [FILE, path, size, 0, b""]


def folder(path):
    return [FOLDER, path, 0, 0, b""]


def link(path, target):
    return [SYMLINK, path, 0, 0, target]


class Seeder:
    """A member that offers what it was told, and sends it to whoever asks."""

    def __init__(self, net):
        self.secret, self.identity = net.secret, new_identity()
        self.offers = {}  # content id: the manifest that is sent for it
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.tracker = self.greet(Member(dial(net.tracker), net.secret, True, self.identity))
        self.tracker.ask(REGISTER)
        threading.Thread(target=self.accept, daemon=True).start()

    def greet(self, member):
        port = self.listener.getsockname()[1]
        return member.hello(name="seeder", port=port, addresses=[f"127.0.0.1:{port}"])

    def offer(self, name, manifest, content=None):
        """Publishes it, by default as what its hash says; returns the content's id."""
        content = content or blake2b(b"p2pd.manifest", manifest)
        self.offers[content] = manifest
        answer = self.tracker.ask(PUBLISH, content, name, len(EVIL), CHUNK, True, True, b"")
        assert answer[0] == DONE
        return content.hex()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return  # the test is over
            threading.Thread(target=self.serve, args=[connection], daemon=True).start()

    def serve(self, connection):
        member = self.greet(Member(connection, self.secret, False, self.identity))
        try:
            while True:
                type, *fields = member.read()
                if type == WANT:
                    member.send((HAVE_ALL, fields[1]))
                elif type == MANIFEST_REQUEST:
                    data = self.offers[fields[1]]
                    member.send((MANIFEST_SIZE, fields[0], len(data)))
                    self.send(member, fields[0], data)
                elif type == REQUEST:
                    self.send(member, fields[0], EVIL)
        except (EOFError, OSError):
            pass  # the other side has gone

    def send(self, member, request, data):
        for at in range(0, len(data), MOST_PLAINTEXT):
            part = data[at : at + MOST_PLAINTEXT]
            member.send((SEGMENT, request, at, len(part)))
            member.send_plaintext(part)

    def close(self):
        self.listener.close()
        self.tracker.close()
