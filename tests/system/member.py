"""A member of the network that is not p2pd: it does what p2p-protocol(7) says, with the Noise of
python3-dissononce and the MessagePack of python3-msgpack."""

import base64
import itertools
import secrets
import socket
import struct
import time

import msgpack
from dissononce.cipher.aesgcm import AESGCMCipher
from dissononce.extras.meta.protocol.factory import NoiseProtocolFactory
from dissononce.processing.impl.cipherstate import CipherState
from processes import PATIENCE

PROTOCOL = "Noise_XXpsk0_25519_ChaChaPoly_BLAKE2b"
PROLOGUE = b"p2pd/1"
HELLO, PING, PONG, GOODBYE, DONE, FAILED = range(1, 7)
PEER, TRACKER = 0, 1
MOST_PLAINTEXT = 65_519  # of a record
WANTS_AES, TAKES_AES = b"\x02", b"\x01"  # payloads of message 1 and 2

_noise = NoiseProtocolFactory().get_noise_protocol(PROTOCOL)


def new_identity():
    return _noise.dh.generate_keypair()


def base32(key):
    return base64.b32encode(key).decode().rstrip("=").lower()


def dial(node, source=""):
    """A connection to a node's port, from any address of this machine."""
    host, _, port = node.address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE, source_address=(source, 0))


def closed_in_silence(client):
    """Whether the other side closes without having said a byte; a reset is a close as well."""
    try:
        return client.recv(1) == b""
    except ConnectionResetError:
        return True


def handshake(secret, initiator, identity=None, prologue=PROLOGUE):
    state = _noise.create_handshakestate()
    state.initialize(
        _noise.pattern,
        initiator,
        prologue,
        s=identity or new_identity(),
        psks=(bytes.fromhex(secret),),
    )
    return state


def first_message(secret, **how):
    """A record with message 1 of a new handshake."""
    message = bytearray()
    handshake(secret, True, **how).write_message(b"", message)
    return struct.pack(">H", len(message)) + message


def by_aes(cipher):
    """AES-256-GCM with the key of a cipher of the handshake."""
    aes = CipherState(AESGCMCipher())
    aes.initialize_key(cipher._key)
    return aes


class Member:
    """One link to a p2pd, through its handshake; hello() makes it ready."""

    def __init__(self, connection, secret, initiator=True, identity=None, aes=False):
        self.connection = connection
        self.records = 0  # that came since the handshake
        self._stream = connection.makefile("rb")
        self._plaintext = b""
        self._requests = itertools.count(10_000)  # which is no other field's value, nor a bool
        self.identity = identity or new_identity()
        self.id = base32(self.identity.public.data)
        state = handshake(secret, initiator, self.identity)
        ciphers = None
        said = [WANTS_AES, TAKES_AES, b""] if aes else [b""] * 3
        self.told = []  # the payloads that came
        for number in range(3):
            if (number % 2 == 0) == initiator:
                message = bytearray()
                ciphers = state.write_message(said[number], message)
                self._write(message)
            else:
                payload = bytearray()
                ciphers = state.read_message(self._read(), payload)
                self.told.append(bytes(payload))
        if aes:
            assert self.told[0] == (TAKES_AES if initiator else WANTS_AES)
            ciphers = [by_aes(cipher) for cipher in ciphers]
        self.remote = state.rs.data  # its id, as it is in messages
        self.remote_id = base32(self.remote)
        self._seal, self._open = ciphers if initiator else reversed(ciphers)

    def _write(self, record):
        self.connection.sendall(struct.pack(">H", len(record)) + record)

    def _read(self):
        header = self._stream.read(2)
        if not header:
            raise EOFError("the node has closed the connection")
        return self._stream.read(struct.unpack(">H", header)[0])

    def send_plaintext(self, plaintext):
        self._write(self._seal.encrypt_with_ad(b"", plaintext))

    def read_plaintext(self):
        """The plaintext of the next record."""
        plaintext = self._open.decrypt_with_ad(b"", self._read())
        self.records += 1
        return plaintext

    def send(self, *messages):
        """All in as few records as hold them."""
        frames = (msgpack.packb(list(message)) for message in messages)
        stream = b"".join(struct.pack(">I", len(frame)) + frame for frame in frames)
        for at in range(0, len(stream), MOST_PLAINTEXT):
            self.send_plaintext(stream[at : at + MOST_PLAINTEXT])

    def read(self):
        """The next message, as a list; pings are answered on the way."""
        while True:
            message = self._next()
            if message[0] == PING:
                self.send((PONG, message[1]))
            else:
                return message

    def _next(self):
        while len(self._plaintext) < 4 or len(self._plaintext) < 4 + self._length():
            self._plaintext += self.read_plaintext()
        end = 4 + self._length()
        frame, self._plaintext = self._plaintext[4:end], self._plaintext[end:]
        return msgpack.unpackb(frame)

    def _length(self):
        return struct.unpack(">I", self._plaintext[:4])[0]

    def hello(self, role=PEER, name="member", port=0, addresses=(), features=0):
        instance = secrets.randbits(64)
        self.send((HELLO, 1, features, role, name, "", "member/1", port, list(addresses), instance))
        self.their_hello = self.read()
        assert self.their_hello[0] == HELLO
        return self

    def ask(self, type, *fields):
        """Sends a request, and reads up to its answer."""
        request = next(self._requests)
        self.send((type, request, *fields))
        return self.read_until(lambda message: message[1] == request)

    def read_until(self, fits):
        while not fits(message := self.read()):
            pass
        return message

    def closed_within(self, seconds):
        """Whether the node closes the link that fast, whatever it says before."""
        self.connection.settimeout(seconds)
        deadline = time.monotonic() + seconds
        try:
            while time.monotonic() < deadline:
                self.read()
        except (EOFError, ConnectionResetError):
            return True
        except TimeoutError:
            pass
        return False

    def close(self):
        self._stream.close()
        self.connection.close()
