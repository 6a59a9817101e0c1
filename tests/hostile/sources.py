"""Members that say they have a content, and give it in ways of their own."""

import contextlib
import queue
import socket
import struct
import threading
import time

import msgpack
from member import DONE, FAILED, MOST_PLAINTEXT, PING, PONG, Member, dial, new_identity
from seeder import (
    HAVE_ALL,
    MANIFEST_REQUEST,
    MANIFEST_SIZE,
    PUBLISH,
    REGISTER,
    REQUEST,
    SEGMENT,
    WANT,
    blake2b,
)

CANCEL, REQUEST_FIRST, SENT_CHUNKS = 71, 77, 78
REFUSED, ELSEWHERE = 2, 8
FIRST_COPIES = 2  # of the features
ANOTHER_ADDRESS = "127.0.0.66"
CHUNK = 512 * 1024


class Source:
    """One that has all of a content, by its word; what it does about requests says who derives from
    it. `data` is what it has in truth."""

    features = 0

    def __init__(self, net, content, name, size, data=None, title="source"):
        self.content, self.data, self.title = bytes.fromhex(content), data, title
        self.size = size
        self.secret, self.identity = net.secret, new_identity()
        self.asked = 0  # for chunks and manifests
        self._listener = socket.create_server((ANOTHER_ADDRESS, 0))
        self._tracker = self._greet(Member(dial(net.tracker, ANOTHER_ADDRESS), net.secret, True, self.identity))
        self._tracker.ask(REGISTER)
        answer = self._tracker.ask(PUBLISH, self.content, name.encode(), size, CHUNK, False, True, b"")
        assert answer[0] == DONE, answer
        self._closed, self._connections = False, []
        self._start(self._accept)

    def _start(self, work, *args):
        threading.Thread(target=work, args=args, daemon=True).start()

    def _greet(self, member):
        port = self._listener.getsockname()[1]
        at = [f"{ANOTHER_ADDRESS}:{port}"]
        return member.hello(name=self.title, port=port, addresses=at, features=self.features)

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._connections.append(connection)
            self._start(self._serve, connection)

    def _serve(self, connection):
        with contextlib.suppress(EOFError, OSError, struct.error):
            member = self._greet(Member(connection, self.secret, False, self.identity))
            said = queue.SimpleQueue()
            self._start(self._read, member, said)
            wishes = []  # request, chunk, bytes sent
            while not self._closed:
                while not wishes or not said.empty():
                    self._take(member, wishes, said.get())
                self.give(member, wishes)

    @staticmethod
    def _read(member, said):
        try:
            while True:
                said.put(member._next())
        except (EOFError, OSError, ValueError, struct.error):
            said.put(None)

    def _take(self, member, wishes, message):
        if message is None:
            raise EOFError
        type, *fields = message
        if type == PING:
            member.send((PONG, fields[0]))
        elif type == WANT:
            member.send((HAVE_ALL, fields[1]))
        elif type == MANIFEST_REQUEST:
            self.asked += 1
            self.manifest(member, fields[0])
        elif type == REQUEST:
            self.asked += 1
            wishes.append([fields[0], fields[2], 0])
        elif type == CANCEL:
            self.cancel(member, wishes, fields[0])

    def manifest(self, member, request):
        """Ignored."""

    def give(self, member, wishes):
        """Something of what is asked for; and waits a moment."""
        time.sleep(0.1)

    def cancel(self, member, wishes, request):
        """Not even that is answered."""

    @staticmethod
    def segment(member, request, offset, data):
        member.send((SEGMENT, request, offset, len(data)))
        for at in range(0, len(data), MOST_PLAINTEXT):
            member.send_plaintext(data[at : at + MOST_PLAINTEXT])

    def close(self):
        self._closed = True
        self._listener.close()
        for connection in self._connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._tracker.close()


class Mute(Source):
    """It says that it has all, and nothing from then on."""


class Refusing(Source):
    """Others were sent whatever it is asked for, it says."""

    features = FIRST_COPIES

    def _take(self, member, wishes, message):
        if message is not None and message[0] in (REQUEST, REQUEST_FIRST):
            self.asked += 1
            member.send((FAILED, message[1], ELSEWHERE, "others were sent it"))
        else:
            super()._take(member, wishes, message)


class Boasting(Refusing):
    """It has sent all of it to others, it says as well."""

    def _take(self, member, wishes, message):
        if message is not None and message[0] == REQUEST_FIRST:
            chunks = self.size // CHUNK
            member.send((SENT_CHUNKS, self.content, b"\xff" * (chunks // 8)))
        super()._take(member, wishes, message)


class Announcing(Source):
    """60 MB of a manifest, and no byte of it."""

    def manifest(self, member, request):
        member.send((MANIFEST_SIZE, request, 60 << 20))


class DrippingManifest(Announcing):
    """A byte of it now and then."""

    def manifest(self, member, request):
        super().manifest(member, request)
        self._start(self._drip, member, request)

    def _drip(self, member, request):
        with contextlib.suppress(OSError):
            for offset in range(1 << 20):
                self.segment(member, request, offset, b"x")
                time.sleep(1)


class Trickling(Source):
    """A byte a second of each chunk that it is asked for."""

    def give(self, member, wishes):
        for wish in wishes:
            self.segment(member, wish[0], wish[2], b"x")
            wish[2] += 1
        time.sleep(1)


class TricklingInTurn(Trickling):
    """A byte a second of the first of them, while the others wait."""

    def give(self, member, wishes):
        super().give(member, wishes[:1])


class Hoarding(Trickling):
    """A content of its own that nobody has in truth: its manifest comes at once, a byte a second of
    each chunk."""

    def __init__(self, net, name, size, **more):
        hashes = bytes(32) * (size // CHUNK)
        self._manifest = msgpack.packb([1, size, CHUNK, [], hashes])
        super().__init__(net, blake2b(b"p2pd.manifest", self._manifest).hex(), name, size, **more)

    def manifest(self, member, request):
        member.send((MANIFEST_SIZE, request, len(self._manifest)))
        self.segment(member, request, 0, self._manifest)


class Slow(Source):
    """An honest one behind a slow line, with so much in its buffers that it confirms late that it
    was cancelled."""

    rate = 40_000
    buffered = 100_000

    def give(self, member, wishes):
        wish = wishes[0]
        request, chunk, sent, *left = wish
        if left and left[0] <= 0:
            wishes.pop(0)
            return member.send((FAILED, request, REFUSED, "cancelled"))
        piece = self.data[chunk * CHUNK : (chunk + 1) * CHUNK][sent : sent + self.rate // 5]
        self.segment(member, request, sent, piece)
        wish[2] += len(piece)
        if left:
            wish[3] -= len(piece)
        if chunk * CHUNK + wish[2] >= min(len(self.data), (chunk + 1) * CHUNK):
            wishes.pop(0)
        time.sleep(0.2)

    def cancel(self, member, wishes, request):
        for wish in wishes:
            if wish[0] == request and len(wish) == 3:
                wish.append(self.buffered if wish is wishes[0] else 0)


@contextlib.contextmanager
def sources(kind, count, net, content, name, size, **more):
    made = []
    try:
        for number in range(count):
            made.append(kind(net, content, name, size, title=f"{kind.__name__.lower()}-{number}", **more))
        yield made
    finally:
        for source in made:
            source.close()
