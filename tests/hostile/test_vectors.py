"""The member of these tests is held to vectors that others have published before it is believed."""

import json

import pytest
from dissononce.dh.x25519.private import PrivateKey
from dissononce.dh.x25519.x25519 import X25519DH
from member import PROTOCOL, handshake
from processes import TOP

VECTORS = [
    vector
    for vector in json.loads((TOP / "tests" / "vectors" / "noise.json").read_text())["flynn_vectors"]
    if vector["handshake"] == PROTOCOL
]


def raw(vector, key):
    return bytes.fromhex(vector.get(key, ""))


def pair(vector, key):
    return X25519DH().generate_keypair(PrivateKey(raw(vector, key)))


def side(vector, who, initiator, monkeypatch):
    state = handshake(
        raw(vector, "preshared_key").hex(),
        initiator,
        pair(vector, f"{who}_static"),
        raw(vector, "prologue"),
    )
    drawn = X25519DH()
    ephemeral = pair(vector, f"gen_{who}_ephemeral")
    monkeypatch.setattr(drawn, "generate_keypair", lambda: ephemeral)
    monkeypatch.setattr(state, "_dh", drawn)
    return state


@pytest.mark.parametrize("vector", VECTORS, ids=range(len(VECTORS)))
def test_the_handshake_is_that_of_others(vector, monkeypatch):
    sides = [side(vector, "init", True, monkeypatch), side(vector, "resp", False, monkeypatch)]
    for number in range(3):
        message, payload = bytearray(), bytearray()
        said = raw(vector, f"msg_{number}_payload")
        written = sides[number % 2].write_message(said, message)
        assert message == raw(vector, f"msg_{number}_ciphertext")
        read = sides[1 - number % 2].read_message(bytes(message), payload)
        assert payload == said
    for number, cipher in ((3, written[0]), (4, written[1])):
        sealed = cipher.encrypt_with_ad(b"", raw(vector, f"msg_{number}_payload"))
        assert sealed == raw(vector, f"msg_{number}_ciphertext")
    assert [cipher._key for cipher in read] == [cipher._key for cipher in written]
