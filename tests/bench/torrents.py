"""Torrents (BEP 3) for the rivals that speak BitTorrent: the same pieces for all of them."""

import hashlib
import os

PIECES = 2048  # how many libtorrent's create_torrent aims at, with pieces of 16 KiB at least
SMALLEST = 16 * 1024


def bencoded(value):
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, bytes):
        return b"%d:%s" % (len(value), value)
    if isinstance(value, list):
        return b"l%se" % b"".join(map(bencoded, value))
    pairs = (bencoded(key) + bencoded(value[key]) for key in sorted(value))
    return b"d%se" % b"".join(pairs)


def files_of(content):
    """In the order of their paths; a file is the only one of itself."""
    if content.is_file():
        return [content]
    return sorted(path for path in content.rglob("*") if path.is_file())


def total_size(content):
    return sum(path.stat().st_size for path in files_of(content))


def piece_length(size):
    length = SMALLEST
    while length * PIECES < size:
        length *= 2
    return length


def pieces(files, length):
    """The SHA-1 of each piece of the files one behind the other."""
    hashes, left = [], b""
    for path in files:
        with path.open("rb") as file:
            while block := file.read(length - len(left)):
                left += block
                if len(left) == length:
                    hashes.append(hashlib.sha1(left).digest())
                    left = b""
    return b"".join(hashes) + (hashlib.sha1(left).digest() if left else b"")


class Torrent:
    """A content's, in a file that names its tracker."""

    def __init__(self, content, tracker, path):
        files, length = files_of(content), piece_length(total_size(content))
        info = {b"name": content.name.encode(), b"piece length": length}
        info[b"pieces"] = pieces(files, length)
        if content.is_file():
            info[b"length"] = content.stat().st_size
        else:
            info[b"files"] = [
                {b"length": file.stat().st_size, b"path": self._words(file, content)}
                for file in files
            ]
        self.info_hash = hashlib.sha1(bencoded(info)).digest()
        self.path = path
        path.write_bytes(bencoded({b"announce": tracker.encode(), b"info": info}))

    @staticmethod
    def _words(file, content):
        return [os.fsencode(word) for word in file.relative_to(content).parts]
